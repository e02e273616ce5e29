"""What the platform says of a card reaches the card's row, whichever of the two is written down first."""

import asyncio
from functools import partial

import pytest

from intake.desk import Desk
from intake.notices import queue
from intake.retention import forget
from storage.engine import Database
from storage.stores.outbox import OutboxRow
from tests.conftest import Office
from tests.flows.intake.people import meet
from tests.support.time import HandClock

SENT = {"state": "sent", "reason": None}


async def sending(desk: Desk, count: int = 1) -> list[OutboxRow]:
    """Rows under the lease of ``me``, of as many citizens."""
    for number in range(count):
        await queue(desk, await meet(desk, f"o{number:027}"), "reply", {"text": "您好"})
    now = desk.clock.wall()
    return await desk.unit.outbox.claim(worker="me", now=now, until=now, limit=count)


async def settle(desk: Desk, row: OutboxRow, number: str) -> None:
    reported = await desk.unit.outbox.numbered(row.id, number, at=desk.now())
    assert await desk.unit.outbox.settle(
        row.id, worker="me", values={**SENT, "platform_msg_id": number, **reported}
    )


async def report(desk: Desk, number: str, delivered: bool = False) -> bool:
    reason = None if delivered else "failed:user block"
    return await desk.unit.outbox.report_delivery(number, delivered=delivered, reason=reason, at=desk.now())


@pytest.mark.parametrize("early", [True, False])
@pytest.mark.parametrize("delivered", [True, False])
async def test_a_report_finds_its_card_in_either_order(office: Office, early: bool, delivered: bool) -> None:
    async with office() as desk:
        row = (await sending(desk))[0]
        if early:
            assert not await report(desk, "m1", delivered)
            await settle(desk, row, "m1")
        else:
            await settle(desk, row, "m1")
            assert await report(desk, "m1", delivered)
        after = await desk.unit.outbox.get(row.id)
        assert after is not None
        assert (after.state, after.delivered) == ("sent", delivered)
        assert after.reason == (None if delivered else "failed:user block")


async def test_reports_and_senders_at_once_lose_nothing(
    office: Office, database: Database, clock: HandClock
) -> None:
    async with office() as desk:
        rows = await sending(desk, 20)
        city, vault = desk.city, desk.vault

    async def write(row: OutboxRow) -> None:
        await database.run(lambda unit: settle(Desk(unit, clock, vault, city), row, f"m{row.id}"))

    async def hear(row: OutboxRow) -> None:
        await database.run(lambda unit: report(Desk(unit, clock, vault, city), f"m{row.id}"))

    await asyncio.gather(*(partial(do, row)() for row in rows for do in (hear, write)))
    async with database.read() as unit:
        after = [await unit.outbox.get(row.id) for row in rows]
    assert [row.delivered for row in after if row] == [False] * 20


async def test_numbers_are_forgotten_after_thirty_days(office: Office, clock: HandClock) -> None:
    async with office() as desk:
        await report(desk, "nobodys")
        clock.advance(days=31)
        await forget(desk)
        row = (await sending(desk))[0]
        await settle(desk, row, "nobodys")
        after = await desk.unit.outbox.get(row.id)
        assert after is not None
        assert after.delivered is None
