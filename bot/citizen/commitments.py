"""Commitments on the citizens' pages: looking for one, following it, voting, saying what one thinks."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from urllib.parse import quote

from aiohttp import web

from bot.citizen import who
from bot.citizen.reader import HERE, Reader, for_reader, may_ask
from bot.dialogue.names import LONG, brief
from bot.http import csrf, pages, posted
from bot.http.keys import PROCESS
from bot.http.problems import status_of
from intake import reporters
from intake.commitments import following, opinions
from intake.commitments.states import STATE_NAMES
from intake.commitments.telling import told
from intake.desk import Desk
from intake.errors import Invalid, NotFound, Refused
from intake.registry import commitment_facts, find_commitment, list_commitments
from storage.stores.registry import CommitmentRow
from storage.unit import Unit
from storage.vocab import Choice

PATH = "/m/commitments"
MOST = 50
FIRST = "请先在公众号里发一句话（比如“你好”），再打开这个页面"
DONE = {
    "follow": "已关注，有进展、改日期、到期或兑现时告诉您。",
    "unfollow": "已取消关注。",
    "vote": "已记下您的选择，截止前可以改。",
    "opinion": "已收到您的意见，采纳不采纳都会告诉您。",
}
Body = Mapping[str, Any]


async def listed(request: web.Request) -> web.Response:
    """All public commitments, or those of the words looked for; for everybody."""
    process, q = request.app[PROCESS], request.query.get("q", "").strip()[:100]
    async with process.database.read() as unit:
        desk = process.desk(unit)
        rows = await list_commitments(desk, q=q)
        if q and not rows:
            rows, _ = await following.named(desk, q)
        items = [_line(desk, row) for row in rows[:MOST]]
    return _page(request, "commitments.html", items=items, q=q, more=max(0, len(rows) - MOST))


async def one(request: web.Request) -> web.StreamResponse:
    """One commitment to whoever WeChat says it is; other browsers are led to the page for everybody."""
    if who.openid_of(request) is None and not may_ask(request):
        return pages.see_other(f"/commitments/{quote(request.match_info['code'])}")
    return await for_reader(_one)(request)


async def follows(request: web.Request, reader: Reader) -> web.Response:
    """What the reader follows."""
    process, items = request.app[PROCESS], []
    if reader.actor is not None and reader.actor.reporter_id is not None:
        async with process.database.read() as unit:
            desk = process.desk(unit)
            items = [_line(desk, row) for row in await following.followed(desk, reader.actor.reporter_id)]
    return _page(request, "follows.html", items=items, csrf=reader.csrf)


async def act(request: web.Request, reader: Reader) -> web.StreamResponse:
    """Follow or not, vote, say something; where it is refused the page comes back with what was typed."""
    process, action = request.app[PROCESS], request.match_info["action"]
    code, sent = request.match_info["code"], posted.Posted({})
    if action not in _ACTS:
        raise NotFound("没有这个操作")

    async def work(unit: Unit) -> None:
        desk = process.desk(unit)
        reporter_id = await reporters.meet(desk, reader.openid)
        if reporter_id is None:
            raise Invalid(FIRST)
        await _ACTS[action](desk, reporter_id, code, sent.body)

    try:
        sent = await posted.read(request)
        csrf.check(process.vault, request.cookies.get(who.COOKIE, ""), sent.csrf)
        await process.database.run(work)
    except NotFound:
        raise
    except Refused as refused:
        facts = {"refused": refused.detail, "typed": sent.body}
        return await _drawn(request, reader, facts, status=status_of(refused))
    back = "/m/follows" if sent.body.get("to") == "follows" else f"{PATH}/{quote(code)}?done={action}"
    return pages.see_other(back)


async def _follow(desk: Desk, reporter_id: str, code: str, _: Body) -> None:
    await following.follow(desk, reporter_id, code)


async def _unfollow(desk: Desk, reporter_id: str, code: str, _: Body) -> None:
    await following.unfollow(desk, reporter_id, code)


async def _vote(desk: Desk, reporter_id: str, code: str, body: Body) -> None:
    if body.get("choice") not in set(Choice):
        raise Invalid("请选赞成或反对")
    await opinions.vote(desk, reporter_id, code, Choice(str(body["choice"])))


async def _opinion(desk: Desk, reporter_id: str, code: str, body: Body) -> None:
    await opinions.say(desk, reporter_id, code, str(body.get("text", "")))


_ACTS: Mapping[str, Callable[[Desk, str, str, Body], Awaitable[None]]] = {
    "follow": _follow,
    "unfollow": _unfollow,
    "vote": _vote,
    "opinion": _opinion,
}


async def _one(request: web.Request, reader: Reader) -> web.Response:
    return await _drawn(request, reader, {})


async def _drawn(
    request: web.Request, reader: Reader, facts: dict[str, Any], *, status: int = 200
) -> web.Response:
    process, given, mine = request.app[PROCESS], opinions.Given(), set[str]()
    async with process.database.read() as unit:
        desk = process.desk(unit)
        row = await find_commitment(desk, request.match_info["code"])
        commitment = await told(desk, row, None)
        if reader.actor is not None and reader.actor.reporter_id is not None:
            given = await opinions.given(desk, reader.actor.reporter_id, row.code)
            mine = {one.code for one in await following.followed(desk, reader.actor.reporter_id)}
    usual = {
        "one": commitment,
        "followed": row.code in mine,
        "given": given,
        "longest": opinions.MAX_LENGTH,
        "csrf": reader.csrf,
        "done": DONE.get(request.query.get("done", ""), ""),
        "refused": "",
        "typed": {},
    }
    return _page(request, "commitment.html", status=status, **(usual | facts))


def _line(desk: Desk, row: CommitmentRow) -> dict[str, Any]:
    return commitment_facts(desk, row) | {"what": brief(row.text, LONG)}


def _page(request: web.Request, template: str, *, status: int = 200, **facts: Any) -> web.Response:
    frame = {"city": request.app[PROCESS].city.name, "states": STATE_NAMES}
    return pages.page(HERE, template, frame | facts, status=status)
