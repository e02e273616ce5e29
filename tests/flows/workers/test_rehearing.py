"""Rasa was away and is back: marked messages and cases are understood anew, and nothing moves by itself."""

from datetime import date

import pytest

from bot.factory import Process
from bot.nlu.port import Understanding
from bot.workers.rehearing import Rehearing
from storage.stores.cases import CaseRow
from storage.vocab import Breach
from tests.flows.workers.conftest import Town
from tests.support.time import HandClock


class Rasa:
    """In the place of the understander and of its client: away, ready, or unable to answer one text."""

    def __init__(self) -> None:
        self.health_now = "ready"
        self.odd = "从不"
        self.heard: list[str] = []

    @property
    def client(self) -> "RasaHealth":
        return RasaHealth(self)

    async def health(self) -> str:
        return self.health_now

    async def understand(self, text: str, *, today: date) -> Understanding:
        self.heard.append(text)
        by_rules = self.health_now != "ready" or text == self.odd
        source, model = ("rules", "") if by_rules else ("rasa", "model-2")
        return Understanding("complaint", 0.9, source, (), 0.8, ((Breach.B5, 0.7),), model)


class RasaHealth:
    def __init__(self, rasa: Rasa) -> None:
        self._rasa = rasa

    @property
    def health(self) -> str:
        return self._rasa.health_now


@pytest.fixture
def rasa(process: Process) -> Rasa:
    rasa = Rasa()
    process.understander, process.rasa = rasa, rasa.client  # type: ignore[assignment]
    return rasa


async def marked(town: Town, count: int, text: str = "承诺没有兑现") -> list[int]:
    """Messages that the rules understood."""
    reporter, _ = await town.citizen()
    ids = await town.notes(reporter, *[text] * count)
    done = {"done_at": town.process.clock.wall(), "wire": "success", "understood": "rules"}
    async with town.process.database.write() as unit:
        for row_id in ids:
            await unit.inbox.finish(row_id, done)
    return ids


async def left(town: Town) -> int:
    async with town.process.database.read() as unit:
        return (await unit.inbox.counts())["by_rules"]


async def case_by_rules(town: Town) -> CaseRow:
    reporter, _ = await town.citizen()
    case = await town.case(reporter)
    async with town.process.database.write() as unit:
        return await unit.cases.change(case, {"understood": "rules", "type": "complaint"})


async def test_marks_go_when_rasa_is_back_and_not_before(town: Town, rasa: Rasa, process: Process) -> None:
    (first, *_) = await marked(town, 120)
    rehearing = Rehearing(process)
    rasa.health_now = "degraded"

    await rehearing.step()
    assert (await left(town), rasa.heard) == (120, [])

    rasa.health_now = "ready"
    await rehearing.step()
    assert await left(town) == 0
    async with process.database.read() as unit:
        row = await unit.inbox.get(first)
    assert row is not None
    assert (row.understood, row.model) == ("rasa", "model-2")
    assert row.understanding is not None
    again = Understanding.from_json(process.vault.open_json(row.understanding, "understanding"))
    assert again.intent == "complaint"


async def test_a_text_that_rasa_cannot_answer_does_not_hold_up_the_others(
    town: Town, rasa: Rasa, process: Process
) -> None:
    rasa.odd = "怪话"
    await marked(town, 110, "怪话")
    await marked(town, 20)

    await Rehearing(process).step()

    assert await left(town) == 110


async def test_a_case_gets_a_better_suggestion_and_stays_where_it_is(
    town: Town, rasa: Rasa, process: Process
) -> None:
    before = await case_by_rules(town)

    await Rehearing(process).step()

    async with process.database.read() as unit:
        after = await unit.cases.get(before.id)
        events = await unit.events.of("case", before.id)
    assert after is not None
    assert (after.state, after.department) == (before.state, before.department)
    assert (after.understood, after.about_commitment) == ("rasa", 0.8)
    assert after.breach == [{"code": "B5", "score": 0.7}]
    assert (events[-1].action, events[-1].actor) == ("suggest_routing", "system")


async def test_what_was_forgotten_meanwhile_loses_its_mark(
    town: Town, rasa: Rasa, process: Process, clock: HandClock
) -> None:
    await marked(town, 3)
    async with process.database.write() as unit:
        await unit.inbox.empty_bodies(clock.advance(days=31))

    await Rehearing(process).step()

    assert (await left(town), rasa.heard) == (0, [])
