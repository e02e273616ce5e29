"""Forgetting in time: what was said after 30 days, who left after 30 days, who was reminded after a year; the
cases and their archive stay.

Source: the promise of ``docs/privacy.md`` and the platform's rules for users who leave (wechat 6, item 8).
"""

from dataclasses import dataclass
from datetime import timedelta

from intake.desk import Desk
from intake.leaving import forget_left

KEEP = timedelta(days=30)
REMINDERS = timedelta(days=365)
BATCH = 200


@dataclass(frozen=True, slots=True)
class Forgotten:
    """How many rows were emptied, how many citizens erased, how many reminders deleted."""

    inbox: int
    outbox: int
    citizens: int
    reminders: int


async def forget(desk: Desk) -> Forgotten:
    """Empty the bodies of messages in and out that are 30 days old, erase whoever left so long ago, and
    delete the reminders of more than a year ago."""
    before = desk.now() - KEEP
    inbox = await desk.unit.inbox.empty_bodies(before)
    outbox = await desk.unit.outbox.empty_bodies(before)
    await desk.unit.outbox.forget_deliveries(before)
    citizens = 0
    while erased := await forget_left(desk, BATCH):
        citizens += erased
    reminders = await desk.unit.reminders.forget(desk.now() - REMINDERS)
    return Forgotten(inbox, outbox, citizens, reminders)
