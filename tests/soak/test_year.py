"""A year of the office with a turned clock: every rung that the rules demand is fired exactly once, in time.

What is demanded is reckoned apart (``tests.soak.reckoning``). Processes die in the middle of firing, and some
stay away for days; in July an administrator declares a working day off and a day off worked.
"""

import heapq
import random
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, text

from intake import archive
from intake.cases import timers
from intake.city import City, load_city
from intake.desk import Desk
from intake.recounting import DayChange, recount, set_day
from intake.reminders.firing import fire
from storage.engine import Database
from storage.tables.cases import cases, clocks
from storage.tables.events import event_payloads, events
from storage.tables.reminders import fired_rungs
from storage.unit import Unit
from storage.vocab import Role
from tests.flows.deadlines.conftest import employ
from tests.flows.deadlines.test_calendar import ADMIN
from tests.soak.courses import UNITS, Course, Diary, take
from tests.soak.reckoning import CHINA, DAY, PERIODS, SECOND, Days, Life, Outages, demanded, epochs
from tests.support import databases
from tests.support.city import make_vault
from tests.support.time import HandClock

pytestmark = [pytest.mark.soak, pytest.mark.timeout(3600)]

BEGIN, CLOSE = datetime(2025, 1, 2, 8, tzinfo=CHINA), datetime(2025, 12, 6, tzinfo=CHINA)
END = datetime(2026, 2, 10, tzinfo=CHINA)
"""Nothing new after ``CLOSE``, so that by ``END`` every rung of 2025 has come; the years are published."""
CHANGED = datetime(2025, 7, 10, 10, 0, tzinfo=CHINA)
SAID = {date(2025, 7, 16): False, date(2025, 7, 19): True}
YEARS = range(2024, 2027)
STRETCH = timedelta(minutes=110)
"""Less than the shortest limit, so that nothing runs out within the stretch in which it began."""
KILLED_EVERY, AWAY_HOURS = 3, (1, 70)


class Killed(Exception):
    """The process is gone, in the middle of a unit."""


@dataclass
class Office:
    """The one process that runs, until it is killed and another starts from the database."""

    url: str
    clock: HandClock
    database: Database
    city: City | None = None
    killed: int = 0
    digests: Counter[str] = field(default_factory=Counter)

    def desk(self, unit: Unit) -> Desk:
        assert self.city is not None
        return Desk(unit, self.clock, make_vault(), self.city)

    async def start(self) -> None:
        async with self.database.read() as unit:
            self.city = await load_city(unit, self.city)

    async def kill(self) -> None:
        """Die in the middle of firing; what was not committed never was."""
        with suppress(Killed):
            async with self.database.write() as unit:
                await fire(self.desk(unit), 50)
                raise Killed
        await self.database.close()
        self.killed += 1
        self.database, self.city = Database(self.url), None
        await self.start()

    async def tick(self, moment: datetime) -> None:
        """What the workers do at a moment until nothing is left."""
        self.clock.set(moment)
        more = True
        while more:
            async with self.database.write() as unit:
                more = await fire(self.desk(unit))

    async def planned(self) -> datetime | None:
        """When the next reminder is to be fired."""
        async with self.database.read() as unit:
            return await _planned(unit, self.clock.now())

    async def act(self, diary: Diary, until: datetime) -> tuple[datetime, datetime | None]:
        """Whatever people do up to a moment, in one unit; until when it went, and what is planned then.

        After something urgent it goes on for less than the shortest limit, so that nothing runs out unseen.
        """
        async with self.database.write() as unit:
            while diary.plan and diary.plan[0][0] < until:
                moment, _, step = heapq.heappop(diary.plan)
                self.clock.set(moment)
                await take(diary, self.desk(unit), step)
                if diary.pressing:
                    diary.pressing, until = False, min(until, moment + STRETCH)
            return until, await _planned(unit, self.clock.now())


@pytest.fixture(params=["sqlite", "postgres"])
def address(request: pytest.FixtureRequest) -> str:
    """Where PostgreSQL listens, or nothing for SQLite."""
    if request.param == "postgres":
        return databases.postgres_address()
    databases.sqlite_template()  # made before any event loop runs
    return ""


