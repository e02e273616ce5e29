"""``/commitments``: what everyone may read, to staff the rest, and what is done to a commitment."""

from typing import Any

from aiohttp import web

from bot.http.filters import CommitmentQuery
from bot.web.api.commitment_shapes import Commitment, Commitments, WholeCommitment
from bot.web.api.endpoints import Call, shown
from intake.commitments import actions, from_cases, making
from intake.commitments.complaints import facts_of
from intake.commitments.states import MAKERS
from intake.commitments.telling import told
from intake.desk import Desk
from intake.errors import NotFound, WrongRole
from intake.forms import checked
from intake.registry import count_commitments, find_commitment, list_commitments
from storage.unit import Unit
from storage.vocab import CommitmentAction, Step


async def page(call: Call) -> web.Response:
    asked, process = call.query(CommitmentQuery), call.process
    filters = asked.model_dump(exclude={"cursor", "limit"}) | {"everything": call.actor is not None}
    async with process.database.read() as unit:
        desk = process.desk(unit)
        rows = await list_commitments(desk, **filters, after=asked.cursor, limit=asked.limit + 1)
        count = await count_commitments(desk, **filters)
        facts = await facts_of(desk, rows[: asked.limit], call.actor)
    onward = facts[-1]["code"] if len(rows) > asked.limit else None
    return shown(Commitments, {"items": facts, "next_cursor": onward, "count": count})


async def one(call: Call) -> web.Response:
    process = call.process
    async with process.database.read() as unit:
        facts = await _whole(process.desk(unit), call, call.request.match_info["code"])
    return _told(call, facts)


async def create(call: Call) -> web.Response:
    """Write one down, as a draft."""
    process, body = call.process, await call.body()
    if call.who.role not in MAKERS:
        raise WrongRole("您的岗位不能做这一步")
    asked = checked(making.NewCommitment, body)

    async def work(unit: Unit) -> dict[str, Any]:
        desk = process.desk(unit)
        row = await making.create(desk, call.who, asked)
        return await _whole(desk, call, row.code)

    return _told(call, await process.database.run(work), status=201)


async def start(call: Call) -> web.Response:
    """Write one down from a case (登记为承诺), which is then linked to it."""
    process, number, body = call.process, call.request.match_info["tracking_no"], await call.body()

    async def work(unit: Unit) -> dict[str, Any]:
        desk = process.desk(unit)
        row = await from_cases.start(desk, call.who, number, body)
        return await _whole(desk, call, row.code)

    return _told(call, await process.database.run(work), status=201)


async def act(call: Call) -> web.Response:
    """One action; every refusal in the contract's order comes from ``intake.commitments.actions``."""
    return await _done(call, call.request.match_info["action"], await call.body())


async def record_step(call: Call) -> web.Response:
    """Record a step, named by its code or its number."""
    given = call.request.match_info["step"]
    named = {str(number): step for number, step in enumerate(Step, 1)} | {step.value: step for step in Step}
    if given not in named:
        raise NotFound("没有这一步程序")
    body = await call.body() | {"step": named[given].value}
    return await _done(call, CommitmentAction.RECORD_STEP, body)


async def _done(call: Call, action: str, body: dict[str, Any]) -> web.Response:
    process, code = call.process, call.request.match_info["code"]

    async def work(unit: Unit) -> dict[str, Any]:
        desk = process.desk(unit)
        await actions.perform(desk, call.who, code, action, body)
        return await _whole(desk, call, code)

    return _told(call, await process.database.run(work))


async def _whole(desk: Desk, call: Call, code: str) -> dict[str, Any]:
    row = await find_commitment(desk, code, everything=call.actor is not None)
    return await told(desk, row, call.actor)


def _told(call: Call, facts: dict[str, Any], *, status: int = 200) -> web.Response:
    return shown(Commitment if call.actor is None else WholeCommitment, facts, status=status)
