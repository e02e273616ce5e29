"""My cases: the list, one case with its story, the receipt, and what its reporter may do."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from aiohttp import web

from bot.citizen import story
from bot.citizen.reader import HERE, HOME, Reader
from bot.citizen.who import COOKIE
from bot.dialogue.names import LONG, brief, name_of
from bot.http import csrf, pages, posted
from bot.http.attachments import hand_out
from bot.http.keys import PROCESS
from bot.http.problems import status_of
from intake.cases import reporter, states
from intake.cases.numbering import BadNumber, normal_form
from intake.cases.urging import urge
from intake.clock import local
from intake.desk import Desk
from intake.errors import Invalid, NotFound, Refused, StaleVersion
from storage.stores.cases import CaseRow
from storage.unit import Unit
from storage.vocab import Action, CaseState, Role

MOST = 50
LONGEST = reporter.MAX_SUPPLEMENT
Body = Mapping[str, Any]
Done = Callable[[Desk, Reader, CaseRow, Body], Awaitable[object]]


async def listed(request: web.Request, reader: Reader) -> web.Response:
    """The reader's own cases, newest first."""
    process, rows = request.app[PROCESS], []
    if reader.actor is not None and reader.actor.reporter_id is not None:
        async with process.database.read() as unit:
            rows = await unit.cases.of_reporter(reader.actor.reporter_id, MOST)
    items = [
        {
            "number": row.tracking_no,
            "type": name_of("type", row.type),
            "what": brief(row.transcript or row.text, LONG),
            "state": states.STATE_NAMES[CaseState(row.state)],
            "waits": row.state == CaseState.ANSWERED and row.rating is None,
            "at": row.created_at,
        }
        for row in rows
    ]
    return _page(request, "cases.html", items=items)


async def one(request: web.Request, reader: Reader) -> web.Response:
    return await _drawn(request, reader, {})


async def receipt(request: web.Request, reader: Reader) -> web.Response:
    """What stands registered, with the archive's hash, to keep or print."""
    async with request.app[PROCESS].database.read() as unit:
        desk = request.app[PROCESS].desk(unit)
        case = await _own(desk, request, reader)
        facts = await story.told(desk, case)
        printed = local(desk.now())
    return _page(request, "receipt.html", case=facts, printed=printed)


async def attachment(request: web.Request, reader: Reader) -> web.Response:
    return await hand_out(request, reader.known, request.match_info["id"])


async def act(request: web.Request, reader: Reader) -> web.StreamResponse:
    """Do one thing to an own case; where it is refused, the page comes back with what was typed."""
    process, action = request.app[PROCESS], request.match_info["action"]
    if action not in _DONE:
        raise NotFound("没有这个操作")
    told = posted.Posted({})
    try:
        told = await posted.read(request)
        csrf.check(process.vault, request.cookies.get(COOKIE, ""), told.csrf)
        told = await posted.with_files(told, process, reader.known)

        async def work(unit: Unit) -> None:
            desk = process.desk(unit)
            case = await _own(desk, request, reader)
            if case.version != told.body["version"]:
                raise StaleVersion("这件事刚刚有了新进展，请看过再办", version=case.version, state=case.state)
            await _DONE[action](desk, reader, case, told.body)

        await process.database.run(work)
    except NotFound:
        raise
    except Refused as refused:
        facts = {"refused": _why(refused), "tried": action, "typed": told.body}
        return await _drawn(request, reader, facts, status=status_of(refused))
    return pages.see_other(f"{HOME}/{request.match_info['tracking_no']}?done={action}")


async def _rate(desk: Desk, reader: Reader, case: CaseRow, body: Body) -> None:
    stars = str(body.get("stars", ""))
    if stars not in ("1", "2", "3", "4", "5"):
        raise Invalid("请选 1 到 5", fields={"stars": "请选 1 到 5"})
    await reporter.rate(desk, reader.known, case, int(stars), _words(body, "words"))


