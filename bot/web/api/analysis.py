"""``GET /analysis``: the figures of a period, of the cases that the asker may see."""

from typing import Any

from aiohttp import web
from pydantic import Field

from bot.web.api.endpoints import Call, shown
from bot.web.api.shapes import Told, UnitName
from intake.analysis.asking import AnalysisQuery
from intake.analysis.looking import READERS, look
from storage.vocab import CaseState, CaseType, CommitmentState, Figure


class Counted(Told):
    """A number; ``GET /cases?{query}`` lists exactly its cases, as long as ``as_of`` is now."""

    n: int
    query: str


class RateTold(Told):
    """Per cent to a tenth, with the 95 % interval after Wilson; null of no cases."""

    per_cent: float | None
    low: float | None
    high: float | None
    hits: Counted
    of: Counted
    rank: int | None = Field(default=None, description="of units or places with twenty cases or more")


class Rates(Told):
    on_time: RateTold
    response: RateTold
    resolution: RateTold
    satisfaction: RateTold


class OfType(Counted):
    code: CaseType


class OfState(Counted):
    code: CaseState


class OfDay(Counted):
    day: str


class Line(Told):
    """A unit or place; ``code`` null: cases that have none, of which nothing but their number is told."""

    code: str | None
    name: str
    filed: Counted
    figures: dict[Figure, Counted]
    rates: Rates | None


class HeatLine(Told):
    """A place; ``cells`` by month."""

    code: str | None
    name: str
    cells: list[Counted]


class StepTime(Counted):
    """Hours to a tenth, nights and holidays counted; ``hop`` is the time that approved returns took."""

    step: str
    median_hours: float | None
    p90_hours: float | None


class OfPromises(Told):
    """``GET /commitments?{query}`` lists them."""

    due: Counted
    fulfilled: Counted
    broken: Counted
    overdue: Counted


class UnitsPromises(OfPromises):
    code: str
    name: str


class OfPromiseState(Counted):
    code: CommitmentState


class Promises(OfPromises):
    states: list[OfPromiseState]
    departments: list[UnitsPromises]


class Analysis(Told):
    """Of cases filed from ``from`` to ``to``; ``docs/figures.md`` says what each figure counts."""

    from_: str = Field(alias="from")
    to: str
    department: UnitName | None
    place: str | None
    as_of: str
    kept: bool = Field(description="reckoned before, within the last hour: of many cases")
    filed: Counted
    figures: dict[Figure, Counted]
    rates: Rates
    types: list[OfType]
    states: list[OfState]
    days: list[OfDay]
    departments: list[Line]
    places: list[Line]
    months: list[str]
    heat: list[HeatLine]
    steps: list[StepTime]
    commitments: Promises


async def figures(call: Call) -> web.Response:
    actor, process = call.only(*READERS), call.process
    query = call.query(AnalysisQuery)
    async with process.database.read() as unit:
        facts: dict[str, Any] = await look(process.desk(unit), actor, query)
    return shown(Analysis, facts)
