"""The JSON side of the simulator: what tests and the chat page call, below ``/simulator``.

| call | does |
|---|---|
| ``POST /say`` ``{"openid", "text": …}`` | one act of a citizen (keys of ``Citizens.act``); answers the Delivery with ``words`` (as read), ``options`` and ``seq`` (the last entry before the act) |
| ``POST /repeat`` ``{"openid"}`` | pushes the citizen's last message again, unchanged |
| ``GET /transcript?openid&after&kinds&wait`` | ``{"entries": […]}``; with ``wait`` (seconds) stays until there is one |
| ``GET /events`` | server-sent events ``entry``, ``typing``, ``clock``, ``menu``, ``citizen`` |
| ``GET|POST /citizens`` | list; make one ``{"name"?, "openid"?}`` |
| ``POST /consent`` ``{"openid", "answer": "accept"|"reject", "template_id"?, "standing"?}`` | answers the consent window |
| ``GET|POST /faults`` | what is arranged; ``{"calls": [CallFault…], "push": {PushFaults…}, "tokens": "expire"|"revoke", "quota": "used_up"|"full", "snapshot": bool, "blocks": openid, "clear": true}`` |
| ``GET|POST /clock`` | ``{"now": ISO}``, ``{"advance_seconds": n}`` or ``{"next_workday": true}`` (9:00); forward only, else 409 |
| ``GET /notices`` | the newest subscription notices and template messages of everybody |
| ``POST /verify`` | the console's check of the callback: ``{"ok": bool}`` |
| ``GET /menu``, ``GET /state`` | the menu; allowances, consents, token and mode |

An openid is 28 characters; whoever is new follows the account from then on. Wrong bodies are 422 with
``{"error": …}``.
"""  # noqa: E501 (a table)

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict, fields
from datetime import UTC, datetime, timedelta

from aiohttp import web

from bot.simulator import anchors, drafts
from bot.simulator.citizen import Citizens
from bot.simulator.clock import ClockControl, next_morning
from bot.simulator.deliver import Courier, Delivery
from bot.simulator.errors import Refused
from bot.simulator.faults import CallFault, PushFaults
from bot.simulator.followers import Follower
from bot.simulator.platform import Platform