@pytest.fixture
async def year_url(address: str, tmp_path: Path) -> AsyncIterator[str]:
    if not address:
        yield databases.copy_sqlite(tmp_path)
        return
    async with databases.copy_postgres(address) as url:
        yield url


async def test_a_year_with_restarts(
    year_url: str, size: Callable[[int], int], noted: Callable[..., None]
) -> None:
    rng = random.Random(20251)
    clock = HandClock(BEGIN)
    office = Office(year_url, clock, Database(year_url))
    await office.start()
    async with office.database.write() as unit:
        await _employ(office.desk(unit))
    diary, many = Diary(rng), size(20_000)
    span = int((CLOSE - BEGIN).total_seconds())
    for number in range(many):
        diary.at(BEGIN + timedelta(seconds=rng.randrange(span)), Course(diary, number).file)
    outages = _outages(rng, size(60))
    await _live(office, diary, outages)
    noted(**await _judged(office, diary, outages, many))
    await office.database.close()


async def _live(office: Office, diary: Diary, outages: Outages) -> None:
    """Go from moment to moment: what is planned next, each opening of the office, each death."""
    openings, spans, changes = _openings(), list(outages.spans), [CHANGED]
    now, planned = BEGIN, await office.planned()
    while now < END:
        looked_at = min([openings[0], *changes, *([planned] if planned else [])])
        dies = bool(spans) and spans[0][0] <= looked_at
        now, planned = await office.act(diary, spans[0][0] if dies else looked_at)
        assert planned is None or planned >= now, "the stretch was too long to see every moment"
        if dies and now == spans[0][0]:
            office.clock.set(now)
            await office.kill()
            now = spans.pop(0)[1]
            diary.plan[:] = sorted((max(at, now + SECOND), n, step) for at, n, step in diary.plan)
        elif now < looked_at:
            continue
        while openings[0] <= now:
            del openings[0]
        await office.tick(now)
        if now.time() == PERIODS[0][0]:
            office.clock.set(now + SECOND)  # after whatever was fired
            async with office.database.write() as unit:
                await timers.close_unrated(office.desk(unit), 10_000)
        if changes and now >= CHANGED:
            assert now == changes.pop()
            await _change(office)
        planned = await office.planned()


async def _planned(unit: Unit, now: datetime) -> datetime | None:
    found = await unit.connection.execute(
        select(clocks.c.next_rung_at)
        .where(
            text("clock.state = 'running' AND clock.next_rung_at IS NOT NULL"), clocks.c.next_rung_at > now
        )
        .order_by(clocks.c.next_rung_at)
        .limit(1)
    )
    planned = found.scalar_one_or_none()
    return planned.astimezone(CHINA) if planned else None


async def _change(office: Office) -> None:
    async with office.database.write() as unit:
        for day, working in SAID.items():
            await set_day(office.desk(unit), ADMIN, day, DayChange(working=working, reason="示例"))
    looked = 1
    while looked:
        async with office.database.write() as unit:
            office.city = await load_city(unit, office.city)
            looked = (await recount(office.desk(unit))).looked


