"""Rows whose column is one of very many values, which stays as quick when there are five hundred of them."""

from collections.abc import Collection

from sqlalchemy import Column, ColumnElement, String, func, literal, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncConnection


def among(connection: AsyncConnection, column: Column[str], values: Collection[str]) -> ColumnElement[bool]:
    """The condition that ``column`` is one of ``values``.

    PostgreSQL keeps the plan of a statement from when its table was small: a list of parameters is then
    compared one by one with every row; a joined array is not.
    """
    if connection.dialect.name == "sqlite":
        return column.in_(values)
    return column.in_(select(func.unnest(literal(list(values), ARRAY(String)))))
