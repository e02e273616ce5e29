"""The tables, one family a file. Importing this package fills ``storage.base.metadata``."""

from storage.tables import (
    cases,
    conversations,
    departments,
    events,
    files,
    identity,
    inbox,
    learning,
    operations,
    outbox,
    platform,
    registry,
    requests,
    staff,
)

__all__ = [
    "cases",
    "conversations",
    "departments",
    "events",
    "files",
    "identity",
    "inbox",
    "learning",
    "operations",
    "outbox",
    "platform",
    "registry",
    "requests",
    "staff",
]