async def _judged(office: Office, diary: Diary, outages: Outages, many: int) -> dict[str, int]:
    """Compare what was fired and what is due with what the rules say; the counts for the record."""
    before, after = Days(YEARS), Days(YEARS, SAID)
    calendars = [(BEGIN - DAY, before), (CHANGED, after)]
    async with office.database.read() as unit:
        rows = (
            await unit.connection.execute(
                select(clocks, cases.c.type, cases.c.urgent).join(cases, cases.c.id == clocks.c.case_id)
            )
        ).all()
        fired = {
            (clock, rung, version): at
            for clock, rung, version, at in await unit.connection.execute(select(fired_rungs))
        }
        doubled = await _doubled(unit)
        leads = await _leads_of_a_rung(unit)
        assert await archive.verify(unit, make_vault().archive_key) == []
    wanted, urgent, lives = {}, set(), {}
    for row in rows:
        life = Life(row.kind, row.type, row.urgent, row.started_at, row.ended_at, [])
        if row.kind in ("answer", "rework"):
            extended = diary.extensions.get(row.case_id, [])
            life.extensions = [
                one
                for one in extended
                if row.started_at <= one[0] and (not row.ended_at or one[0] <= row.ended_at)
            ]
        lived = epochs(life, calendars)
        lives[row.id] = (life, lived)
        assert (row.due_at, row.due_version) == (lived[-1].due, lived[-1].version), row
        for name, version, at in demanded(life, lived, outages):
            wanted[row.id, name, version] = at
            urgent |= {row.id} if row.urgent else set()
    missing = {key: at for key, at in wanted.items() if key not in fired}
    needless = {key: at for key, at in fired.items() if key not in wanted}
    late = {key: (at, fired[key]) for key, at in wanted.items() if key in fired and fired[key] != at}
    wrong = [(key, lives[key[0]]) for key in (*missing, *needless, *late)]
    assert (missing, needless, late) == ({}, {}, {}), wrong[:3]
    outside = {
        key
        for key, at in fired.items()
        if key[0] not in urgent and (after if at >= CHANGED else before).office(at) != at
    }
    assert outside == set()
    assert doubled == (0, 0)
    assert leads == sum(rung == "T+5" for _, rung, _ in fired)
    assert len(wanted) > many, "a year in which hardly anything is late proves little"
    return {
        "cases": many,
        "actions": diary.done,
        "restarts": office.killed,
        "clocks": len(rows),
        "rungs": len(fired),
    }


async def _doubled(unit: Unit) -> tuple[int, int]:
    """Rungs that a person was told twice; digests that a person got beside another of the same minute."""
    counts = []
    for columns, table in (
        ("clock_id, rung, due_version, login, role", "reminder"),
        ("login, via, created_at", "outbox WHERE login IS NOT NULL"),
    ):
        grouped = f"SELECT 1 FROM {table} GROUP BY {columns} HAVING count(*) > 1"
        counts.append(await _count(unit, grouped))
    return counts[0], counts[1]


async def _leads_of_a_rung(unit: Unit) -> int:
    """Leads proposed because a case is late: only these name the clock. Denied answers and a third return
    propose one as well."""
    query = select(event_payloads.c.body).join(events, events.c.id == event_payloads.c.event_id)
    found = await unit.connection.execute(query.where(events.c.action == "lead_proposed"))
    return sum("clock" in body for body in found.scalars())


async def _count(unit: Unit, query: str) -> int:
    """How many rows a query finds."""
    found = await unit.connection.execute(text(f"SELECT count(*) FROM ({query}) AS found"))
    return int(found.scalar_one())


async def _employ(desk: Desk) -> None:
    for code in UNITS:
        for role in (Role.HANDLER, Role.HEAD):
            await employ(desk, f"{code}-{role.value}", role, code)
    for role in (Role.SUPERVISOR, Role.LEADER, Role.DISPATCHER):
        await employ(desk, role.value, role)


def _openings() -> list[datetime]:
    """Every opening of the office, by the calendar of the independent package and by the changed one."""
    days, before, after = [], Days(YEARS), Days(YEARS, SAID)
    day = BEGIN.date()
    while day <= END.date() + 20 * DAY:
        if before.work(day) or after.work(day):
            days.append(day)
        day += DAY
    return [datetime.combine(day, start, CHINA) for day in days for start, _ in PERIODS]


def _outages(rng: random.Random, restarts: int) -> Outages:
    """Deaths spread over the year; each third is followed by hours or days without any process."""
    slot = (END - BEGIN) / restarts
    spans = []
    for number in range(restarts):
        start = BEGIN + slot * number + timedelta(minutes=rng.randrange(int(slot.total_seconds() / 240)))
        start = start.replace(second=7, microsecond=0)
        hours = rng.uniform(*AWAY_HOURS) if number % KILLED_EVERY == 0 else 0.0
        end = (start + timedelta(hours=hours)).replace(second=7, microsecond=0)
        if start <= CHANGED <= end:
            end = start
        spans.append((start, max(start, end)))
    return Outages(spans)
