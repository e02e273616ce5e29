"""Files as the operator brings them in and takes them out, on the command line."""

import asyncio
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from bot import commands_files
from intake.commitments import making
from intake.commitments.files import LABELS
from intake.commitments.guides import LABELS as GUIDE_LABELS
from intake.commitments.progress import Progress
from storage.engine import Database
from tests.conftest import Office
from tests.flows.commitments.office import NEW
from tests.flows.intake.people import handler
from tests.support.commands import command
from tests.support.service import Settings

FIRST = "CN-1,新增学位,年内新增学位三千个。,3000 个,民生,市教育局,,,2026-01-05,2026年3月底,履行中,是"
SECOND = "CN-2,=课后服务,全市中小学提供课后服务。,,服务,jiaoyu,,,,,已兑现,否"
Run = Callable[..., Awaitable[tuple[int, str]]]


@pytest.fixture
def run(settings: Settings) -> Run:
    async def one(*words: object) -> tuple[int, str]:
        return await asyncio.to_thread(command, settings, *map(str, words))

    return one


@pytest.fixture
def lines(tmp_path: Path) -> Callable[..., Path]:
    def write(*rows: str, name: str = "承诺.csv", header: str = ",".join(LABELS.values())) -> Path:
        path = tmp_path / name
        path.write_text("\n".join((header, *rows)), "gbk")
        return path

    return write


async def test_a_template_is_filled_in_and_imported_once(run: Run, tmp_path: Path) -> None:
    for kind in ("commitments", "guides"):
        for name in ("a.xlsx", "a.csv"):
            path = tmp_path / name
            assert await run(kind, "template", path) == (0, f"模板写在 {path}。\n")
        assert (await run(kind, "import", path, "--dry-run"))[1].startswith("试运行，没有写入：新增 1 条")
        assert await run(kind, "import", path) == (0, "新增 1 条，更新 0 条，未变 0 条。\n")
        code, told = await run(kind, "import", tmp_path / "a.xlsx")
        assert (code, told.endswith("什么都没有改。\n")) == (0, True), "the same from another kind of file"


async def test_what_was_exported_changes_nothing_also_of_what_was_made_here(
    run: Run, office: Office, lines: Callable[..., Path], tmp_path: Path
) -> None:
    assert (await run("commitments", "import", lines(FIRST, SECOND.replace("=", "'="))))[0] == 0
    async with office() as desk:
        asked = making.NewCommitment(**NEW | {"title": "-示例  两个空格", "text": "第一段\r\n\r\n　　第二段"})
        await making.create(desk, handler("jiaoyu"), asked)
    for name in ("a.csv", "a.xlsx"):
        assert await run("commitments", "export", tmp_path / name) == (0, "导出 3 条承诺。\n")
        code, told = await run("commitments", "import", tmp_path / name)
        assert (code, told) == (
            0,
            "新增 0 条，更新 0 条，未变 3 条。文件的内容和现有的一样，什么都没有改。\n",
        )


async def test_rows_against_the_procedure_are_named_and_nothing_is_imported(
    run: Run, office: Office, lines: Callable[..., Path], database: Database
) -> None:
    async with office() as desk:
        made = await making.create(desk, handler("jiaoyu"), making.NewCommitment(**NEW))
        assert made.code.startswith(making.PREFIX)
    path = lines(FIRST, FIRST.replace("CN-1", made.code), SECOND.replace("=", "").replace("已兑现", "draft"))
    for extra in ((), ("--dry-run",)):
        code, told = await run("commitments", "import", path, *extra)
        assert code == 1
        assert f"第 3 行 承诺编号：{made.code} 是在本系统中作出的承诺" in told
        assert "第 4 行 状态：文件带来的承诺只能是：履行中、已兑现、未兑现" in told
    async with database.read() as unit:
        assert [row.code for row in await unit.registry.commitments_after("", 9)] == [made.code]


async def test_bad_cells_are_told_with_row_and_column(run: Run, lines: Callable[..., Path]) -> None:
    path = lines(
        FIRST.replace("市教育局", "某某局"), SECOND, FIRST.replace("CN-1", "CN-3").replace("3月底", "3月")
    )
    code, told = await run("commitments", "import", path)
    assert code == 1
    assert told.startswith("共 3 处有误，没有导入任何内容：")
    for words in (
        "第 2 行 F列 承办单位：没有这个单位",
        "第 3 行 B列 承诺名称：单元格里是公式",
        "第 4 行 J列 到期日期",
    ):
        assert words in told
    assert await run("commitments", "import", path.with_name("没有.csv")) == (
        1,
        f"打不开 {path.with_name('没有.csv')}：No such file or directory\n",
    )


async def test_guides_go_out_and_come_back_as_they_were(
    run: Run, lines: Callable[..., Path], database: Database, tmp_path: Path
) -> None:
    steps = '"1. 网上填报\n2. 2. 到校报到\n3. =提交"'
    row = f'ZN-1,入学报名,教育局,{steps},"1. 1、带原件\n2. 不收费","户口簿\n-照片",,,'
    path = lines(row, header=",".join(GUIDE_LABELS.values()))
    assert (await run("guides", "import", path))[0] == 0
    async with database.read() as unit:
        (before,) = await unit.registry.guides()
    assert before.steps == ["网上填报", "2. 到校报到", "=提交"]
    assert before.cautions == ["1、带原件", "不收费"]
    for name in ("a.csv", "a.xlsx"):
        assert await run("guides", "export", tmp_path / name) == (0, "导出 1 条办事指南。\n")
        assert "什么都没有改" in (await run("guides", "import", tmp_path / name))[1]


async def test_whoever_waits_at_a_terminal_sees_how_far_it_is(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    async with commands_files._drawn("写入") as progress:
        progress.begin(80_000)
        progress.done = 40_000
    assert "写入 ███████████████░░░░░░░░░░░░░░░  50%  40,000 行" in capsys.readouterr().err
    assert Progress(done=3).percent is None
