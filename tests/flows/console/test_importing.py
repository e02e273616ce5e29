"""Files through the console: sent, checked by a worker, confirmed, imported whole; templates and exports."""

import csv
import io
from pathlib import Path

import pytest
from aiohttp import FormData
from openpyxl import load_workbook

from bot.workers.importing import KEPT, LEASE, MOST_TRIES, Importing
from intake.commitments.files import LABELS
from storage.stores.registry import CommitmentRow
from storage.vocab import Role
from tests.flows.api.service import Service
from tests.flows.commitments.office import Office
from tests.flows.console.reader import Browser, signed_in

IMPORT = "/console/commitments/import"
FIRST = "CN-1,【示例】新增学位,年内新增学位三千个。,,民生,市教育局,,,2026-01-05,2026年3月底,履行中,是"
SECOND = "CN-2,【示例】课后服务,全市提供课后服务。,,服务,jiaoyu,,,,,已兑现,否"
GUIDE = "ZN-1,【示例】入学报名,教育局,1. 网上填报,,,,,"


def table(*lines: str, header: str = ",".join(LABELS.values())) -> bytes:
    return "\n".join((header, *lines)).encode("gbk")


async def send(browser: Browser, data: bytes, name: str = "承诺.csv", kind: str = "commitments") -> str:
    """Send a file; the page that tells how it goes."""
    await browser.open(IMPORT)
    form = FormData(quote_fields=False)
    for field, value in (browser.form(IMPORT) | {"kind": kind}).items():
        form.add_field(field, value)
    form.add_field("file", data, filename=name)
    await browser.post(IMPORT, form)
    return browser.at


async def worked(service: Service) -> None:
    worker = Importing(service.process)
    while await worker.step():
        pass


async def standing(service: Service) -> list[CommitmentRow]:
    async with service.process.database.read() as unit:
        return await unit.registry.commitments_after("", 9)


def lying(service: Service) -> int:
    """How many files lie in the store."""
    folder = Path(service.process.settings.files_url)
    return sum(path.is_file() for path in folder.rglob("*"))


@pytest.mark.parametrize("role", [Role.DISPATCHER, Role.ADMIN])
async def test_a_file_is_checked_confirmed_and_imported_once(service: Service, role: Role) -> None:
    async with signed_in(service, role) as browser:
        at = await send(browser, table(FIRST, SECOND))
        assert "正在检查" in browser.text
        assert 'http-equiv="refresh"' in browser.html
        await worked(service)
        assert await standing(service) == []
        await browser.open(at)
        assert 'http-equiv="refresh"' not in browser.html
        assert "2 将新增" in browser.text
        await browser.send(at)
        assert "正在导入" in browser.text
        await worked(service)
        await browser.open(at)
        assert "2 新增" in browser.text
        assert "已导入" in browser.text
        assert [(row.code, row.historical) for row in await standing(service)] == [
            ("CN-1", True),
            ("CN-2", True),
        ]
        again = await send(browser, table(SECOND, FIRST))
        await worked(service)
        await browser.open(again)
        assert "文件的内容和现有的一样，不用导入" in browser.text
        assert "确认导入" not in browser.text
    assert lying(service) == 1, "what was imported is gone, what was only checked waits a week"
    service.process.clock.set_ahead(KEPT.total_seconds() + 1)
    await worked(service)
    assert lying(service) == 0


async def test_bad_cells_are_shown_by_row_and_column_and_nothing_is_imported(service: Service) -> None:
    async with signed_in(service, Role.DISPATCHER) as browser:
        at = await send(browser, table(FIRST, SECOND.replace("jiaoyu", "<b>某局</b>")))
        await worked(service)
        await browser.open(at)
        assert "共 1 处有误，没有导入任何内容" in browser.text
        assert "3 F列 承办单位 没有这个单位" in browser.text
        assert "<b>某局</b>" not in browser.html
        assert "确认导入" not in browser.text
        await send(browser, b"PK\x03\x04 no spreadsheet", "a.xlsx")
        await worked(service)
        await browser.open(browser.at)
        assert "文件已损坏" in browser.text
    assert await standing(service) == []


