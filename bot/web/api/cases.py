"""``/cases``: lists, single cases, the staff's actions, and a look at who reported."""

from typing import Any

from aiohttp import web

from bot.http.filters import CaseFilter
from bot.web.api.endpoints import Call, shown
from bot.web.api.shapes import Case, CasePage, Identity, IdentityReason
from intake.cases import actions, promised, seeing
from intake.cases.listing import lines, wanted_of
from intake.cases.similar import similar
from intake.desk import Desk
from intake.forms import checked
from intake.reporters import open_identity
from storage.stores.cases import CaseRow
from storage.unit import Unit


async def page(call: Call) -> web.Response:
    actor, asked, process = call.who, call.query(CaseFilter), call.process
    async with process.database.read() as unit:
        desk = process.desk(unit)
        wanted = wanted_of(desk, **asked.wanted(actor))
        rows, cursor = await seeing.page(
            desk, actor, wanted, cursor=asked.cursor, limit=asked.limit, order=asked.sort
        )
        facts = {"items": await lines(desk, rows), "next_cursor": cursor}
    return shown(CasePage, facts)


async def one(call: Call) -> web.Response:
    process = call.process
    async with process.database.read() as unit:
        desk = process.desk(unit)
        case = await seeing.find(desk, call.who, _number(call))
        facts = await whole(desk, call, case)
    return shown(Case, facts)


async def act(call: Call) -> web.Response:
    """One action; every refusal in the contract's order comes from ``intake.cases.actions.perform``.

    Answered from a look of its own: an action may take the case out of the actor's sight, then it is a 404.
    """
    process, body, action = call.process, await call.body(), call.request.match_info["action"]
    await process.database.run(
        lambda unit: actions.perform(process.desk(unit), call.who, _number(call), action, body)
    )
    return await one(call)


async def identity(call: Call) -> web.Response:
    """Name and phone, each look logged; refused by role before the reason is looked at."""
    process, body = call.process, await call.body()

    async def work(unit: Unit) -> dict[str, Any]:
        desk = process.desk(unit)
        case = await seeing.find(desk, call.who, _number(call), lock=True)
        known = await open_identity(desk, call.who, case, _reason(body))
        return {"name": known.name, "phone": known.phone}

    return shown(Identity, await process.database.run(work))


async def whole(desk: Desk, call: Call, case: CaseRow) -> dict[str, Any]:
    """A case with what this actor may do to it, and to a dispatcher what may be the same matter."""
    more = {
        "allowed": await actions.may_do(desk, call.who, case),
        "similar": await similar(desk, call.who, case),
        "commitment_suggestions": await promised.suggested(desk, call.who, case),
    }
    return {**await seeing.details(desk, case), **more}


def _number(call: Call) -> str:
    return call.request.match_info["tracking_no"]


def _reason(body: dict[str, Any]) -> str:
    """The reason as text; empty where it is of no form, which the command then refuses after the role."""
    given = body.get("reason")
    if isinstance(given, str) and given.strip():
        return checked(IdentityReason, {"reason": given[:1000]}).reason
    return ""
