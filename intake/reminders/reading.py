"""Reminders as they are read: all of them by a supervisor, one's own in the console."""

import base64
import binascii
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from intake.actor import OF_ONE_UNIT, Actor
from intake.clock import local
from intake.desk import Desk
from intake.errors import Invalid
from intake.reminders.recipients import CONSOLE
from storage.stores.reminders import ReminderRow

LISTED = 200
OF_CASE = 50
_Told = tuple[str, str, str, datetime]


@dataclass(frozen=True, slots=True)
class Line:
    """One reminder; ``elsewhere``: the same by other channels, with what became of it there."""

    told: ReminderRow
    elsewhere: list[ReminderRow]


@dataclass(frozen=True, slots=True)
class Digest:
    """What one person was reminded of at once; ``seen`` when it had been looked at before."""

    at: datetime
    lines: list[Line]
    seen: bool


async def page(
    desk: Desk, since: datetime | None, *, cursor: str | None, limit: int
) -> tuple[list[dict[str, Any]], str | None]:
    """Reminders from ``since`` on as the API shows them, oldest first, and the cursor of the next page.

    Raises :class:`Invalid` for a cursor that is none.
    """
    after = _opened(cursor) if cursor else None
    rows = await desk.unit.reminders.since(since, after=after, limit=limit + 1)
    more, rows = len(rows) > limit, rows[:limit]
    return [_told(row) for row in rows], _sealed(rows[-1]) if more else None


async def of_case(desk: Desk, actor: Actor, case_id: str) -> list[ReminderRow]:
    """Who was reminded of a case, newest first; a unit reads those of its own people."""
    rows = await desk.unit.reminders.of_case(case_id, limit=OF_CASE)
    if actor.role in OF_ONE_UNIT:
        return [row for row in rows if row.department == actor.department]
    return rows


async def look(desk: Desk, login: str) -> list[Digest]:
    """A person opens the console's list: the newest digests first, all of them delivered from now on."""
    rows = await desk.unit.reminders.shown_to(login, CONSOLE, limit=LISTED)
    elsewhere: dict[_Told, list[ReminderRow]] = defaultdict(list)
    for row in await _elsewhere(desk, login, rows):
        elsewhere[_rung(row)].append(row)
    await desk.unit.reminders.seen(login, CONSOLE)
    digests = []
    for _, lines in groupby(rows, key=lambda row: row.digest_id):
        ordered = sorted(lines, key=lambda row: (row.due_at, row.id))
        shown = [Line(row, elsewhere[_rung(row)]) for row in ordered]
        digests.append(Digest(ordered[0].at, shown, ordered[0].delivered is not None))
    return digests


async def _elsewhere(desk: Desk, login: str, rows: list[ReminderRow]) -> list[ReminderRow]:
    if not rows:
        return []
    return await desk.unit.reminders.elsewhere(login, CONSOLE, since=min(row.at for row in rows))


def _rung(row: ReminderRow) -> _Told:
    return row.tracking_no, row.clock, row.rung, row.at


def _told(row: ReminderRow) -> dict[str, Any]:
    return {
        "tracking_no": row.tracking_no,
        "commitment": row.commitment,
        "clock": row.clock,
        "rung": row.rung,
        "due_at": local(row.due_at).isoformat(timespec="seconds"),
        "estimated": row.estimated,
        "recipient": {"login": row.login, "role": row.role, "department": row.department},
        "channel": row.channel,
        "stands_for": row.stands_for,
        "at": local(row.at).isoformat(timespec="seconds"),
        "delivered": row.delivered,
    }


def _sealed(row: ReminderRow) -> str:
    return base64.urlsafe_b64encode(f"{row.at.isoformat()}|{row.id}".encode()).decode()


def _opened(cursor: str) -> tuple[datetime, int]:
    try:
        at, number = base64.urlsafe_b64decode(cursor).decode().split("|")
        moment, row = datetime.fromisoformat(at), int(number)
    except (binascii.Error, ValueError) as error:
        raise Invalid("翻页标记不对", fields={"cursor": "翻页标记不对"}) from error
    if moment.tzinfo is None or row >= 2**62:
        raise Invalid("翻页标记不对", fields={"cursor": "翻页标记不对"})
    return moment, row
