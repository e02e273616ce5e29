"""``/commitments`` and ``/departments``: what everyone may read, and to staff the rest."""

from aiohttp import web

from bot.web.api.endpoints import Call, shown
from bot.web.api.shapes import Commitment, CommitmentQuery, Commitments, Departments
from intake.registry import commitment_facts, find_commitment, list_commitments


async def commitments(call: Call) -> web.Response:
    asked, process = call.query(CommitmentQuery), call.process
    async with process.database.read() as unit:
        desk = process.desk(unit)
        rows = await list_commitments(
            desk, q=asked.q, state=asked.state, department=asked.department, everything=call.actor is not None
        )
        facts = [commitment_facts(desk, row) for row in rows]
    return shown(Commitments, {"items": facts})


async def commitment(call: Call) -> web.Response:
    process, code = call.process, call.request.match_info["code"]
    async with process.database.read() as unit:
        desk = process.desk(unit)
        row = await find_commitment(desk, code, everything=call.actor is not None)
        facts = commitment_facts(desk, row)
    return shown(Commitment, facts)


async def departments(call: Call) -> web.Response:
    units = call.process.city.units.values()
    items = [unit.model_dump(mode="json", exclude={"duties", "flags", "leader_post"}) for unit in units]
    return shown(Departments, {"items": items})
