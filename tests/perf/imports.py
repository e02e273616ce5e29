"""What importing a large file takes: seconds, and how far above its start the command's memory goes."""

import csv
import re
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import psutil
from openpyxl import Workbook

from bot.settings import ROOT
from intake.commitments.files import LABELS
from tests.perf.ground import Ground
from tests.support.service import Settings

MEGABYTE = 1_000_000
MOST_MB = 150.0
LOOK = 0.05  # seconds between two looks at the memory
INLINE = re.compile(r't="inlineStr"><is><t[^>]*>(.*?)</t></is></c>', re.DOTALL)
SHEET, TYPES, STRINGS = "xl/worksheets/sheet1.xml", "[Content_Types].xml", "xl/sharedStrings.xml"
KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
NAMESPACE = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
START = "import bot.__main__, intake.commitments.kinds, os, sys; sys.stdin.read()"
"""A process that has all the code and reads no file."""


async def measure(ground: Ground, rows: int) -> dict[str, object]:
    """``rows`` commitments on both engines: CSV in GBK, and XLSX with shared strings as Excel has it."""
    files = {"csv": ground.folder / "many.csv", "xlsx": ground.folder / "many.xlsx"}
    _csv(files["csv"], rows)
    _xlsx(files["xlsx"], rows)
    start = _resident_at_start()
    found: dict[str, object] = {"rows": rows, "import_start_mb": start}
    for engine in ("sqlite", "postgres"):
        for kind, path in files.items():
            async with ground.database(engine, f"imports_{kind}") as url:
                seconds, peak = _imported(Settings.of(url, ground.folder), path)
                again, _ = _imported(Settings.of(url, ground.folder), path)
            found |= {
                f"{kind}_seconds_{engine}": seconds,
                f"{kind}_growth_mb_{engine}": peak - start,
                f"{kind}_again_seconds_{engine}": again,
            }
    return found


def _imported(settings: Settings, path: Path) -> tuple[float, float]:
    """Run the command; its seconds and the most resident megabytes."""
    command = [sys.executable, "-m", "bot", "commitments", "import", str(path)]
    began, most = time.monotonic(), 0.0
    with subprocess.Popen(command, env=settings.environment(), cwd=ROOT) as running:
        process = psutil.Process(running.pid)
        while running.poll() is None:
            try:
                most = max(most, process.memory_info().rss / MEGABYTE)
            except psutil.NoSuchProcess:
                break
            time.sleep(LOOK)
    assert running.returncode == 0
    return time.monotonic() - began, most


def _resident_at_start() -> float:
    with subprocess.Popen([sys.executable, "-c", START], stdin=subprocess.PIPE, cwd=ROOT) as idle:
        time.sleep(5)
        resident = psutil.Process(idle.pid).memory_info().rss / MEGABYTE
        assert idle.stdin is not None
        idle.stdin.close()
    return resident


def _rows(count: int) -> Iterator[list[str]]:
    for number in range(count):
        yield [
            f"PL-{number:06}",
            f"【示例】第 {number} 项：道路修补和路灯维护",
            f"【示例】{number} 号：对列入清单的第 {number} 处道路逐处修补，"
            "路灯坏了三日内修好，修补前后在路口公示。",
            f"完成 {number} 处",
            "民生",
            "市住建局",
            "示例文件（民生实事清单）",
            f"示例〔2026〕{number}号",
            "2026年1月5日",
            "2026年12月底",
            "履行中",
            "是",
        ]


def _csv(path: Path, count: int) -> None:
    with path.open("w", encoding="gb18030", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(LABELS.values())
        writer.writerows(_rows(count))


def _xlsx(path: Path, count: int) -> None:
    """As Excel saves it: every text stands once, in a table of all texts."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("承诺")
    for row in (list(LABELS.values()), *_rows(count)):
        sheet.append(row)
    plain = path.with_suffix(".plain")
    book.save(plain)
    known: dict[str, int] = {}

    def shared(found: re.Match[str]) -> str:
        return f't="s"><v>{known.setdefault(found[1], len(known))}</v></c>'

    with zipfile.ZipFile(plain) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            text = old.read(name).decode()
            if name == SHEET:
                text = INLINE.sub(shared, text)
            if name == TYPES and STRINGS not in text:
                part = f'<Override PartName="/{STRINGS}" ContentType="{KIND}"/></Types>'
                text = text.replace("</Types>", part)
            if name != STRINGS:
                new.writestr(name, text)
        items = "".join(f"<si><t>{text}</t></si>" for text in known)
        new.writestr(STRINGS, f'<sst xmlns="{NAMESPACE}">{items}</sst>')
    plain.unlink()
