"""The sample city without a database, and files as offices send them."""

import csv
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from intake.city import City
from intake.commitments.files import LABELS
from intake.deadlines.workdays import Workdays
from intake.profiles.schema import load_profile
from tests.support.city import PROFILE

GOOD: dict[str, Any] = {
    "code": "CN-1",
    "title": "新增学位",
    "text": "年内新增学位三千个。",
    "target": "3000 个",
    "category": "民生",
    "department": "市教育局",
    "source_document": "政府工作报告",
    "source_number": "新政〔2026〕1号",
    "made_on": "2026年1月5日",
    "due_on": "2026年3月底",
    "state": "履行中",
    "public": "是",
}

Table = Callable[..., Path]


@pytest.fixture(scope="session")
def city() -> City:
    profile = load_profile(PROFILE)
    units = {unit.code: unit for unit in profile.departments}
    return City(profile.name, units, profile.places, profile.rules, "test", Workdays({}))


@pytest.fixture
def csv_file(tmp_path: Path) -> Table:
    """Writes rows, each a dict of what differs from a good one, as CSV; ``header`` replaces the first row."""

    def write(*rows: dict[str, Any], encoding: str = "utf-8", header: Sequence[str] = tuple(LABELS)) -> Path:
        path = tmp_path / "承诺.csv"
        with path.open("w", encoding=encoding, newline="") as file:
            writer = csv.writer(file)
            writer.writerow(header)
            writer.writerows(list((GOOD | row).values()) for row in rows)
        return path

    return write


@pytest.fixture
def xlsx_file(tmp_path: Path) -> Table:
    """Writes rows as ``csv_file`` does, as XLSX with Chinese headers; ``change`` may touch the sheet."""

    def write(*rows: dict[str, Any], change: Callable[[Any], None] = lambda sheet: None) -> Path:
        book = Workbook()
        book.active.append(list(LABELS.values()))
        for row in rows:
            book.active.append(list((GOOD | row).values()))
        change(book.active)
        path = tmp_path / "承诺.xlsx"
        book.save(path)
        return path

    return write
