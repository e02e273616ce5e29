"""Examples to learn from, and the choice of the model."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import desc, func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.stores.rows import all_made, columns, made
from storage.tables.learning import learned_examples as examples
from storage.tables.learning import model_choices as choices


@dataclass(frozen=True, slots=True)
class ExampleRow:
    """``said_…`` is what was answered, ``intent`` and ``department`` what a person says is right."""

    id: int
    origin: str
    text: str
    said_intent: str | None
    said_department: str | None
    confidence: float | None
    source: str
    model: str
    intent: str | None
    department: str | None
    state: str
    created_at: datetime
    decided_at: datetime | None
    decided_by: str | None


@dataclass(frozen=True, slots=True)
class ModelChoice:
    """``wanted`` empty: the model that belongs to the code; ``url`` empty: the settings' address."""

    wanted: str = ""
    before: str = ""
    answering: str = ""
    url: str = ""
    note: str = ""
    changed_at: datetime | None = None
    changed_by: str = ""


_ROW = columns(examples, ExampleRow)
_CHOICE = columns(choices, ModelChoice)


class LearningStore:
    def __init__(self, connection: AsyncConnection) -> None:
        self._db = connection
        self._dialect = sqlite if connection.dialect.name == "sqlite" else postgresql

    async def add(self, values: dict[str, Any]) -> int:
        """Keep one example; where the same words wait with the same correction, that one's number."""
        same = [examples.c[name] == values[name] for name in ("origin", "text", "state")]
        same += [examples.c[name].is_not_distinct_from(values[name]) for name in ("intent", "department")]
        found = await self._db.execute(select(examples.c.id).where(*same).limit(1))
        known = found.scalar_one_or_none()
        if known is not None:
            return int(known)
        added = await self._db.execute(insert(examples).values(**values).returning(examples.c.id))
        return int(added.scalar_one())

    async def listed(
        self, *, state: str = "", origin: str = "", before: int | None = None, limit: int = 50
    ) -> list[ExampleRow]:
        """Newest first; ``before`` is the number below which the page begins."""
        wanted = select(*_ROW).order_by(desc(examples.c.id)).limit(limit)
        if state:
            wanted = wanted.where(examples.c.state == state)
        if origin:
            wanted = wanted.where(examples.c.origin == origin)
        if before is not None:
            wanted = wanted.where(examples.c.id < before)
        return all_made(ExampleRow, await self._db.execute(wanted))

    async def counts(self) -> dict[str, int]:
        """How many there are of each state."""
        found = await self._db.execute(
            select(examples.c.state, func.count(examples.c.id)).group_by(examples.c.state)
        )
        return {str(state): int(count) for state, count in found}

    async def get(self, number: int) -> ExampleRow | None:
        found = await self._db.execute(select(*_ROW).where(examples.c.id == number))
        return made(ExampleRow, found.one_or_none())

    async def change(self, number: int, values: dict[str, Any]) -> None:
        await self._db.execute(update(examples).where(examples.c.id == number).values(**values))

    async def accepted(self) -> list[ExampleRow]:
        """All that may be learned from, oldest first."""
        found = await self._db.execute(
            select(*_ROW).where(examples.c.state == "accepted").order_by(examples.c.id)
        )
        return all_made(ExampleRow, found)

    async def choice(self) -> ModelChoice:
        """Which model is wanted and which answers, as far as anybody chose."""
        return made(ModelChoice, (await self._db.execute(select(*_CHOICE))).one_or_none()) or ModelChoice()

    async def set_choice(self, values: dict[str, Any]) -> None:
        """Change what is given of the choice."""
        fresh = {"wanted": "", "before": "", "answering": "", "url": "", "note": "", "changed_by": ""}
        statement = self._dialect.insert(choices).values(id=1, **(fresh | values))
        await self._db.execute(statement.on_conflict_do_update(index_elements=["id"], set_=values))
