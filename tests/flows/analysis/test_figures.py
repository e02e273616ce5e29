"""Whatever people did to cases: the figures are those of a plain count, and each is as long as its list."""

import os
from collections import Counter
from datetime import timedelta
from random import Random
from typing import Any
from urllib.parse import parse_qsl

import pytest

from bot.http.filters import CaseFilter, CommitmentFilter
from intake.actor import Actor
from intake.analysis.asking import AnalysisQuery
from intake.analysis.looking import asked_of, look
from intake.analysis.reckoning import reckoned
from intake.analysis.week import week
from intake.cases import seeing
from intake.cases.listing import wanted_of
from intake.clock import local
from intake.desk import Desk
from intake.leaving import leave
from intake.registry import list_commitments
from storage.stores.wanted import Wanted
from storage.vocab import CommitmentState, Figure, Role
from tests.conftest import Office
from tests.flows.analysis import naive
from tests.flows.intake.people import SUPERVISOR, head
from tests.proofs.people import UNITS, furnish
from tests.proofs.town import Tally, Town
from tests.support.time import HandClock

PLACES = ("红旗区", "卫滨区", "辉县市", None)
LEADER = Actor(Role.LEADER, "leader")
READERS = (SUPERVISOR, LEADER, *(head(unit) for unit in UNITS))
STEPS, PROMISES = 130, 14


async def walked(office: Office, clock: HandClock, seed: int) -> None:
    """A few weeks of an office in which anybody wants anything."""
    dice, town = Random(seed), Town(Tally(), clock)
    async with office() as desk:
        await furnish(desk)
        for _ in range(STEPS):
            await town.take(desk, tuple(dice.randrange(128) for _ in range(4)))
        for row in await town.rows(desk):
            await desk.unit.cases.change(row, {"place": dice.choice(PLACES)})
            if dice.random() < 0.2:
                await leave(desk, row.reporter_id, "unsubscribed")
        today = desk.clock.today()
        await desk.unit.registry.add_commitments(
            [_promise(n, dice, today + timedelta(days=dice.randrange(-20, 20))) for n in range(PROMISES)],
            desk.now(),
        )


def _promise(n: int, dice: Random, due: Any) -> dict[str, Any]:
    return {
        "code": f"EXAMPLE-{n}",
        "title": "示例承诺",
        "text": "示例承诺的内容",
        "category": "service",
        "department": dice.choice(UNITS),
        "due_on": due,
        "state": dice.choice([one.value for one in CommitmentState]),
    }


def asked(clock: HandClock, **more: Any) -> AnalysisQuery:
    today = clock.today()
    return AnalysisQuery(since=today - timedelta(days=400), until=today, **more)


@pytest.fixture(params=[1, 2, 3, 4] if os.environ.get("JIANNUO_SOAK") else [1])
async def town(request: pytest.FixtureRequest, office: Office, clock: HandClock) -> Office:
    await walked(office, clock, request.param)
    return office


async def test_every_figure_is_that_of_a_plain_count(town: Office, clock: HandClock) -> None:
    async with town() as desk:
        everything = await naive.everything(desk)
        hidden = await _hidden(desk)
        for reader in READERS:
            told = await look(desk, reader, asked(clock))
            seen = [
                one
                for one in everything
                if (one.case.supervised if reader.role is Role.LEADER else True)
                and naive.sees(one, reader.department, hidden[reader.department])
            ]
            assert told["filed"]["n"] == len(seen)
            by_weeks = await reckoned(desk, seeing.sight_of(reader), asked_of(desk, asked(clock)), many=True)
            assert by_weeks | {"kept": False} == told
            _same(told, seen, clock)


def _same(told: dict[str, Any], seen: list[naive.Whole], clock: HandClock) -> None:
    now = clock.now()
    counts = Counter(name for one in seen for name in naive.figures_of(one, now))
    assert {name: cell["n"] for name, cell in told["figures"].items()} == {
        one.value: counts[one.value] for one in Figure
    }
    for name, hit, of in (
        ("on_time", "on_time", "due"),
        ("response", "contacted", "contact_due"),
        ("resolution", "resolved", "answered"),
        ("satisfaction", "satisfied", "rated"),
    ):
        rate = told["rates"][name]
        assert (rate["hits"]["n"], rate["of"]["n"]) == (counts[hit], counts[of])
        assert rate["per_cent"] == (round(counts[hit] / counts[of] * 100, 1) if counts[of] else None)
    for kind, name in (("types", "type"), ("states", "state")):
        numbers = Counter(getattr(one.case, name) for one in seen)
        assert {cell["code"]: cell["n"] for cell in told[kind] if cell["n"]} == numbers
    assert {cell["day"]: cell["n"] for cell in told["days"] if cell["n"]} == Counter(map(naive.day_of, seen))
    for kind, name in (("departments", "department"), ("places", "place")):
        _lines(told[kind], seen, name, now)
    heat = {
        (line["code"], month): cell["n"]
        for line in told["heat"]
        for month, cell in zip(told["months"], line["cells"], strict=True)
        if cell["n"]
    }
    assert heat == Counter((one.case.place, naive.day_of(one)[:7]) for one in seen)
    for step in told["steps"]:
        name = step["step"].removeprefix("took_")
        every = [hours for one in seen if (hours := _took(one, name)) is not None]
        wanted = (len(every), naive.nth(every, 50), naive.nth(every, 90))
        assert (step["n"], step["median_hours"], step["p90_hours"]) == wanted, name


