"""Rows as frozen dataclasses: what every store hands out."""

import dataclasses
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from sqlalchemy import Column, Table
from sqlalchemy.engine import Row

D = TypeVar("D")


def columns(table: Table, kind: type[Any]) -> list[Column[Any]]:
    """The table's columns in the order of the dataclass's fields."""
    return [table.c[field.name] for field in dataclasses.fields(kind)]


def made(kind: Callable[..., D], row: Row[Any] | None) -> D | None:
    """One row as ``kind``, or None where there is none."""
    return None if row is None else kind(*row)


def all_made(kind: Callable[..., D], rows: Iterable[Row[Any]]) -> list[D]:
    return [kind(*row) for row in rows]
