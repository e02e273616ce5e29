"""The start page: what waits for this person, as numbers that lead to lists."""

from dataclasses import dataclass
from typing import Any

from aiohttp import web

from bot.console.door import MESSAGE_READERS, drawn
from bot.http.keys import PROCESS
from bot.http.sessions import Session
from intake.actor import Actor
from intake.cases.listing import lines
from intake.cases.seeing import page, sight_of
from intake.desk import Desk
from storage.vocab import CaseState, Role

R, S = Role, CaseState
LISTED, NEWEST = 2, 5
"""How many of the numbers are followed by a list, and how long that is."""


@dataclass(frozen=True, slots=True)
class Tile:
    """A number and the list behind it (of ``state``); ``pressing`` ones stand out while they are not zero."""

    words: str
    count: int
    href: str
    pressing: bool = False
    state: CaseState | None = None


WAITING: dict[Role, tuple[tuple[str, CaseState], ...]] = {
    R.DISPATCHER: (("待受理派单", S.RECEIVED), ("待签收", S.DISPATCHED), ("待评价", S.ANSWERED)),
    R.HANDLER: (("待签收", S.DISPATCHED), ("办理中", S.HANDLING), ("待审核", S.REVIEWING)),
    R.HEAD: (("待审核", S.REVIEWING), ("待签收", S.DISPATCHED), ("办理中", S.HANDLING)),
    R.SUPERVISOR: (("待受理派单", S.RECEIVED), ("待签收", S.DISPATCHED), ("办理中", S.HANDLING)),
    R.AUDITOR: (("办理中", S.HANDLING), ("已答复", S.ANSWERED), ("已办结", S.CLOSED)),
    R.CUSTODIAN: (("办理中", S.HANDLING), ("已答复", S.ANSWERED), ("已办结", S.CLOSED)),
}


NOTHING: dict[Role, str] = {
    R.ADMIN: "系统管理员不看办件的内容。账号、单位和规则用命令行管理。",
    R.LEADER: "现在没有报给您审批的问责线索。承诺的变更和终止在“承诺”里审批。",
    R.LIAISON: "现在没有移交给您的问责线索。",
}


async def start(request: web.Request, session: Session) -> web.StreamResponse:
    """Numbers of what waits, and the newest of it."""
    actor, process = session.actor, request.app[PROCESS]
    reads_messages = actor.role.value in MESSAGE_READERS
    async with process.database.read() as unit:
        desk = process.desk(unit)
        counts, late = await unit.cases.seen_counts(sight_of(actor), overdue_at=desk.now())
        calls = await unit.cases.to_call() if actor.role is Role.DISPATCHER else 0
        letters = await unit.desk.waiting() if reads_messages else 0
        tiles = [
            Tile(words, counts.get(state.value, 0), f"/console/cases?state={state.value}", state=state)
            for words, state in WAITING.get(actor.role, ())
        ]
        waiting = [(tile, await _newest(desk, actor, tile)) for tile in tiles[:LISTED] if tile.count]
    if tiles:
        tiles.insert(1, Tile("已超期", late, "/console/cases?overdue=true", pressing=True))
    if actor.role is Role.DISPATCHER:
        tiles.append(Tile("待回访", calls, "/console/cases?follow_up=true"))
    if reads_messages:
        tiles.append(Tile("留言待回复", letters, "/console/messages", pressing=True))
    facts = {
        "title": "工作台",
        "tiles": tiles,
        "waiting": waiting,
        "none_for_you": NOTHING.get(actor.role, ""),
    }
    return drawn(request, session, "start.html", facts)


async def _newest(desk: Desk, actor: Actor, tile: Tile) -> list[dict[str, Any]]:
    rows, _ = await page(desk, actor, {"state": tile.state}, limit=NEWEST)
    return await lines(desk, rows)
