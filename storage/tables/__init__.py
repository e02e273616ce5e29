"""The tables, one family a file. Importing this package fills ``storage.base.metadata``."""

from storage.tables import (
    calendar,
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
    reminders,
    requests,
    staff,
)

__all__ = [
    "calendar",
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
    "reminders",
    "requests",
    "staff",
]
