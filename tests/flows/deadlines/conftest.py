"""A year of the office in minutes: staff, a turned clock, and what was reminded of."""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime
from pathlib import Path

import pytest

from intake.clock import SHANGHAI, local
from intake.desk import Desk
from intake.reminders.firing import fire
from storage.engine import Database
from storage.stores.reminders import ReminderRow
from storage.vocab import Role
from tests.conftest import Office
from tests.flows.api.service import Service, running
from tests.support.time import HandClock

UNIT = "zhujian"


@pytest.fixture
async def service(database: Database, database_url: str, tmp_path: Path) -> AsyncIterator[Service]:
    async with running(database, database_url, tmp_path) as opened:
        yield opened


def at(text: str) -> datetime:
    """``2026-03-12 08:30`` in Shanghai."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


async def employ(desk: Desk, login: str, role: Role, department: str | None = None) -> None:
    """An account whose password nobody knows."""
    await desk.unit.staff.add(
        {
            "login": login,
            "password_hash": "",
            "name": f"示例{login}",
            "role": role.value,
            "department": department,
            "disabled": False,
            "created_at": desk.now(),
        }
    )


async def everybody(desk: Desk) -> None:
    """Two handlers and a head of :data:`UNIT`, a supervisor, a leader and a dispatcher."""
    for login in ("handler-1", "handler-2"):
        await employ(desk, login, Role.HANDLER, UNIT)
    await employ(desk, "head", Role.HEAD, UNIT)
    for role in (Role.SUPERVISOR, Role.LEADER, Role.DISPATCHER):
        await employ(desk, role.value, role)


async def fire_all(office: Office, batch: int = 500) -> None:
    """Fire whatever is due now, batch by batch."""
    more = True
    while more:
        async with office() as desk:
            more = await fire(desk, batch)


Turn = Callable[[str], Awaitable[list[ReminderRow]]]


@pytest.fixture
def turn(office: Office, clock: HandClock) -> Turn:
    """Turn the clock to a moment in Shanghai and fire; the reminders that came of it."""
    known: set[int] = set()

    async def turned(text: str) -> list[ReminderRow]:
        clock.set(at(text))
        await fire_all(office)
        async with office() as desk:
            found = await desk.unit.reminders.since(None, limit=100_000)
        fresh = [one for one in found if one.id not in known]
        known.update(one.id for one in fresh)
        return fresh

    return turned


def shown(rows: list[ReminderRow]) -> set[tuple[str, str, str | None, str]]:
    """Clock, rung, login and minute of each reminder."""
    return {(one.clock, one.rung, one.login, f"{local(one.at):%m-%d %H:%M}") for one in rows}