def _took(one: naive.Whole, name: str) -> int | None:
    return naive.hop_of(one) if name == "hop" else naive.hours_of(one).get(name)


def _lines(lines: list[dict[str, Any]], seen: list[naive.Whole], name: str, now: Any) -> None:
    assert {line["code"]: line["filed"]["n"] for line in lines} == Counter(
        getattr(one.case, name) for one in seen
    )
    for line in lines:
        mine = [one for one in seen if getattr(one.case, name) == line["code"]]
        counts = Counter(figure for one in mine for figure in naive.figures_of(one, now))
        if line["code"] is not None:
            assert {key: cell["n"] for key, cell in line["figures"].items()} == {
                key: counts[key] for key in line["figures"]
            }
            assert line["rates"]["on_time"]["hits"]["n"] == counts["on_time"]
            assert line["rates"]["satisfaction"]["of"]["n"] == counts["rated"]


async def test_every_figure_is_as_long_as_the_list_behind_it(town: Office, clock: HandClock) -> None:
    async with town() as desk:
        looked = 0
        for reader in READERS[:4]:
            told = [await look(desk, reader, asked(clock)), await week(desk, reader)]
            told.append(await look(desk, reader, asked(clock, department="zhujian", place="红旗区")))
            for cell in naive.cells(told):
                assert cell["n"] == await _length(desk, reader, cell["query"]), (reader, cell)
                looked += cell["n"] > 0
        assert looked > 200


async def test_the_week_is_that_of_a_plain_count(town: Office, clock: HandClock) -> None:
    clock.advance(days=6)
    async with town() as desk:
        told = await week(desk, SUPERVISOR)
        today, now = clock.today(), clock.now()
        spans = [(today - timedelta(days=7), today), (today - timedelta(days=14), today - timedelta(days=7))]
        ran_out: list[Counter[str | None]] = [Counter(), Counter()]
        overdue: Counter[str | None] = Counter()
        for one in await naive.everything(desk):
            late = [c for c in one.clocks if c.kind in ("answer", "rework") and naive._late(c, now)]
            overdue[one.case.department] += any(clock_.state == "running" for clock_ in late)
            for count, (first, end) in zip(ran_out, spans, strict=True):
                inside = [c for c in late if first <= local(c.due_at).date() < end]
                count[one.case.department] += bool(inside and one.case.state not in ("declined", "withdrawn"))
        assert told["overdue"]["n"] == overdue.total() > 0
        assert (told["last"]["n"], told["before"]["n"]) == tuple(count.total() for count in ran_out)
        assert told["change"] == ran_out[0].total() - ran_out[1].total()
        assert {one["code"]: one["overdue"]["n"] for one in told["units"] if one["overdue"]["n"]} == +overdue
        assert {one["code"]: one["last"]["n"] for one in told["units"] if one["last"]["n"]} == +ran_out[0]


async def test_commitments_are_those_of_a_plain_count(town: Office, clock: HandClock) -> None:
    async with town() as desk:
        rows = await desk.unit.registry.wanted(Wanted(desk.clock.today(), public_only=False))
        today = clock.today()
        told = (await look(desk, SUPERVISOR, asked(clock)))["commitments"]
        due = [row for row in rows if row.due_on and row.due_on <= today]
        late = [row for row in due if row.due_on < today and row.state == "active"]
        assert (told["due"]["n"], told["overdue"]["n"]) == (len(due), len(late))
        assert {one["code"]: one["n"] for one in told["states"] if one["n"]} == Counter(r.state for r in due)
        assert {one["code"]: one["due"]["n"] for one in told["departments"]} == Counter(
            row.department for row in due
        )


async def _length(desk: Desk, reader: Actor, query: str) -> int:
    given = dict(parse_qsl(query))
    if "due_since" in given:
        rows = await list_commitments(desk, **CommitmentFilter(**given).model_dump(), everything=True)
        return len(rows)
    form = CaseFilter.model_validate(given)
    wanted, count, cursor = wanted_of(desk, **form.wanted(reader)), 0, None
    while True:
        rows_, cursor = await seeing.page(desk, reader, wanted, cursor=cursor, limit=100)
        count += len(rows_)
        if cursor is None:
            return count


async def _hidden(desk: Desk) -> dict[str | None, set[str]]:
    rows = await desk.unit.connection.exec_driver_sql("SELECT case_id, department FROM case_hidden_from")
    found: dict[str | None, set[str]] = {None: set(), **{unit: set() for unit in UNITS}}
    for case_id, department in rows:
        found.setdefault(department, set()).add(case_id)
    return found
