"""What works and what does not: each part of the process, and what is wrong with the settings' files."""

from collections.abc import Iterator
from functools import cache
from typing import Any

from bot.factory import Process
from bot.settings import Settings
from bot.wechat.notices import NoticesInvalid, load_notices
from intake.profiles.schema import ProfileFaults, load_profile
from storage import migrate
from storage.engine import DatabaseAway

newest = cache(migrate.newest)


async def parts_of(process: Process) -> dict[str, Any]:
    """``nlu``, ``wechat``, ``database``, ``migrations``; ``outbox``: rows by state; ``faults`` by name."""
    parts: dict[str, Any] = {"nlu": await process.understander.health()}
    try:
        async with process.database.read() as unit:
            revision = await migrate.revision(unit)
            parts |= {
                "database": "ready",
                "migrations": "ready" if revision == newest() else "pending",
                "outbox": await unit.outbox.counts(),
                "faults": await unit.operations.faults(),
            }
    except DatabaseAway:
        parts |= {"database": "away", "migrations": "unknown", "outbox": {}, "faults": {}}
    fault = process.tokens.fault
    return parts | {"wechat": "ready" if fault is None else str(fault)}


def file_faults(settings: Settings) -> Iterator[str]:
    """What is wrong inside the files that the settings name, where they are there. Reads them."""
    try:
        if settings.profile.is_file():
            load_profile(settings.profile)
    except ProfileFaults as fault:
        yield from fault.faults
    try:
        if settings.wechat_notices.is_file():
            load_notices(settings.wechat_notices)
    except NoticesInvalid as fault:
        yield from fault.faults
