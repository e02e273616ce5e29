"""What a commitment or guide says to somebody who asked, short enough for a message of the chat."""

import re
from collections.abc import Sequence

from intake import guides
from intake.commitments.asking import Entry, Kind
from intake.commitments.states import STATE_NAMES
from intake.desk import Desk
from intake.registry import find_commitment, is_overdue
from storage.stores.registry import CommitmentRow, GuideRow
from storage.vocab import CommitmentState

#: Characters of an answer, line breaks among them.
MOST = 240
WHOLE = "全文见链接。"
CLAUSE_ENDS = re.compile(r"(?<=[，。；、！？\n])")


async def said(desk: Desk, entry: Entry) -> str:
    """The answer in :data:`MOST` characters at most; what does not fit is left out whole clauses at a time.

    Raises :class:`intake.errors.NotFound` where the entry is gone or no longer public.
    """
    if entry.kind is Kind.GUIDE:
        return _of_guide(desk, await guides.find(desk, entry.code))
    return _of_commitment(desk, await find_commitment(desk, entry.code))


def _of_commitment(desk: Desk, row: CommitmentRow) -> str:
    """First what must be there: how it stands, who answers for it, where it is written."""
    facts = [f"目前：{_stands(desk, row)}"]
    facts += [f"期限：{_day(row)}"] if row.due_on else []
    facts += [f"承办单位：{_unit(desk, row.department, row.phone)}"]
    source = f"{row.source_document} {row.source_number}".strip()
    facts += [f"依据：{source}"] if source else []
    promised = [f"目标：{row.target}。"] if row.target else []
    return _fitted(row.title, [("", [*promised, *_clauses(row.text)])], facts)


def _of_guide(desk: Desk, row: GuideRow) -> str:
    steps = [f"{n}. {step}；" for n, step in enumerate(row.steps, 1)]
    unit = f"办理单位：{_unit(desk, row.department, row.phone)}"
    facts = [f"时限：{row.time_limit}"] if row.time_limit else []
    facts += [f"地点：{row.place}"] if row.place else []
    listed = [
        ("步骤：", steps),
        ("带什么：", [f"{one}；" for one in row.documents]),
        ("注意：", [f"{one}；" for one in row.cautions]),
    ]
    return _fitted(row.title, listed, [*facts, unit])


def _stands(desk: Desk, row: CommitmentRow) -> str:
    said = STATE_NAMES[CommitmentState(row.state)]
    if row.state == CommitmentState.ACTIVE:
        said += "，已过期限" if is_overdue(desk, row) else ""
        said += f"，进度 {row.progress}%" if row.progress else ""
    return said


def _day(row: CommitmentRow) -> str:
    on = row.due_on
    return f"{on.year}年{on.month}月{on.day}日" if on else ""


def _unit(desk: Desk, code: str, phone: str) -> str:
    unit = desk.city.units.get(code)
    number = phone or (unit.phone if unit else "")
    return f"{desk.city.unit_name(code)}，电话 {number}" if number else desk.city.unit_name(code)


def _clauses(text: str) -> list[str]:
    return [clause for clause in CLAUSE_ENDS.split(" ".join(text.split())) if clause]


def _fitted(title: str, listed: Sequence[tuple[str, Sequence[str]]], facts: Sequence[str]) -> str:
    """Title, then of each list as much as there is room for, then the facts."""
    kept_facts = [_short(fact, MOST // 5) for fact in facts]
    head = _short(title, MOST // 5)
    room = MOST - len("\n".join([head, *kept_facts])) - len(WHOLE) - 1
    lines, whole = [head], [head, *kept_facts] == [title, *facts]
    for name, items in listed:
        kept = _kept(items, room - len(name) - 2)
        whole = whole and len(kept) == len(items)
        if kept:
            lines.append(name + _closed("".join(kept)))
            room -= len(lines[-1]) + 1
    return "\n".join([*lines, *kept_facts, *([] if whole else [WHOLE])])


def _kept(items: Sequence[str], room: int) -> list[str]:
    kept: list[str] = []
    for item in items:
        room -= len(item)
        if room < 0:
            break
        kept.append(item)
    return kept


def _closed(text: str) -> str:
    """A sentence that ends, wherever it was cut."""
    return text.rstrip("，、；。 ") + "。"


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"
