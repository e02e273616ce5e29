"""Commitments as tests need them, straight into the database."""

from datetime import date
from typing import Any

from intake.desk import Desk
from storage.stores.registry import CommitmentRow
from storage.vocab import Category, CommitmentState


async def promise(
    desk: Desk,
    code: str,
    title: str,
    *,
    department: str = "jiaoyu",
    state: CommitmentState = CommitmentState.ACTIVE,
    due_on: date | None = None,
    public: bool = True,
) -> CommitmentRow:
    """A commitment that is kept at the moment, unless told otherwise."""
    said = {"title": title, "text": f"示例：{title}。", "category": Category.LIVELIHOOD.value}
    where = {"department": department, "state": state.value, "due_on": due_on, "public": public}
    rows: list[dict[str, Any]] = [{"code": code, **said, **where}]
    await desk.unit.registry.add_commitments(rows, desk.now())
    found = await desk.unit.commitments.get(code)
    assert found is not None
    return found
