"""``/guides``: 办事指南, which everyone may read once they are published; their units write them."""

from typing import Any

from aiohttp import web

from bot.http.filters import GuideFilter
from bot.web.api.endpoints import Call, shown
from bot.web.api.shapes import Told, UnitName
from intake import guides
from intake.desk import Desk
from storage.stores.registry import GuideRow
from storage.unit import Unit
from storage.vocab import GuideAction, GuideState


class Guide(Told):
    """How one thing is done: the steps in order, what to mind, what to bring."""

    code: str
    title: str
    department: UnitName
    steps: list[str]
    cautions: list[str]
    documents: list[str]
    place: str
    time_limit: str
    phone: str
    state: GuideState
    version: int
    updated_at: str


class Guides(Told):
    items: list[Guide]


class GuideEvent(Told):
    """``changed``: field → what stood, and what stands since."""

    seq: int
    at: str
    actor: str
    action: GuideAction
    changed: dict[str, list[Any]]
    hash: str
    previous: str


class WholeGuide(Guide):
    """What staff read."""

    events: list[GuideEvent]


class GuideChange(guides.Guide):
    """The whole guide; without ``state`` it stays what it is."""

    version: int


async def page(call: Call) -> web.Response:
    asked, process = call.query(GuideFilter), call.process
    async with process.database.read() as unit:
        desk = process.desk(unit)
        rows = await guides.listed(desk, **asked.model_dump(), everything=call.actor is not None)
    return shown(Guides, {"items": [guides.facts_of(desk, row) for row in rows]})


async def one(call: Call) -> web.Response:
    process, code = call.process, call.request.match_info["code"]
    async with process.database.read() as unit:
        desk = process.desk(unit)
        row = await guides.find(desk, code, everything=call.actor is not None)
        if call.actor is None:
            return shown(Guide, guides.facts_of(desk, row))
        return shown(WholeGuide, await _whole(desk, row))


async def create(call: Call) -> web.Response:
    """Every refusal in the contract's order comes from ``intake.guides``."""
    process, body, who = call.process, await call.body(), call.who

    async def work(unit: Unit) -> dict[str, Any]:
        desk = process.desk(unit)
        return await _whole(desk, await guides.create(desk, who, body))

    return shown(WholeGuide, await process.database.run(work), status=201)


async def change(call: Call) -> web.Response:
    process, body, who = call.process, await call.body(), call.who
    code = call.request.match_info["code"]

    async def work(unit: Unit) -> dict[str, Any]:
        desk = process.desk(unit)
        return await _whole(desk, await guides.change(desk, who, code, body))

    return shown(WholeGuide, await process.database.run(work))


async def _whole(desk: Desk, row: GuideRow) -> dict[str, Any]:
    return guides.facts_of(desk, row) | {"events": await guides.history(desk, row)}
