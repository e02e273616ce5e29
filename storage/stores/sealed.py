"""Sealed columns of every table, for sealing them anew: which values stand under which key, a batch, a write.

The values are opened and sealed by ``intake.rotation``; here they are bytes that begin with their key's mark.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, ColumnElement, LargeBinary, Table, func, literal, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.base import Secret, metadata

MARK = 5  # bytes: the format and the key's fingerprint (``intake.identity``)


@dataclass(frozen=True, slots=True)
class SealedRow:
    """A row with at least one value under another key than the one in force."""

    key: Any
    account: str
    """Of an openid; empty elsewhere."""
    values: dict[str, bytes | None]


def sealed_columns() -> dict[str, list[str]]:
    """Table → its columns that hold sealed values."""
    found = {
        table.name: [column.name for column in table.columns if isinstance(column.type, Secret)]
        for table in metadata.sorted_tables
    }
    return {table: names for table, names in found.items() if names}


class SealedStore:
    def __init__(self, connection: AsyncConnection) -> None:
        self._db = connection

    async def batch(self, table: str, mark: bytes, *, after: Any, limit: int) -> list[SealedRow]:
        """Rows in the order of their keys, after ``after`` (None: from the first), that hold a value whose
        mark is another; held until the unit ends. A row that somebody else holds is passed over."""
        of = metadata.tables[table]
        key, names = _key(of), sealed_columns()[table]
        account = of.c.account if "account" in of.c else literal("")
        wanted = select(key, account, *(of.c[name] for name in names)).where(
            or_(*(_mark(of.c[name]).not_in([mark, b""]) for name in names))
        )
        if after is not None:
            wanted = wanted.where(key > after)
        held = wanted.order_by(key).limit(limit).with_for_update(skip_locked=True)
        return [
            SealedRow(row[0], row[1], dict(zip(names, row[2:], strict=True)))
            for row in await self._db.execute(held)
        ]

    async def put(self, table: str, key: Any, values: dict[str, Any]) -> None:
        of = metadata.tables[table]
        await self._db.execute(update(of).where(_key(of) == key).values(**values))

    async def marks(self, table: str) -> dict[bytes, int]:
        """How many values of a table begin with which mark; empty ones hold nothing and are not counted."""
        of, counted = metadata.tables[table], dict[bytes, int]()
        for name in sealed_columns()[table]:
            mark = _mark(of.c[name]).label("mark")
            query = select(mark, func.count()).where(_mark(of.c[name]) != b"").group_by(mark)
            for found, count in await self._db.execute(query):
                counted[bytes(found)] = counted.get(bytes(found), 0) + count
        return counted


def _key(table: Table) -> Column[Any]:
    (key,) = table.primary_key.columns
    return key


def _mark(column: Column[Any]) -> ColumnElement[bytes]:
    return func.substr(column, 1, MARK, type_=LargeBinary)
