"""What happened to cases since a moment, and who may hear of it: for pages that stay open."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.tables.cases import cases, hidden_from
from storage.tables.events import events
from storage.tables.requests import case_requests as requests


@dataclass(frozen=True, slots=True)
class Happened:
    """An event of a case. ``units``: those whose staff may read the case now."""

    id: int
    case_id: str
    tracking_no: str
    supervised: bool
    units: frozenset[str]


class NewsStore:
    def __init__(self, connection: AsyncConnection) -> None:
        self._db = connection

    async def tip(self) -> int:
        """The number of the newest event; 0 without any."""
        return int((await self._db.execute(select(func.coalesce(func.max(events.c.id), 0)))).scalar_one())

    async def since(self, number: int, *, limit: int) -> list[Happened]:
        """The newest events of cases with higher numbers than ``number``."""
        found = (
            await self._db.execute(
                select(events.c.id, cases.c.id, cases.c.tracking_no, cases.c.supervised, cases.c.department)
                .select_from(events.join(cases, cases.c.id == events.c.subject_id))
                .where(events.c.subject_kind == "case", events.c.id > number)
                .order_by(events.c.id.desc())
                .limit(limit)
            )
        ).all()
        units = await self._readers({row[1]: row[4] for row in found})
        return [Happened(*row[:4], units[row[1]]) for row in found]

    async def _readers(self, having: dict[str, str | None]) -> dict[str, frozenset[str]]:
        """As ``storage.stores.sights.readable`` has it, of several cases at once."""
        units = {case_id: {unit} for case_id, unit in having.items()}
        if having:
            for case_id, unit in await self._beside(having):
                units[case_id].add(unit)
            rows = select(hidden_from.c.case_id, hidden_from.c.department)
            for case_id, unit in await self._db.execute(rows.where(hidden_from.c.case_id.in_(having))):
                units[case_id].discard(unit)
        return {case_id: frozenset(one for one in found if one) for case_id, found in units.items()}

    async def _beside(self, case_ids: Collection[str]) -> list[tuple[str, str | None]]:
        """The units that gave these cases back, and those that were asked to help."""
        gave_back = and_(requests.c.kind == "return", requests.c.approved)
        found = await self._db.execute(
            select(
                requests.c.case_id, requests.c.kind, requests.c.department, requests.c.proposed_department
            ).where(requests.c.case_id.in_(case_ids), or_(gave_back, requests.c.kind == "help"))
        )
        return [(case_id, helper if kind == "help" else unit) for case_id, kind, unit, helper in found]
