"""Case files: written under a version, read through what the reader may see."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, delete, desc, func, insert, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.stores.case_words import SAID
from storage.stores.rows import all_made, columns, made
from storage.stores.sights import Sight, readable
from storage.stores.stale import Raced
from storage.tables.cases import cases, hidden_from, query_attempts, serials


@dataclass(frozen=True, slots=True)
class CaseRow:
    """One case as the office keeps it; ``text`` is masked for confidential and anonymous reporters."""

    id: str
    tracking_no: str
    type: str
    state: str
    channel: str
    source_number: str | None
    reporter_id: str
    mode: str
    reporter_kind: str
    text: str
    awaits_transcript: bool
    transcript: str | None
    department: str | None
    assignee: str | None
    urgent: bool
    place: str | None
    about_commitment: float
    breach: list[dict[str, Any]]
    commitment: str | None
    commitment_by: str | None
    promise: str | None
    accused: list[str]
    accuses_people: bool
    suggestion: list[dict[str, Any]]
    understood: str
    route_reason: str | None
    outcome: str | None
    planned_on: date | None
    answer: str | None
    rating: int | None
    reopened_by_right: bool
    appealed: bool
    supervised: bool
    followed_up_at: datetime | None
    calls_missed: int
    claims: list[dict[str, Any]] | None
    merged_into: str | None
    before_merge: dict[str, Any] | None
    linked: int
    query_code: str
    rules_version: str
    created_at: datetime
    updated_at: datetime
    dispatched_at: datetime | None
    answered_at: datetime | None
    closed_at: datetime | None
    version: int
    last_seq: int
    last_hash: str


@dataclass(frozen=True, slots=True)
class NearRow:
    """What is compared of a case that may be the same matter as another one."""

    id: str
    tracking_no: str
    type: str
    state: str
    department: str | None
    reporter_id: str
    text: str
    transcript: str | None
    accused: list[str]
    merged_into: str | None


_ROW = columns(cases, CaseRow)
_ADD = insert(cases).returning(*_ROW)
_CHANGE = (
    update(cases)
    .where(cases.c.id == bindparam("case_id"), cases.c.version == bindparam("read_version"))
    .returning(*_ROW)
)
_FOLLOW = (
    update(cases)
    .where(cases.c.id == bindparam("of_case"))
    .values(last_seq=bindparam("seq"), last_hash=bindparam("tip"), version=cases.c.version + 1)
)
_OF_REPORTER = (
    select(*_ROW)
    .where(cases.c.reporter_id == bindparam("reporter"))
    .order_by(desc(cases.c.created_at), desc(cases.c.tracking_no))
    .limit(bindparam("most"))
)
_NEAR = (
    select(*columns(cases, NearRow))
    .where(cases.c.state.in_(bindparam("states", expanding=True)), cases.c.created_at >= bindparam("since"))
    .where(
        or_(
            cases.c.text.like(bindparam("held"), escape="/"),
            cases.c.transcript.like(bindparam("held"), escape="/"),
        )
    )
    .order_by(desc(cases.c.created_at))
    .limit(bindparam("most"))
)
_NEAR_NOBODY = _NEAR.where(cases.c.department.is_(None))
_NEAR_UNIT = _NEAR.where(cases.c.department == bindparam("unit"))
_SERIAL = {
    name: dialect.insert(serials)
    .on_conflict_do_update(index_elements=["prefix", "day"], set_={"last": serials.c.last + 1})
    .returning(serials.c.last)
    for name, dialect in (("sqlite", sqlite), ("postgresql", postgresql))
}


class CaseStore:
    def __init__(self, connection: AsyncConnection) -> None:
        self._db = connection

    async def next_serial(self, prefix: str, day: date) -> int:
        """The day's next number; held until the unit ends, so no number is given twice."""
        first = {"prefix": prefix, "day": day, "last": 1}
        given = await self._db.execute(_SERIAL[self._db.dialect.name], first)
        return int(given.scalar_one())

    async def add(self, values: dict[str, Any]) -> CaseRow:
        added = await self._db.execute(_ADD, values)
        return CaseRow(*added.one())

    async def change(self, case: CaseRow, values: dict[str, Any]) -> CaseRow:
        """Write under the version that was read; raises :class:`Raced` where it moved."""
        read: dict[str, Any] = {"case_id": case.id, "read_version": case.version}
        if not values.keys().isdisjoint(SAID):
            read["worded"] = False
        done = await self._db.execute(_CHANGE, {**read, "version": case.version + 1, **values})
        row = done.one_or_none()
        if row is None:
            raise Raced("case")
        return CaseRow(*row)

    async def follow(self, tips: dict[str, tuple[int, str]]) -> None:
        """Write the tips of events that were appended to cases whose rows are locked; the state stays."""
        if tips:
            rows = [{"of_case": one, "seq": seq, "tip": tip} for one, (seq, tip) in tips.items()]
            await self._db.execute(_FOLLOW, rows)

    async def hide_from(self, case_id: str, departments: list[str]) -> None:
        """From now on these units' staff do not see the case."""
        await self._db.execute(delete(hidden_from).where(hidden_from.c.case_id == case_id))
        if departments:
            rows = [{"case_id": case_id, "department": code} for code in departments]
            await self._db.execute(insert(hidden_from), rows)

    async def hidden_from(self, case_id: str) -> set[str]:
        """The units that must not have the case, nor any that is merged into it."""
        linked = select(cases.c.id).where(cases.c.merged_into == case_id)
        found = await self._db.execute(
            select(hidden_from.c.department).where(
                or_(hidden_from.c.case_id == case_id, hidden_from.c.case_id.in_(linked))
            )
        )
        return set(found.scalars())

    async def hidden_from_each(self, case_ids: Collection[str]) -> dict[str, set[str]]:
        """Case → the units that must not have it, where there are any; of several at once."""
        found = await self._db.execute(
            select(hidden_from.c.case_id, hidden_from.c.department).where(hidden_from.c.case_id.in_(case_ids))
        )
        units: dict[str, set[str]] = {}
        for case_id, department in found:
            units.setdefault(case_id, set()).add(department)
        return units

    async def assigned(self, login: str) -> int:
        """How many open cases a person works."""
        mine = cases.c.assignee == login, cases.c.state.not_in(("closed", "declined", "withdrawn"))
        return int((await self._db.execute(select(func.count(cases.c.id)).where(*mine))).scalar_one())

    async def near(
        self,
        units: Collection[str | None],
        states: Collection[str],
        *,
        since: datetime,
        holding: str,
        limit: int,
    ) -> list[NearRow]:
        """The newest cases of each of these units (None: of none yet), in these states, that came since
        then, and whose words (typed or written down) hold ``holding``."""
        escaped = re.sub(r"([/%_])", r"/\1", holding)
        asked = {"states": list(states), "since": since, "held": f"%{escaped}%", "most": limit}
        found: list[NearRow] = []
        for unit in units:
            query, whose = (_NEAR_NOBODY, {}) if unit is None else (_NEAR_UNIT, {"unit": unit})
            found += all_made(NearRow, await self._db.execute(query, asked | whose))
        return found

    async def merged_into(self, case_id: str) -> list[CaseRow]:
        """The cases that are merged into one, oldest first."""
        found = await self._db.execute(
            select(*_ROW).where(cases.c.merged_into == case_id).order_by(cases.c.created_at, cases.c.id)
        )
        return all_made(CaseRow, found)

    async def by_number(self, tracking_no: str, sight: Sight, *, lock: bool = False) -> CaseRow | None:
        query = select(*_ROW).where(cases.c.tracking_no == tracking_no, readable(sight))
        found = await self._db.execute(query.with_for_update() if lock else query)
        return made(CaseRow, found.one_or_none())

    async def by_numbers(self, numbers: Collection[str], sight: Sight) -> dict[str, CaseRow]:
        """Number → case, of those that may be read."""
        found = await self._db.execute(select(*_ROW).where(cases.c.tracking_no.in_(numbers), readable(sight)))
        return {row.tracking_no: row for row in all_made(CaseRow, found)}

    async def get(self, case_id: str) -> CaseRow | None:
        return made(
            CaseRow, (await self._db.execute(select(*_ROW).where(cases.c.id == case_id))).one_or_none()
        )

    async def by_ids(self, case_ids: Collection[str]) -> dict[str, CaseRow]:
        found = await self._db.execute(select(*_ROW).where(cases.c.id.in_(case_ids)))
        return {row.id: row for row in all_made(CaseRow, found)}

    async def by_source(self, channel: str, source_number: str) -> CaseRow | None:
        found = await self._db.execute(
            select(*_ROW).where(cases.c.channel == channel, cases.c.source_number == source_number)
        )
        return made(CaseRow, found.one_or_none())

    async def of_reporter(self, reporter_id: str, limit: int = 20) -> list[CaseRow]:
        """A reporter's own cases, newest first."""
        found = await self._db.execute(_OF_REPORTER, {"reporter": reporter_id, "most": limit})
        return all_made(CaseRow, found)

    async def understood_by_rules(
        self, limit: int, *, after: str = "", besides: Collection[str]
    ) -> list[CaseRow]:
        """Cases that keyword rules judged, in no state of ``besides``, with ids behind ``after``."""
        found = await self._db.execute(
            select(*_ROW)
            .where(cases.c.understood == "rules", cases.c.state.not_in(besides), cases.c.id > after)
            .order_by(cases.c.id)
            .limit(limit)
        )
        return all_made(CaseRow, found)

    async def note_attempt(self, subject: str, at: datetime) -> None:
        await self._db.execute(insert(query_attempts).values(subject=subject, at=at))

    async def attempts_since(self, subject: str, since: datetime) -> int:
        found = await self._db.execute(
            select(func.count()).where(query_attempts.c.subject == subject, query_attempts.c.at > since)
        )
        return int(found.scalar_one())

    async def open_counts(self) -> dict[str, int]:
        found = await self._db.execute(select(cases.c.state, func.count()).group_by(cases.c.state))
        return {state: count for state, count in found}
