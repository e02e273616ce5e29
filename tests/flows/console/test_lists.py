"""Lists of cases: orders and pages that hold still, conditions in the address, and files of them."""

import csv
import io
import re
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from openpyxl import load_workbook

from storage.vocab import Mode, Role
from tests.flows.api.service import Service
from tests.flows.console.office import SIGN, TEXT, at_work, case
from tests.flows.console.reader import Browser, signed_in

ROW = re.compile(r'name="case" value="(\w+)\.\d+"')


async def pages(page: Browser, path: str) -> AsyncIterator[list[str]]:
    """The numbers of each page, following 下一页."""
    while path:
        await page.open(path)
        assert page.status == 200
        yield ROW.findall(page.html)
        onward = re.search(r'rel="next" href="([^"]+)"', page.html)
        path = onward[1].replace("&amp;", "&") if onward else ""


@pytest.mark.parametrize("sort", ["newest", "due", "waiting"])
async def test_pages_hold_still_while_cases_come(service: Service, sort: str) -> None:
    made = []
    for n in range(7):
        made.append(
            (
                await service.file(
                    TEXT, department="zhujian" if n % 2 else None, awaits_transcript=n % 2 == 0
                )
            ).case.tracking_no
        )
        service.process.clock.set_ahead((n + 1) * 3600.0)
    async with signed_in(service, Role.DISPATCHER) as page:
        seen: list[str] = []
        async for numbers in pages(page, f"/console/cases?sort={sort}&limit=2"):
            seen += numbers
            if len(seen) == 2:
                await case(service)
        assert len(seen) == len(set(seen))
        assert set(made) <= set(seen)
        mine = [number for number in seen if number in made]
        dated, undated = made[1::2], made[::2]
        if sort == "due":
            assert set(mine[: len(dated)]) == set(dated)
            assert mine[len(dated) :] == undated[::-1]
        else:
            assert mine == (made if sort == "waiting" else made[::-1])


async def test_a_cursor_is_good_for_its_own_order(service: Service) -> None:
    for _ in range(2):
        await case(service)
    told = await (await service.ask("GET", "/cases?sort=due&limit=1", Role.AUDITOR)).json()
    for query, status in (
        (f"sort=due&cursor={told['next_cursor']}", 200),
        (f"cursor={told['next_cursor']}", 422),
    ):
        answer = await service.ask("GET", f"/cases?{query}", Role.AUDITOR)
        assert answer.status == status


async def test_each_line_says_how_its_clock_stands(service: Service) -> None:
    number = await case(service, SIGN)
    async with signed_in(service, Role.HANDLER, "zhujian") as page:
        await page.open("/console/cases")
        assert re.search(r"还有 \d+ 个工作日", page.text)
        await page.open(f"/console/cases/{number}")
        await page.send("/actions/ask_citizen", text="是几号楼？")
        await page.open("/console/cases")
        assert "等群众补充，计时暂停" in page.text
        service.process.clock.set_ahead(timedelta(days=60).total_seconds())
    late = await case(service)
    service.process.clock.set_ahead(timedelta(days=120).total_seconds())
    async with signed_in(service, Role.DISPATCHER) as page:
        await page.open("/console/cases?overdue=true")
        assert ROW.findall(page.html) == [late]
        assert re.search(r"超期 \d+ 个工作日", page.text)


async def test_conditions_stand_in_words_and_can_be_taken_off(service: Service) -> None:
    await at_work(service)
    async with signed_in(service, Role.SUPERVISOR) as page:
        await page.open("/console/cases?state=handling&supervised=true&department=住建局&sort=due")
        assert "共 1 件" in page.text
        for words in ("办理中 ×", "督办 ×", "新乡市住房和城乡建设局 ×"):
            assert words in page.text
        off = re.search(r'href="([^"]+)" aria-label="去掉条件：督办"', page.html)
        assert off is not None
        await page.open(off[1].replace("&amp;", "&"))
        assert "共 3 件" in page.text


async def test_a_part_of_a_page_stays_as_it_is_when_the_session_is_over(service: Service) -> None:
    answer = await service.client.get("/console/cases", headers={"HX-Request": "true"}, allow_redirects=False)
    assert answer.status == 204


async def exported(page: Browser, service: Service, path: str) -> list[list[str]]:
    """The rows of a file, header first."""
    async with page._session.get(page._base + path) as answer:
        assert answer.status == 200
        assert "attachment" in answer.headers["Content-Disposition"]
        data = await answer.read()
    if ".csv" in path:
        return list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))
    sheet = load_workbook(io.BytesIO(data)).active
    return [[str(cell or "") for cell in row] for row in sheet.iter_rows(values_only=True)]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
async def test_a_file_holds_the_filtered_list_without_identities(
    service: Service, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.console.exporting.BATCH", 2)
    who = {"name": "张三丰", "phone": "13800001234"}
    named = (
        await service.file(f"=1+1 {TEXT}我叫张三丰，电话13800001234。", department="zhujian", **who)
    ).case
    hidden = (await service.file(f"{TEXT}我叫张三丰，电话13800001234", mode=Mode.CONFIDENTIAL, **who)).case
    rest = [await case(service) for _ in range(3)]
    async with signed_in(service, Role.DISPATCHER) as page:
        rows = await exported(page, service, f"/console/cases.{kind}")
        assert [row[0] for row in rows[1:]] == [*reversed(rest), hidden.tracking_no, named.tracking_no]
        assert rows[-1][-1].startswith("'=1+1")
        assert not {"张三丰", "13800001234"} & {part for row in rows for cell in row for part in (cell,)}
        assert all("张三丰" not in cell and "13800001234" not in cell for row in rows for cell in row)
        assert named.reporter_id not in str(rows)
        only = await exported(page, service, f"/console/cases.{kind}?department=zhujian&sort=waiting")
        assert only[1][0] == named.tracking_no
    async with signed_in(service, Role.HANDLER, "jiaoyu") as page:
        assert len(await exported(page, service, f"/console/cases.{kind}")) == 1
    async with signed_in(service, Role.CUSTODIAN) as page:
        await page.open(f"/console/cases.{kind}")
        assert page.status == 404


async def test_an_export_stops_at_its_limit_and_a_wrong_filter_gives_none(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.console.exporting.BATCH", 2)
    monkeypatch.setattr("bot.console.exporting.MOST", 3)
    for _ in range(4):
        await case(service)
    async with signed_in(service, Role.AUDITOR) as page:
        assert len(await exported(page, service, "/console/cases.csv")) == 4
        await page.open("/console/cases.csv?state=nothing")
        assert page.status == 422
