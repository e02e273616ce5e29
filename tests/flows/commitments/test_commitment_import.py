"""Files of commitments and guides going into the registry and out again, on both engines."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from intake import guides
from intake.actor import Actor
from intake.city import City, load_city
from intake.clock import local
from intake.commitments.actions import perform
from intake.commitments.differences import Written
from intake.commitments.dues import start_missing
from intake.commitments.faults import NotImported
from intake.commitments.files import LABELS, export_commitments, parse_commitments, write_commitments
from intake.commitments.guides import parse_guides, write_guides
from intake.commitments.tables import BATCH, Rows
from intake.desk import Desk
from storage.engine import Database
from storage.stores.registry import CommitmentRow
from storage.stores.search import MANY, Among
from storage.terms import terms
from storage.unit import Unit
from storage.vocab import EntryKind, Role
from tests.conftest import Office
from tests.flows.intake.people import handler
from tests.support.city import make_vault
from tests.support.time import HandClock

HEADER = ",".join(LABELS.values())
FIRST = "CN-1,新增学位,年内新增学位三千个。,3000 个,民生,市教育局,,,2026-01-05,2026年3月底,履行中,是"
SECOND = "CN-2,课后服务,全市中小学提供课后服务。,,服务,jiaoyu,,,,,已兑现,否"


@pytest.fixture
async def city(database: Database) -> City:
    async with database.read() as unit:
        return await load_city(unit)


@pytest.fixture
def rows(tmp_path: Path, city: City) -> Callable[..., Rows]:
    def parse(*lines: str) -> Rows:
        path = tmp_path / "承诺.csv"
        path.write_text("\n".join((HEADER, *lines)), "gbk")
        parsed = parse_commitments(path, city)
        assert parsed.report() == []
        return parsed.rows

    return parse


@pytest.fixture
def put(database: Database, clock: HandClock) -> Callable[..., Any]:
    async def write(rows: Rows, **options: bool) -> Written:
        clock.advance(hours=1)
        return await database.run(lambda unit: write_commitments(unit, rows, clock.now(), **options))

    return write


async def standing(database: Database) -> dict[str, CommitmentRow]:
    async with database.read() as unit:
        return {row.code: row for row in await unit.registry.commitments_after("", 10_000)}


async def test_what_is_imported_is_a_promise_from_before(
    database: Database, rows: Callable[..., Rows], put: Callable[..., Any]
) -> None:
    assert await put(rows(FIRST, SECOND)) == Written(added=2)

    found = await standing(database)
    assert (found["CN-1"].department, found["CN-1"].state, found["CN-1"].public) == ("jiaoyu", "active", True)
    assert str(found["CN-1"].due_on) == "2026-03-31"
    assert (found["CN-2"].category, found["CN-2"].state, found["CN-2"].due_on) == (
        "service",
        "fulfilled",
        None,
    )
    assert all(row.historical and row.version == 1 for row in found.values())


async def test_the_same_file_twice_changes_nothing(
    database: Database, rows: Callable[..., Rows], put: Callable[..., Any]
) -> None:
    await put(rows(FIRST, SECOND))
    before = await standing(database)

    assert await put(rows(SECOND, FIRST)) == Written(same=2)
    assert await standing(database) == before


async def test_a_changed_row_updates_its_commitment_alone(
    database: Database, rows: Callable[..., Rows], put: Callable[..., Any]
) -> None:
    await put(rows(FIRST, SECOND))
    before = await standing(database)

    assert await put(rows(FIRST.replace("2026年3月底", ""), SECOND)) == Written(changed=1, same=1)

    after = await standing(database)
    assert (after["CN-1"].due_on, after["CN-1"].version) == (None, 2)
    assert after["CN-1"].title == before["CN-1"].title
    assert after["CN-1"].updated_at > before["CN-1"].updated_at
    assert after["CN-2"] == before["CN-2"]


async def test_a_dry_run_counts_and_writes_nothing(
    database: Database, rows: Callable[..., Rows], put: Callable[..., Any]
) -> None:
    await put(rows(FIRST))
    before = await standing(database)

    async with database.read() as unit:
        counted = await write_commitments(
            unit, rows(FIRST.replace("三千", "两千"), SECOND), HandClock().now(), dry_run=True
        )

    assert counted == Written(added=1, changed=1)
    assert await standing(database) == before


async def test_a_commitment_made_here_is_not_changed_by_a_file_and_nothing_else_is(
    database: Database, rows: Callable[..., Rows], put: Callable[..., Any], clock: HandClock
) -> None:
    made_here = next(rows(FIRST).batches())[0][1] | {"made_on": None, "due_on": None, "state": "draft"}
    async with database.write() as unit:
        await unit.registry.add_commitments([made_here | {"historical": False}], clock.now())
    before = await standing(database)

    with pytest.raises(NotImported) as refused:
        await put(rows(SECOND, FIRST))

    assert [(fault.row, fault.column) for fault in refused.value.faults] == [(3, "承诺编号")]
    assert await standing(database) == before


async def test_what_was_worked_on_here_is_no_longer_a_files(
    database: Database, rows: Callable[..., Rows], put: Callable[..., Any], office: Office
) -> None:
    await put(rows(FIRST))
    async with office() as desk:
        asked = {"version": 1, "percent": 30, "text": "已选址"}
        await perform(desk, handler("jiaoyu"), "CN-1", "report_progress", asked)
    assert await put(rows(FIRST)) == Written(same=1)
    with pytest.raises(NotImported, match="是在本系统中办理过的承诺"):
        await put(rows(FIRST.replace("三千个", "三百个")))


async def test_another_date_in_a_file_ends_the_clock_of_the_old_one(
    rows: Callable[..., Rows], put: Callable[..., Any], office: Office
) -> None:
    await put(rows(FIRST))
    async with office() as desk:
        assert await start_missing(desk) == 1
    await put(rows(FIRST.replace("2026年3月底", "2026年5月底")))
    async with office() as desk:
        assert await start_missing(desk) == 1
        clocks = await desk.unit.commitments.clocks("CN-1")
        found = [(clock.state, str(local(clock.due_at).date())) for clock in clocks]
        assert found == [("returned", "2026-03-31"), ("running", "2026-05-31")]


async def test_batches_are_one_whole(
    database: Database, rows: Callable[..., Rows], put: Callable[..., Any]
) -> None:
    many = [FIRST.replace("CN-1,", f"B-{n:04},") for n in range(BATCH + 20)]

    assert await put(rows(*many)) == Written(added=BATCH + 20)
    assert await put(rows(*(line.replace("三千", "两千") for line in many))) == Written(changed=BATCH + 20)

    found = await standing(database)
    assert {row.version for row in found.values()} == {2}
    assert len(found) == BATCH + 20


async def test_after_many_rows_the_database_knows_what_it_holds(
    database: Database, rows: Callable[..., Rows], put: Callable[..., Any]
) -> None:
    await put(rows(*(FIRST.replace("CN-1,", f"B-{n:04},") for n in range(MANY))))

    async with database.read() as unit:
        hits = await unit.search.best(terms("B-0999"), Among((EntryKind.COMMITMENT,)))
        assert hits.entries[0] == ("commitment", "B-0999")
        if not database.embedded:
            counted = "SELECT reltuples FROM pg_class WHERE oid = to_regclass('search_entry')"
            assert (await unit.connection.execute(text(counted))).scalar_one() == MANY


async def test_what_is_exported_imports_as_the_same(
    database: Database, rows: Callable[..., Rows], put: Callable[..., Any], tmp_path: Path, city: City
) -> None:
    await put(rows(FIRST.replace("新增学位", "-新增学位"), SECOND))

    for name in ("out.csv", "out.xlsx"):
        export_commitments((await standing(database)).values(), tmp_path / name)
        assert await put(parse_commitments(tmp_path / name, city).rows) == Written(same=2)


async def test_guides_are_added_changed_and_left_alone(
    database: Database, city: City, tmp_path: Path, clock: HandClock
) -> None:
    path = tmp_path / "guides.yml"
    text = "guides: [{code: ZN-1, title: 入学报名, department: 教育局, steps: [网上填报, 到校报到]}]"

    async def put(content: str) -> Written:
        path.write_text(content, "utf-8")
        parsed = parse_guides(path, city)
        assert parsed.report() == []
        return await database.run(lambda unit: write_guides(unit, parsed.rows, clock.now()))

    assert await put(text) == Written(added=1)
    assert await put(text) == Written(same=1)
    assert await put(text.replace(", 到校报到", "")) == Written(changed=1)

    async with database.read() as unit:
        (guide,) = await unit.registry.guides()
    assert (guide.department, guide.steps, guide.version) == ("jiaoyu", ["网上填报"], 2)

    async def edit(unit: Unit) -> None:
        desk = Desk(unit, clock, make_vault(), city)
        body = {"title": guide.title, "steps": ["到校报到"], "version": 2}
        await guides.change(desk, Actor(Role.ADMIN, "admin"), "ZN-1", body)

    await database.run(edit)
    with pytest.raises(NotImported, match="在工作台里写过或改过"):
        await put(text)
    async with database.read() as unit:
        assert (await unit.registry.guides())[0].steps == ["到校报到"], "what people wrote stands"
