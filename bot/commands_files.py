"""``python -m bot commitments|guides import|export|template FILE``."""

import argparse
import asyncio
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from bot.commands import seeded
from intake.city import load_city
from intake.clock import Clock
from intake.commitments.progress import Progress

if TYPE_CHECKING:
    from intake.commitments.differences import Written
    from intake.commitments.kinds import Kind

Asked = argparse.Namespace
PAGE = 500
DRAWN = 0.2  # seconds between two looks at how far it is
WIDTH = 30
NAMES = {"commitments": "承诺", "guides": "办事指南"}


def add_files(to: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """The commands of both kinds of files."""
    for kind, name in NAMES.items():
        part = to.add_parser(kind, help=f"{name}的导入、导出、模板").add_subparsers(required=True)
        words = f"导入{name}；有一处错误就整份不导入"
        brought = _file(part, "import", words, partial(_import, kind))
        brought.add_argument("--dry-run", action="store_true", help="只检查和计数，不写入")
        _file(part, "export", f"导出全部{name}（.csv 或 .xlsx）", partial(_export, kind))
        _file(part, "template", f"写一份{name}的导入模板（.csv 或 .xlsx）", partial(_template, kind))


def outcome(written: "Written", *, dry_run: bool) -> str:
    """What an import came to, in words."""
    told = "试运行，没有写入：" if dry_run else ""
    told += f"新增 {written.added} 条，更新 {written.changed} 条，未变 {written.same} 条。"
    nothing = not dry_run and not written.added and not written.changed
    return told + ("文件的内容和现有的一样，什么都没有改。" if nothing else "")


async def _import(name: str, asked: Asked) -> int:
    """Import a file whole or not at all; faults are told with row and column."""
    kind = _kind(name)
    async with seeded() as database:
        async with database.read() as unit:
            city = await load_city(unit)
        try:
            async with _drawn("读取") as progress:
                parsed = await asyncio.to_thread(kind.parse, asked.file, city, progress)
        except OSError as error:
            return _say(f"打不开 {asked.file}：{error.strerror}", 1)
        if parsed.report():
            return _say("\n".join(parsed.report()), 1)
        async with _drawn("核对" if asked.dry_run else "写入") as progress:
            written = await database.run(
                lambda unit: kind.write(
                    unit, parsed.rows, Clock().now(), dry_run=asked.dry_run, progress=progress
                )
            )
    return _say(outcome(written, dry_run=asked.dry_run))


async def _export(name: str, asked: Asked) -> int:
    """Write everything, in pages: the file is replaced when all is there."""
    last, count = "", 0
    async with seeded() as database:
        with _kind(name).exporting(asked.file) as take:
            while True:
                async with database.read() as unit:
                    after = unit.registry.commitments_after if name == "commitments" else None
                    page = await (after or unit.registry.guides_after)(last, PAGE)
                if not page:
                    break
                take(page)
                last, count = page[-1].code, count + len(page)
    return _say(f"导出 {count} 条{NAMES[name]}。")


async def _template(name: str, asked: Asked) -> int:
    await asyncio.to_thread(_kind(name).template, asked.file)
    return _say(f"模板写在 {asked.file}。")


def _kind(name: str) -> "Kind":
    from intake.commitments.kinds import KINDS  # spreadsheets weigh 20 MB: not for the other commands

    return KINDS[name]


@asynccontextmanager
async def _drawn(what: str) -> AsyncIterator[Progress]:
    """How far it is, as a line that is written over; nothing where nobody watches."""
    progress = Progress()
    if not sys.stderr.isatty():
        yield progress
        return
    drawing = asyncio.create_task(_draw(what, progress))
    try:
        yield progress
    finally:
        drawing.cancel()
        sys.stderr.write(f"\r{_line(what, progress)}\n")


async def _draw(what: str, progress: Progress) -> None:
    while True:
        sys.stderr.write(f"\r{_line(what, progress)}")
        sys.stderr.flush()
        await asyncio.sleep(DRAWN)


def _line(what: str, progress: Progress) -> str:
    if progress.percent is None:
        return f"{what} {progress.done:,} 行"
    full = "█" * (progress.percent * WIDTH // 100)
    return f"{what} {full:░<{WIDTH}} {progress.percent:3d}%  {progress.done:,} 行"


def _file(
    to: "argparse._SubParsersAction[argparse.ArgumentParser]",
    name: str,
    words: str,
    command: Callable[[Asked], Awaitable[int]],
) -> argparse.ArgumentParser:
    part = to.add_parser(name, help=words, description=words)
    part.add_argument("file", type=Path, metavar="FILE")
    part.set_defaults(command=command)
    return part


def _say(words: str, code: int = 0) -> int:
    sys.stderr.write(words + "\n")
    return code
