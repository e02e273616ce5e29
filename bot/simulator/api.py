"""The server-side API, as routes that can be mounted below any address.

Every answer is 200 with JSON (plain text type, as the platform sends it); refusals carry errcode, errmsg
and a request id.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from urllib.parse import quote

from aiohttp import web

from bot.simulator import drafts, sending
from bot.simulator.call import Call, read
from bot.simulator.deliver import Courier
from bot.simulator.errors import Refused, request_id
from bot.simulator.faults import CallFault
from bot.simulator.platform import Platform

OK: dict[str, object] = {"errcode": 0, "errmsg": "ok"}
WITHOUT_TOKEN = frozenset({"/cgi-bin/token", "/cgi-bin/stable_token", "/sns/oauth2/access_token"})


Answer = dict[str, object]
Handler = Callable[[Call], Answer | web.Response]


def _credentials(call: Call, held: Mapping[str, object]) -> None:
    account = call.platform.account
    if not held.get("appid"):
        raise Refused(41002)
    if held["appid"] != account.app_id:
        raise Refused(40013)
    if not held.get("secret"):
        raise Refused(41004)
    if held["secret"] != account.app_secret:
        raise Refused(40125)


def _token(call: Call) -> Answer:
    if call.query.get("grant_type") != "client_credential":
        raise Refused(40002)
    _credentials(call, call.query)
    token, seconds = call.platform.tokens.plain()
    return {"access_token": token, "expires_in": seconds}


def _stable_token(call: Call) -> Answer:
    if call.body.get("grant_type") != "client_credential":
        raise Refused(40002)
    _credentials(call, call.body)
    token, seconds = call.platform.tokens.stable(force=call.body.get("force_refresh") is True)
    return {"access_token": token, "expires_in": seconds}


def _ticket(call: Call) -> Answer:
    ticket, seconds = call.platform.tickets.get(call.query.get("type", ""))
    return OK | {"ticket": ticket, "expires_in": seconds}


def _custom(call: Call) -> Answer:
    sending.custom(call.platform, call.body)
    return OK


def _typing(call: Call) -> Answer:
    call.platform.followers.typing(call.openid, str(call.body.get("command", "")))
    call.platform.transcript.tell("typing", {"openid": call.openid, "on": call.body["command"] == "Typing"})
    return OK


def _subscribe_send(call: Call) -> Answer:
    template_id = str(call.body.get("template_id", ""))
    sent = call.platform.notices.subscribe_send(call.openid, template_id, call.body.get("data"))
    facts = {"title": sent.template.title, "rows": sent.rows, "url": str(call.body.get("page") or "")}
    call.platform.transcript.add(
        call.openid, "account", "subscribe", "\n".join(sent.values.values()), **facts
    )
    call.courier.later(drafts.subscribe_sent(call.openid, template_id, sent.msg_id))
    return OK | {"msgid": sent.msg_id}


def _template_send(call: Call) -> Answer:
    template_id, once = str(call.body.get("template_id", "")), str(call.body.get("client_msg_id") or "")
    sent = call.platform.notices.template_send(call.openid, template_id, call.body.get("data"), once)
    if sent.repeated:
        return OK | {"msgid": sent.msg_id}
    if call.platform.followers.get(call.openid).blocks:
        call.courier.later(drafts.template_finished(call.openid, sent.msg_id, "failed:user block"))
    else:
        facts = {"title": sent.template.title, "rows": sent.rows, "url": str(call.body.get("url") or "")}
        call.platform.transcript.add(
            call.openid, "account", "template", "\n".join(sent.values.values()), **facts
        )
        call.courier.later(drafts.template_finished(call.openid, sent.msg_id))
    return OK | {"msgid": sent.msg_id}


def _media_get(call: Call) -> Answer | web.Response:
    held = call.platform.media.get(call.query.get("media_id", ""))
    if held.kind == "video":
        return {"video_url": f"{call.origin}/media/{quote(held.id)}"}
    disposition = f'attachment; filename="{held.name}"'
    return web.Response(
        body=held.content, content_type=held.content_type, headers={"Content-Disposition": disposition}
    )


def _media_upload(call: Call) -> Answer:
    content, content_type, name = call.upload
    held = call.platform.media.upload(call.query.get("type", ""), content, content_type, name)
    return {"type": held.kind, "media_id": held.id, "created_at": int(held.made_at.timestamp())}


def _menu_create(call: Call) -> Answer:
    call.platform.menu.create(call.body)
    call.platform.transcript.tell("menu", {"button": call.platform.menu.buttons})
    return OK


def _menu_get(call: Call) -> Answer:
    return call.platform.menu.shown()


def _menu_delete(call: Call) -> Answer:
    call.platform.menu.delete()
    call.platform.transcript.tell("menu", {"button": []})
    return OK


def _callback_ips(call: Call) -> Answer:
    return {"ip_list": ["127.0.0.1"]}


def _callback_check(call: Call) -> Answer:
    dns = [{"ip": "127.0.0.1", "real_operator": "UNICOM"}]
    return {"dns": dns, "ping": [{"ip": "127.0.0.1", "package_loss": "0%", "time": "0.1ms"}]}


def _clear_quota(call: Call) -> Answer:
    if call.body.get("appid") != call.platform.account.app_id:
        raise Refused(40013)
    call.platform.quotas.reset()
    return OK


def _quota(call: Call) -> Answer:
    path = str(call.body.get("cgi_path", ""))
    limit, used = call.platform.quotas.daily.get(path, 0), call.platform.quotas.used(path)
    quota = {"daily_limit": limit, "used": used, "remain": max(0, limit - used)}
    rate = {"call_count": call.platform.quotas.a_minute.get(path, 0), "refresh_second": 60}
    return OK | {"quota": quota, "rate_limit": rate}


def _user_info(call: Call) -> Answer:
    follower = call.platform.followers.get(call.openid)
    if not follower.follows:
        return {"subscribe": 0, "openid": follower.openid}
    since = int(follower.followed_at.timestamp()) if follower.followed_at else 0
    blank = {"nickname": "", "sex": 0, "city": "", "province": "", "country": "", "headimgurl": ""}
    told = {"subscribe": 1, "openid": follower.openid, "language": "zh_CN", "subscribe_time": since}
    return (
        told | blank | {"remark": "", "groupid": 0, "tagid_list": [], "subscribe_scene": "ADD_SCENE_SEARCH"}
    )


def _oauth(call: Call) -> Answer:
    if call.query.get("grant_type") != "authorization_code":
        raise Refused(40002)
    _credentials(call, call.query)
    return call.platform.oauth.exchange(call.query.get("code", ""))


CALLS: Mapping[tuple[str, str], Handler] = {
    ("GET", "/cgi-bin/token"): _token,
    ("POST", "/cgi-bin/stable_token"): _stable_token,
    ("GET", "/cgi-bin/ticket/getticket"): _ticket,
    ("POST", "/cgi-bin/message/custom/send"): _custom,
    ("POST", "/cgi-bin/message/custom/typing"): _typing,
    ("POST", "/cgi-bin/message/subscribe/bizsend"): _subscribe_send,
    ("POST", "/cgi-bin/message/template/send"): _template_send,
    ("GET", "/cgi-bin/media/get"): _media_get,
    ("POST", "/cgi-bin/media/upload"): _media_upload,
    ("POST", "/cgi-bin/menu/create"): _menu_create,
    ("GET", "/cgi-bin/menu/get"): _menu_get,
    ("GET", "/cgi-bin/menu/delete"): _menu_delete,
    ("GET", "/cgi-bin/getcallbackip"): _callback_ips,
    ("POST", "/cgi-bin/callback/check"): _callback_check,
    ("POST", "/cgi-bin/clear_quota"): _clear_quota,
    ("POST", "/cgi-bin/openapi/quota/get"): _quota,
    ("GET", "/cgi-bin/user/info"): _user_info,
    ("GET", "/sns/oauth2/access_token"): _oauth,
}


def routes(prefix: str, platform: Platform, courier: Courier) -> list[web.RouteDef]:
    """All calls below ``prefix`` (``/simulator/api``), and the addresses of videos."""
    found = [
        web.route(method, prefix + path, _door(handler, prefix, platform, courier), name=None)
        for (method, path), handler in CALLS.items()
    ]

    async def video(request: web.Request) -> web.Response:
        try:
            held = platform.media.get(request.match_info["media_id"])
        except Refused as refused:
            return _json(refused.body())
        return web.Response(body=held.content, content_type=held.content_type)

    return [*found, web.get(prefix + "/media/{media_id}", video)]


def _door(
    handler: Handler, prefix: str, platform: Platform, courier: Courier
) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    async def answer(request: web.Request) -> web.StreamResponse:
        try:
            call = await read(request, prefix, platform, courier)
            fault = platform.faults.strike(call.path, call.openid)
            if fault and not fault.after:
                broken = await _strike(request, fault)
                if broken is not None:
                    return broken
            done = _perform(handler, call)
            if fault and fault.after:
                broken = await _strike(request, fault)
                if broken is not None:
                    return broken
            return done if isinstance(done, web.Response) else _json(done)
        except Refused as refused:
            return _json(refused.body())

    return answer


def _perform(handler: Handler, call: Call) -> Answer | web.Response:
    if call.path not in WITHOUT_TOKEN:
        call.platform.tokens.check(call.query.get("access_token", ""))
    call.platform.quotas.count(call.path)
    return handler(call)


async def _strike(request: web.Request, fault: CallFault) -> web.Response | None:
    if fault.delay:
        await asyncio.sleep(fault.delay)
    if fault.errcode:
        raise Refused(fault.errcode)
    if fault.status == 0:
        if request.transport:
            request.transport.close()
        return web.Response(status=500)
    return None if fault.status == 200 else web.Response(status=fault.status, text="")


def _json(answer: Mapping[str, object]) -> web.Response:
    raw = json.dumps(answer, ensure_ascii=False)
    return web.Response(text=raw, content_type="text/plain", headers={"X-Request-Id": request_id()})
