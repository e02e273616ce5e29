"""The start page: what waits for this person, as numbers that lead to lists."""

from dataclasses import dataclass

from aiohttp import web

from bot.console.door import MESSAGE_READERS, drawn
from bot.http.keys import PROCESS
from bot.http.sessions import Session
from intake.cases.seeing import sight_of
from storage.vocab import CaseState, Role

R, S = Role, CaseState


@dataclass(frozen=True, slots=True)
class Tile:
    """A number and the list behind it; ``pressing`` ones stand out while they are not zero."""

    words: str
    count: int
    href: str
    pressing: bool = False


WAITING: dict[Role, tuple[tuple[str, CaseState], ...]] = {
    R.DISPATCHER: (("待受理派单", S.RECEIVED), ("待签收", S.DISPATCHED), ("待评价", S.ANSWERED)),
    R.HANDLER: (("待签收", S.DISPATCHED), ("办理中", S.HANDLING), ("待审核", S.REVIEWING)),
    R.HEAD: (("待审核", S.REVIEWING), ("待签收", S.DISPATCHED), ("办理中", S.HANDLING)),
    R.SUPERVISOR: (("待受理派单", S.RECEIVED), ("待签收", S.DISPATCHED), ("办理中", S.HANDLING)),
    R.AUDITOR: (("办理中", S.HANDLING), ("已答复", S.ANSWERED), ("已办结", S.CLOSED)),
    R.CUSTODIAN: (("办理中", S.HANDLING), ("已答复", S.ANSWERED), ("已办结", S.CLOSED)),
}


async def start(request: web.Request, session: Session) -> web.StreamResponse:
    role, process = session.actor.role, request.app[PROCESS]
    async with process.database.read() as unit:
        counts, late = await unit.cases.seen_counts(sight_of(session.actor), overdue_at=process.clock.now())
        waiting = await unit.desk.waiting() if role.value in MESSAGE_READERS else 0
    tiles = [
        Tile(words, counts.get(state.value, 0), f"/console/cases?state={state.value}")
        for words, state in WAITING.get(role, ())
    ]
    if role in WAITING:
        tiles.insert(1, Tile("已超期", late, "/console/cases?overdue=true", pressing=True))
    if role.value in MESSAGE_READERS:
        tiles.append(Tile("留言待回复", waiting, "/console/messages", pressing=True))
    return drawn(request, session, "start.html", {"title": "工作台", "tiles": tiles})
