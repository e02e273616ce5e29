"""Exported files and templates: read by Excel, computed by nobody, importable again."""

import csv
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from intake.city import City
from intake.commitments.files import LABELS, export_commitments, parse_commitments, write_template
from intake.commitments.guides import parse_guides, write_guide_template
from intake.errors import Invalid
from storage.stores.registry import CommitmentRow

FACTS: dict[str, Any] = {
    "code": "CN-1",
    "title": "新增学位",
    "text": '第一行\n第二行，含“引号"和逗号,”',
    "target": "",
    "category": "livelihood",
    "department": "jiaoyu",
    "source_document": "",
    "source_number": "",
    "made_on": None,
    "due_on": date(2026, 3, 31),
    "state": "active",
    "public": True,
}
DANGEROUS = (
    "=1+1",
    "+1",
    "-1",
    "@SUM(1)",
    "＝1+1",
    "＋1",
    "－1",
    "＠A1",
    "'=1+1",
    "''=1+1",
    "  =1+1",
    "=cmd|' /C calc'!A0",
)


LIFE: dict[str, Any] = {
    **dict.fromkeys(("decision_owner", "execution_owner", "coordination_owner", "supervision_owner"), ""),
    **dict.fromkeys(("phone", "email", "progress_text", "last_hash"), ""),
    **dict.fromkeys(("claimed_at", "broken_reason", "proposal")),
    "co_departments": [],
    "progress": 0,
    "last_seq": 0,
    "round": 1,
    "revision": 1,
    "version": 1,
}


def standing(**facts: Any) -> CommitmentRow:
    """A commitment that a file brought; what was lived through here is not exported."""
    stamp = datetime(2026, 3, 3, tzinfo=UTC)
    return CommitmentRow(**(FACTS | facts | LIFE), historical=True, updated_at=stamp)


def cells(path: Path) -> list[list[str]]:
    if path.suffix == ".csv":
        with path.open(encoding="utf-8-sig", newline="") as file:
            return list(csv.reader(file))
    book = load_workbook(path)
    assert all(cell.data_type != "f" for row in book.active.iter_rows() for cell in row)
    return [["" if value is None else value for value in row] for row in book.active.values]


@pytest.fixture(params=[".csv", ".xlsx"])
def path(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    return tmp_path / f"承诺{request.param}"


def test_an_export_imports_as_what_it_was(path: Path, city: City) -> None:
    export_commitments([standing(), standing(code="CN-2", public=False, made_on=date(2026, 1, 5))], path)

    assert cells(path)[0] == list(LABELS)
    parsed = parse_commitments(path, city)
    assert parsed.report() == []
    (first, second) = [values for batch in parsed.rows.batches() for _, values in batch]
    assert first == FACTS | {"due_on": "2026-03-31"}
    assert (second["public"], second["made_on"]) == (False, "2026-01-05")


def test_a_csv_starts_with_the_mark_that_excel_needs(tmp_path: Path) -> None:
    export_commitments([standing()], tmp_path / "a.csv")

    assert (tmp_path / "a.csv").read_bytes().startswith(b"\xef\xbb\xbfcode,title,")


@pytest.mark.parametrize("text", DANGEROUS)
def test_no_exported_cell_starts_a_formula(path: Path, city: City, text: str) -> None:
    export_commitments([standing(title=text, text=text, target=text)], path)

    for cell in cells(path)[1]:
        assert not cell.startswith(("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠"))
    parsed = parse_commitments(path, city)
    assert parsed.report() == []
    assert next(parsed.rows.batches())[0][1]["title"] == text.strip()


def test_characters_that_no_spreadsheet_holds_do_not_stop_an_export(path: Path) -> None:
    export_commitments([standing(title="甲\x0b乙\x00")], path)

    assert cells(path)[1][1] == "甲乙"


def test_a_template_has_chinese_headers_and_one_example(path: Path, city: City) -> None:
    write_template(path)

    header, example = cells(path)
    assert header == list(LABELS.values())
    assert "示例" in example[0]
    parsed = parse_commitments(path, city)
    assert parsed.report() == []
    assert next(parsed.rows.batches())[0][1]["public"] is False


def test_the_guide_template_reads_as_a_guide(path: Path, city: City) -> None:
    write_guide_template(path)

    parsed = parse_guides(path, city)
    assert parsed.report() == []
    assert next(parsed.rows.batches())[0][1]["steps"] == [
        "【示例】第一步",
        "【示例】第二步（一步一行，格内换行用 Alt+Enter）",
    ]


def test_a_failed_export_leaves_the_old_file_and_no_rest(path: Path) -> None:
    path.write_text("old", "utf-8")

    with pytest.raises(AttributeError):
        export_commitments([standing(), None], path)  # type: ignore[list-item]

    assert path.read_text("utf-8") == "old"
    assert list(path.parent.iterdir()) == [path]


def test_another_kind_of_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match=r"\.csv"):
        export_commitments([], tmp_path / "a.pdf")