async def test_rows_against_the_procedure_are_refused_also_when_they_come_up_in_between(
    service: Service,
) -> None:
    made = Office(service)
    async with signed_in(service, Role.DISPATCHER) as browser:
        at = await send(browser, table(FIRST.replace("CN-1", "示例-9"), SECOND))
        await worked(service)
        await browser.open(at)
        form = browser.html
        await made.create(Role.DISPATCHER, code="示例-9")
        browser.html = form
        await browser.send(at)
        await worked(service)
        await browser.open(at)
        assert "2 A列 承诺编号" in browser.text or "2 承诺编号" in browser.text
        assert "示例-9 是在本系统中作出的承诺，不能用文件修改" in browser.text
        assert "1 不能导入" in browser.text
    assert [row.code for row in await standing(service)] == ["示例-9"]


async def test_only_what_was_shown_is_confirmed_and_only_once(service: Service) -> None:
    async with signed_in(service, Role.DISPATCHER) as browser:
        at = await send(browser, table(FIRST))
        await worked(service)
        await browser.open(at)
        page = browser.html
        await browser.send(at, sha256="0" * 64)
        assert browser.status == 422
        browser.html = page
        await browser.send(at, csrf="forged")
        assert browser.status == 403
        browser.html = page
        await browser.send(at)
        assert browser.status == 200
        browser.html = page
        await browser.send(at)
        assert browser.status == 422, "confirmed already"
        await browser.open(f"{IMPORT}/{'0' * 32}")
        assert browser.status == 404


async def test_a_worker_that_dies_leaves_the_file_to_the_next_one(service: Service) -> None:
    process = service.process
    async with signed_in(service, Role.DISPATCHER) as browser:
        at = await send(browser, table(FIRST))
        now = process.clock.wall()
        dead = await process.database.run(lambda unit: unit.imports.claim(now=now, until=now + LEASE))
        assert dead is not None
        await worked(service)
        await browser.open(at)
        assert "正在检查" in browser.text, "its lease runs"
        later = now + LEASE * 2
        for _ in range(MOST_TRIES):
            held = await process.database.run(lambda unit: unit.imports.claim(now=later, until=now))
            assert held is not None
        assert not await process.database.run(lambda unit: unit.imports.write(dead, {"state": "done"}))
        await worked(service)
        await browser.open(at)
        assert "文件没有处理完，什么都没有导入" in browser.text


async def test_guides_come_in_the_same_way_and_everything_goes_out_again(service: Service) -> None:
    header = "指南编号,事项名称,承办单位,办理步骤,注意事项,所需材料,办理地点,办理时限,咨询电话"
    async with signed_in(service, Role.ADMIN) as browser:
        for data, kind in ((table(GUIDE, header=header), "guides"), (table(FIRST, SECOND), "commitments")):
            at = await send(browser, data, kind=kind)
            await worked(service)
            await browser.open(at)
            await browser.send(at)
            await worked(service)
        await browser.open("/console/export/guides.csv")
        (guide,) = csv.DictReader(io.StringIO(browser.html.removeprefix("\ufeff")))
        assert (guide["code"], guide["steps"]) == ("ZN-1", "1. 网上填报")
        await browser.open("/console/commitments?state=fulfilled")
        onward = browser.html.partition('href="/console/export/commitments.csv')[2].partition('"')[0]
        await browser.open("/console/export/commitments.csv" + onward)
        rows = list(csv.DictReader(io.StringIO(browser.html.removeprefix("\ufeff"))))
        assert [row["code"] for row in rows] == ["CN-2"], "the filters are kept"
        assert browser.headers["Cache-Control"] == "no-store"
        assert "filename*=UTF-8''%E6%89%BF%E8%AF%BA.csv" in browser.headers["Content-Disposition"]


async def test_a_template_is_to_be_had_as_a_spreadsheet(service: Service) -> None:
    async with (
        signed_in(service, Role.DISPATCHER) as browser,
        browser._session.get(f"{browser._base}/console/template/commitments.xlsx") as answer,
    ):
        book = load_workbook(io.BytesIO(await answer.read()))
    assert [cell.value for cell in book.active[1]] == list(LABELS.values())


@pytest.mark.parametrize("role", [Role.HANDLER, Role.HEAD, Role.SUPERVISOR, Role.AUDITOR, Role.LEADER])
async def test_who_brings_in_no_files_is_refused(service: Service, role: Role) -> None:
    unit = "jiaoyu" if role in (Role.HANDLER, Role.HEAD) else None
    async with signed_in(service, role, unit) as browser:
        await browser.open("/console/commitments")
        assert "导入" not in browser.text
        for path in (IMPORT, f"{IMPORT}/{'0' * 32}", "/console/export/commitments.csv"):
            await browser.open(path)
            assert browser.status == 403, path
