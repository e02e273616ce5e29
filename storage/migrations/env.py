"""Alembic's entry: runs on the connection that ``storage.migrate`` hands over."""

from alembic import context

import storage.tables  # noqa: F401  fills the metadata
from storage.base import metadata

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=metadata,
    render_as_batch=connection.dialect.name == "sqlite",
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
