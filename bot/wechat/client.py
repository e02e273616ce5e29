"""Calls to the official-account API, each with the shared token, each with a limit on its time.

Nothing is repeated here but once after a refused token; what may be repeated later is the outbox's to decide
(``ApiRefused.policy``, ``ApiAway.sent``). Every call raises ``ApiRefused``, ``ApiAway`` or
``TokenUnavailable``, none of which holds a secret.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any, Literal, TypeVar

import aiohttp

from bot.wechat import oauth
from bot.wechat.errors import ApiAway, ApiRefused, ErrorClass, MediaRefused
from bot.wechat.jsapi import Ticket
from bot.wechat.media import Media, fetch_public, holds_json, is_loopback
from bot.wechat.render import legible
from bot.wechat.token import TokenManager
from bot.wechat.transport import MEDIA, Transport, answer_of

T = TypeVar("T")
#: Template data as :mod:`bot.wechat.notices` fills it: ``{"thing1": {"value": "…"}}``.
Data = Mapping[str, Mapping[str, str]]


class WeChatClient:
    """One official account's API. ``session`` is the process's, closed by whoever opened it."""

    def __init__(
        self, api_url: str, app_id: str, secret: str, session: aiohttp.ClientSession, tokens: TokenManager
    ) -> None:
        self._transport = Transport(api_url, session)
        self._app_id = app_id
        self._secret = secret
        self._tokens = tokens

    def __repr__(self) -> str:
        return f"WeChatClient({self._transport.api_url!r})"

    async def send_text(self, openid: str, text: str) -> None:
        """A customer-service message, inside the citizen's allowance; ``text`` of ``render.plain_text``."""
        body = {"touser": openid, "msgtype": "text", "text": {"content": legible(text)}}
        await self._post("/cgi-bin/message/custom/send", body)

    async def send_subscribe(self, openid: str, template_id: str, page: str, data: Data) -> str:
        """A subscription notice (订阅通知); ``page`` is a URL or empty. Returns the msgid, or empty."""
        body: dict[str, object] = {"touser": openid, "template_id": template_id, "data": data}
        if page:
            body["page"] = page
        return str((await self._post("/cgi-bin/message/subscribe/bizsend", body)).get("msgid", ""))

    async def send_template(
        self, openid: str, template_id: str, url: str, data: Data, client_msg_id: str
    ) -> str:
        """A template message; the same ``client_msg_id`` is delivered once within ten minutes. Its msgid."""
        body: dict[str, object] = {"touser": openid, "template_id": template_id, "data": data}
        body["client_msg_id"] = client_msg_id
        if url:
            body["url"] = url
        return str((await self._post("/cgi-bin/message/template/send", body)).get("msgid", ""))

    async def typing(self, openid: str, command: Literal["Typing", "CancelTyping"] = "Typing") -> None:
        """Show or hide 对方正在输入; the platform refuses it without a message in the last 30 seconds."""
        await self._post("/cgi-bin/message/custom/typing", {"touser": openid, "command": command})

    async def create_menu(self, menu: Mapping[str, object]) -> None:
        """Put the account's menu in place (1,000 a day)."""
        await self._post("/cgi-bin/menu/create", menu)

    async def callback_ips(self) -> tuple[str, ...]:
        """The addresses from which callbacks come; worth asking once a day."""
        answer = await self._with_token(lambda token: self._transport.get("/cgi-bin/getcallbackip", token))
        addresses = answer.get("ip_list")
        return tuple(str(address) for address in addresses) if isinstance(addresses, list) else ()

    async def jsapi_ticket(self) -> Ticket:
        """The ticket that pages are signed with; :class:`bot.wechat.jsapi.Tickets` keeps it."""

        async def ask(token: Mapping[str, str]) -> dict[str, Any]:
            return await self._transport.get("/cgi-bin/ticket/getticket", {**token, "type": "jsapi"})

        answer = await self._with_token(ask)
        value, seconds = answer.get("ticket"), answer.get("expires_in")
        if not isinstance(value, str) or not value or not isinstance(seconds, int):
            raise ApiAway("not_json", sent=True)
        return Ticket(value, seconds)

    async def upload_media(
        self,
        kind: Literal["image", "voice", "video", "thumb"],
        content: bytes,
        file_name: str,
        content_type: str,
    ) -> str:
        """Upload a temporary file (three days). Its media_id."""

        async def upload(token: Mapping[str, str]) -> dict[str, Any]:
            form = aiohttp.FormData()  # a form can be sent once: a new one for each attempt
            form.add_field("media", content, filename=file_name, content_type=content_type)
            return await self._transport.upload("/cgi-bin/media/upload", {**token, "type": kind}, form)

        answer = await self._with_token(upload)
        return str(answer.get("media_id") or answer.get("thumb_media_id") or "")

    @asynccontextmanager
    async def download_media(self, media_id: str, *, max_bytes: int) -> AsyncIterator[Media]:
        """A citizen's file, open for reading, at most ``max_bytes``.

        Raises besides: :class:`MediaRefused`; ``ApiRefused`` 40007 once the three days are over.
        """
        async with AsyncExitStack() as stack:

            async def begin(token: Mapping[str, str]) -> Media | str:
                query = {**token, "media_id": media_id}
                request = self._transport.exchange("GET", "/cgi-bin/media/get", query, limit=MEDIA)
                response = await stack.enter_async_context(request)
                if response.status == 200 and not holds_json(response):
                    return Media.of(response, max_bytes)
                return str((await answer_of(response)).get("video_url") or "")

            found = await self._with_token(begin)
            if isinstance(found, str):
                found = await stack.enter_async_context(self._video(found, max_bytes))
            yield found

    async def exchange_code(self, code: str) -> oauth.SignedIn:
        """See :func:`bot.wechat.oauth.exchange_code`."""
        return await oauth.exchange_code(self._transport, self._app_id, self._secret, code)

    @asynccontextmanager
    async def _video(self, url: str, max_bytes: int) -> AsyncIterator[Media]:
        if not url:
            raise MediaRefused("not_media")
        allow_loopback = await is_loopback(self._transport.api_url)
        async with fetch_public(url, max_bytes, allow_loopback=allow_loopback) as media:
            yield media

    async def _post(self, path: str, body: Mapping[str, object]) -> dict[str, Any]:
        return await self._with_token(lambda token: self._transport.post(path, token, body))

    async def _with_token(self, call: Callable[[Mapping[str, str]], Awaitable[T]]) -> T:
        """``call`` with the token's query; once more with another when the platform refuses the token."""
        token = await self._tokens.get()
        try:
            return await call({"access_token": token})
        except ApiRefused as refused:
            if refused.error_class is not ErrorClass.TOKEN:
                raise
        await self._tokens.expired(token)
        return await call({"access_token": await self._tokens.get()})