async def _supplement(desk: Desk, reader: Reader, case: CaseRow, body: Body) -> None:
    files = tuple(body.get(posted.FILES, ()))
    await reporter.supplement(desk, reader.known, case, _words(body, "text"), files)


async def _urge(desk: Desk, reader: Reader, case: CaseRow, _: Body) -> None:
    await urge(desk, reader.known, case)


async def _withdraw(desk: Desk, reader: Reader, case: CaseRow, body: Body) -> None:
    if not body.get("sure"):
        raise Invalid("撤回以后就不再办理，请先勾选“我确定撤回”", fields={"sure": "请先勾选"})
    await reporter.withdraw(desk, reader.known, case, _words(body, "reason"))


async def _reopen(desk: Desk, reader: Reader, case: CaseRow, body: Body) -> None:
    await reporter.reopen(desk, reader.known, case, _words(body, "reason"))


async def _appeal(desk: Desk, reader: Reader, case: CaseRow, body: Body) -> None:
    if not str(body.get("reason", "")).strip():
        raise Invalid("请写明原因", fields={"reason": "请写明原因"})
    await reporter.appeal(desk, reader.known, case, _words(body, "reason"))


def _words(body: Body, name: str) -> str:
    """What was typed, of which nothing is cut off; raises :class:`Invalid` for more than the page takes."""
    words = str(body.get(name, ""))
    if len(words) > LONGEST:
        raise Invalid("写得太长", fields={name: f"最多 {LONGEST} 个字"})
    return words


_DONE: Mapping[str, Done] = {
    Action.RATE.value: _rate,
    Action.SUPPLEMENT.value: _supplement,
    Action.URGE.value: _urge,
    Action.WITHDRAW.value: _withdraw,
    Action.REOPEN.value: _reopen,
    Action.APPEAL.value: _appeal,
}


async def _own(desk: Desk, request: web.Request, reader: Reader) -> CaseRow:
    try:
        number = normal_form(request.match_info["tracking_no"])
    except BadNumber:
        raise NotFound("单号不对，请核对") from None
    return await reporter.own_case(desk, reader.known.reporter_id or "", number)


async def _drawn(
    request: web.Request, reader: Reader, facts: dict[str, Any], *, status: int = 200
) -> web.Response:
    done = request.query.get("done", "")
    async with request.app[PROCESS].database.read() as unit:
        desk = request.app[PROCESS].desk(unit)
        case = await _own(desk, request, reader)
        usual = {
            "case": await story.told(desk, case),
            "may": _may(case),
            "files": [
                {"id": one.id, "kind": one.kind, "here": one.state == "stored"}
                for one in await unit.files.of_case(case.id)
            ],
            "stars": {n: name_of("stars", str(n)) for n in range(5, 0, -1)},
            "csrf": reader.csrf,
            "done": story.words()["done"].get(done, "") if done in _DONE else "",
            "refused": "",
            "tried": "",
            "typed": {},
        }
    return _page(request, "case.html", status=status, **(usual | facts))


def _may(case: CaseRow) -> set[str]:
    """What is offered: what the state takes from a citizen, and has not been done already."""
    may = {action.value for action in states.allowed(CaseState(case.state), Role.CITIZEN)} & _DONE.keys()
    spent = {
        Action.RATE.value: case.rating is not None,
        Action.REOPEN.value: case.reopened_by_right,
        Action.APPEAL.value: case.appealed,
    }
    return {action for action in may if not spent.get(action, False)}


def _why(refused: Refused) -> str:
    said = list(dict.fromkeys([refused.detail, *refused.facts.get("fields", {}).values()]))
    return "：".join(said[:2])


def _page(request: web.Request, template: str, *, status: int = 200, **facts: Any) -> web.Response:
    return pages.page(HERE, template, {"city": request.app[PROCESS].city.name, **facts}, status=status)
