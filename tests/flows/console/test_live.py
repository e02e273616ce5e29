"""Pages that stay open hear that something they show has changed, and nothing of what is not theirs."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

import pytest
from aiohttp import ClientResponse, ClientTimeout

from bot.console import live
from bot.console.live import HUB
from intake.messages import leave
from intake.reporters import add_person
from storage.unit import Unit
from storage.vocab import Role
from tests.flows.api.service import Service
from tests.flows.console.office import RETURN, UNIT, case, do
from tests.flows.console.reader import Browser, signed_in

SOON = 5.0  # seconds


@pytest.fixture(autouse=True)
def _looks_often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "EVERY", 0.02)


@asynccontextmanager
async def listening(page: Browser, query: str = "") -> AsyncIterator[ClientResponse]:
    """An open stream, past its first line."""
    address = f"{page._base}/console/live{query}"
    async with page._session.get(address, timeout=ClientTimeout(total=None)) as answer:
        assert answer.status == 200
        assert answer.content_type == "text/event-stream"
        assert answer.headers["Cache-Control"] == "no-store"
        async with asyncio.timeout(SOON):
            assert await answer.content.readline() == b"retry: 3000\n"
        yield answer


async def heard(answer: ClientResponse, name: str) -> None:
    """Read until this event comes."""
    async with asyncio.timeout(SOON):
        while (line := await answer.content.readline()) != f"event: {name}\n".encode():
            assert line, "the stream ended"


async def nothing(answer: ClientResponse, names: set[str], until: str) -> None:
    """None of these comes before ``until`` does."""
    async with asyncio.timeout(SOON):
        while (line := (await answer.content.readline()).decode().strip()) != f"event: {until}":
            assert line.removeprefix("event: ") not in names


async def test_a_new_case_and_a_step_are_heard_where_they_are_seen(service: Service) -> None:
    number = await case(service)
    async with signed_in(service, Role.HANDLER, UNIT) as page, listening(page, f"?case={number}") as stream:
        await case(service)
        await nothing(stream, {"case"}, "cases")
        await do(service, number, "sign", Role.HEAD)
        await heard(stream, "case")


async def test_another_units_cases_are_not_heard(service: Service) -> None:
    number = await case(service)
    mine = (await service.file("市教育局承诺九月开学，没有兑现。", department="jiaoyu")).case
    path = f"/cases/{mine.tracking_no}/actions/sign"
    async with signed_in(service, Role.HANDLER, "jiaoyu") as page:
        async with listening(page, f"?case={mine.tracking_no}") as stream:
            async with signed_in(service, Role.DISPATCHER) as other, listening(other) as all_of_it:
                await do(service, number, "sign", Role.HEAD)
                await heard(all_of_it, "cases")
            await service.ask("POST", path, Role.HANDLER, "jiaoyu", json={"version": mine.version})
            await nothing(stream, {"cases"}, until="case")  # both come together, this one first
        await page.open(f"/console/live?case={number}")
        assert page.status == 404


async def test_what_a_unit_gave_back_it_still_hears_of(service: Service) -> None:
    number = await case(service, RETURN)
    async with signed_in(service, Role.HEAD, UNIT) as page, listening(page) as stream:
        await do(service, number, "rule_return", Role.DISPATCHER, approve=True, reason="属实")
        await heard(stream, "cases")


async def test_what_happened_while_a_page_was_on_its_way_is_told_at_once(service: Service) -> None:
    async with signed_in(service, Role.DISPATCHER) as page:
        await page.open("/console")
        tip = page.html.partition("/console/live?tip=")[2].partition('"')[0]
        await case(service)
        async with listening(page, f"?tip={tip}") as stream:
            await heard(stream, "cases")


async def test_a_message_left_for_a_person_is_heard_by_who_answers(service: Service) -> None:
    async def left(unit: Unit) -> None:
        desk = service.process.desk(unit)
        await leave(desk, await add_person(desk), "我想找个人说说。")

    async with signed_in(service, Role.DISPATCHER) as page, listening(page) as stream:
        await service.process.database.run(left)
        await heard(stream, "cases")


async def test_a_stream_ends_with_its_session(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "HEARTBEAT", 0.05)
    async with signed_in(service, Role.DISPATCHER) as page, listening(page) as stream:
        async with asyncio.timeout(SOON):
            while await stream.content.readline() != b": here\n":
                pass
        await page.open("/console")
        await page.send("/console/logout")
        await heard(stream, "bye")
        async with asyncio.timeout(SOON):
            await stream.content.read()


async def test_the_newest_pages_of_a_session_are_the_ones_that_hear(service: Service) -> None:
    async with signed_in(service, Role.DISPATCHER) as page, AsyncExitStack() as streams:
        opened = [await streams.enter_async_context(listening(page)) for _ in range(live.PER_SESSION + 1)]
        await heard(opened[0], "bye")
        await case(service)
        await heard(opened[-1], "cases")


async def test_no_transaction_stays_open_and_shutting_down_ends_every_stream(service: Service) -> None:
    async with signed_in(service, Role.DISPATCHER) as page, listening(page) as stream:
        await case(service)
        await heard(stream, "cases")
        for engine in {service.process.database._reader, service.process.database._writer}:
            assert engine.pool.checkedout() <= 1  # the look itself, which gives it back
        assert service.client.app is not None
        await service.client.app[HUB].close(service.client.app)
        async with asyncio.timeout(SOON):
            await stream.content.read()