LONGEST_WAIT = 60.0
NOTICES = 30
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Control:
    """Handlers of one mounted simulator."""

    def __init__(self, platform: Platform, courier: Courier, clock: ClockControl) -> None:
        self._platform = platform
        self._courier = courier
        self._clock = clock
        self._citizens = Citizens(platform, courier)

    def routes(self, prefix: str) -> list[web.RouteDef]:
        """All of the table above below ``prefix``."""
        calls: list[tuple[str, str, Handler]] = [
            ("POST", "/say", self._say),
            ("POST", "/repeat", self._repeat),
            ("GET", "/transcript", self._transcript),
            ("GET", "/events", self._events),
            ("GET", "/citizens", self._list),
            ("POST", "/citizens", self._meet),
            ("POST", "/consent", self._consent),
            ("GET", "/faults", self._faults),
            ("POST", "/faults", self._arrange),
            ("GET", "/clock", self._time),
            ("POST", "/clock", self._move),
            ("POST", "/verify", self._verify),
            ("GET", "/notices", self._notices),
            ("GET", "/menu", self._menu),
            ("GET", "/state", self._state),
        ]
        return [web.route(method, prefix + path, guarded(handler)) for method, path, handler in calls]

    async def _say(self, request: web.Request) -> web.Response:
        body = await body_of(request)
        openid = str(body.get("openid", ""))
        before = max((entry.seq for entry in self._platform.transcript.of(openid)), default=0)
        new = openid not in {follower.openid for follower in self._platform.followers}
        delivery = await self._citizens.act(openid, body)
        if new:
            self._tell_citizen(self._platform.followers.get(openid))
        return web.json_response(_shown(delivery) | {"seq": before})

    async def _repeat(self, request: web.Request) -> web.Response:
        body = await body_of(request)
        try:
            delivery = await self._courier.repeat(str(body.get("openid", "")))
        except KeyError:
            raise ValueError("this citizen has sent nothing yet") from None
        return web.json_response(_shown(delivery))

    async def _transcript(self, request: web.Request) -> web.Response:
        query = request.query
        openid, after = query.get("openid", ""), int(query.get("after", "0"))
        kinds = frozenset(filter(None, query.get("kinds", "").split(",")))
        wait = min(float(query.get("wait", "0")), LONGEST_WAIT)
        held = self._platform.transcript
        if wait > 0:
            entries = await held.wait(openid, after=after, kinds=kinds, seconds=wait)
        else:
            entries = held.of(openid, after=after, kinds=kinds)
        return web.json_response({"entries": [entry.shown() for entry in entries]})

    async def _events(self, request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(
            headers={
                "Content-Type": "text/event-stream",
                "Cache-Control": "no-store",
                "X-Accel-Buffering": "no",
            }
        )
        await response.prepare(request)
        with self._platform.transcript.listen() as queue:
            await response.write(b": here\n\n")
            while (told := await queue.get()) is not None:
                name, facts = told
                line = f"event: {name}\ndata: {json.dumps(facts, ensure_ascii=False)}\n\n"
                await response.write(line.encode())
        return response

    async def _list(self, request: web.Request) -> web.Response:
        shown = [_follower(follower) for follower in self._platform.followers]
        return web.json_response({"citizens": shown})

    async def _meet(self, request: web.Request) -> web.Response:
        body = await body_of(request)
        follower = self._platform.followers.meet(str(body.get("openid") or ""), str(body.get("name") or ""))
        self._tell_citizen(follower)
        return web.json_response(_follower(follower), status=201)

    def _tell_citizen(self, follower: Follower) -> None:
        self._platform.transcript.tell("citizen", _follower(follower))

    async def _consent(self, request: web.Request) -> web.Response:
        body = await body_of(request)
        openid, answer = str(body.get("openid", "")), str(body.get("answer", ""))
        template_id, notices = str(body.get("template_id") or "*"), self._platform.notices
        if answer not in ("accept", "reject"):
            raise ValueError("answer is accept or reject")
        if answer == "accept":
            notices.accept(openid, template_id, standing=body.get("standing", True) is True)
        else:
            notices.reject(openid, template_id)
        asked = notices.template_ids if template_id == "*" else [template_id]
        if asked:
            self._courier.later(drafts.subscribe_popup(openid, dict.fromkeys(asked, answer)))
        words = "同意接收服务通知" if answer == "accept" else "拒绝接收服务通知"
        self._platform.transcript.add(openid, "platform", "note", words, consent=answer)
        return web.json_response({"consents": notices.consents(openid)})

    async def _faults(self, request: web.Request) -> web.Response:
        return web.json_response(self._trouble())

    def _trouble(self) -> dict[str, object]:
        return self._platform.faults.shown() | {"quota_used_up": self._platform.quotas.used_up}

    async def _arrange(self, request: web.Request) -> web.Response:
        body = await body_of(request)
        faults = self._platform.faults
        if body.get("clear"):
            faults.clear()
            self._platform.oauth.snapshot = False
            self._platform.quotas.refill()
        faults.add(_call_fault(given) for given in _list(body.get("calls", [])))
        faults.push = _push_faults(faults.push, body.get("push", {}))
        if body.get("tokens") == "expire":
            self._platform.tokens.expire()
        elif body.get("tokens") == "revoke":
            self._platform.tokens.revoke()
        if body.get("quota") == "used_up":
            self._platform.quotas.use_up()
        elif body.get("quota") == "full":
            self._platform.quotas.refill()
        if "snapshot" in body:
            self._platform.oauth.snapshot = body["snapshot"] is True
        if body.get("blocks"):
            self._platform.followers.meet(str(body["blocks"])).blocks = True
        return web.json_response(self._trouble())

    async def _time(self, request: web.Request) -> web.Response:
        return web.json_response({"now": _iso(self._clock.now())})

    async def _move(self, request: web.Request) -> web.Response:
        body = await body_of(request)
        morning = body.get("next_workday") is True
        target = next_morning(self._clock) if morning else _target(body, self._clock.now())
        try:
            now = await self._clock.set(target)
        except ValueError as error:
            return web.json_response({"error": str(error)}, status=409)
        self._platform.transcript.tell("clock", {"now": _iso(now)})
        return web.json_response({"now": _iso(now)})

    async def _verify(self, request: web.Request) -> web.Response:
        return web.json_response({"ok": await self._courier.verify()})

    async def _notices(self, request: web.Request) -> web.Response:
        names = {follower.openid: follower.name for follower in self._platform.followers}
        found = self._platform.transcript.newest({"subscribe", "template"}, NOTICES)
        return web.json_response(
            {"entries": [entry.shown() | {"name": names.get(entry.openid, "")} for entry in found]}
        )

    async def _menu(self, request: web.Request) -> web.Response:
        return web.json_response({"button": self._platform.menu.buttons})

    async def _state(self, request: web.Request) -> web.Response:
        platform = self._platform
        citizens = [
            _follower(follower)
            | {
                "allowance": platform.followers.allowance(follower.openid),
                "consents": platform.notices.consents(follower.openid),
            }
            for follower in platform.followers
        ]
        facts = {"app_id": platform.account.app_id, "mode": platform.account.mode.value}
        return web.json_response(facts | {"templates": platform.notices.template_ids, "citizens": citizens})


def guarded(handler: Handler) -> Handler:
    """A handler whose wrong bodies and refusals are told as 422."""

    async def answer(request: web.Request) -> web.StreamResponse:
        try:
            return await handler(request)
        except (ValueError, TypeError) as error:
            return web.json_response({"error": str(error)}, status=422)
        except Refused as refused:
            return web.json_response({"error": refused.errmsg, "errcode": refused.errcode}, status=422)

    return answer


async def body_of(request: web.Request) -> dict[str, object]:
    """The JSON object. Only JSON is taken, so that no foreign page can post a form here."""
    if request.content_type != "application/json":
        raise ValueError("application/json is needed")
    body = json.loads(await request.read())
    if not isinstance(body, dict):
        raise ValueError("a JSON object is needed")
    return body


def _list(given: object) -> list[Mapping[str, object]]:
    if not isinstance(given, list) or not all(isinstance(item, Mapping) for item in given):
        raise ValueError("calls is a list of objects")
    return given


def _call_fault(given: Mapping[str, object]) -> CallFault:
    unknown = set(given) - {part.name for part in fields(CallFault)}
    if unknown:
        raise ValueError(f"unknown: {', '.join(sorted(unknown))}")
    return CallFault(**given)  # type: ignore[arg-type]


def _push_faults(held: PushFaults, given: object) -> PushFaults:
    if not isinstance(given, Mapping):
        raise ValueError("push is an object")
    return PushFaults(**(asdict(held) | dict(given)))


def _target(body: Mapping[str, object], now: datetime) -> datetime:
    if "advance_seconds" in body:
        return now + timedelta(seconds=float(str(body["advance_seconds"])))
    target = datetime.fromisoformat(str(body.get("now", "")))
    if target.tzinfo is None:
        raise ValueError("now needs its offset from UTC")
    return target.astimezone(UTC)


def _shown(delivery: Delivery) -> dict[str, object]:
    text = delivery.reply_text or ""
    options = [{"label": part.text, "word": part.word} for part in anchors.options(text)]
    return delivery.shown() | {"words": anchors.plain(text), "options": options}


def _follower(follower: Follower) -> dict[str, object]:
    return {"openid": follower.openid, "name": follower.name, "follows": follower.follows}


def _iso(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat()
