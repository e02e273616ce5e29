"""``GET /reminders``: who was reminded of what, when, by which way, and whether it arrived."""

from datetime import datetime

from aiohttp import web
from pydantic import Field, field_validator

from bot.web.api.endpoints import Call, shown
from bot.web.api.shapes import Asked, ReminderPage
from intake.clock import SHANGHAI
from intake.reminders import reading
from storage.vocab import Role


class ReminderQuery(Asked):
    since: datetime | None = Field(default=None, description="ISO 8601; without an offset, Asia/Shanghai")
    cursor: str | None = Field(default=None, max_length=200)
    limit: int = Field(default=5_000, ge=1, le=10_000)

    @field_validator("since", mode="before")
    @classmethod
    def _plus(cls, given: object) -> object:
        """A plus sign that came through as a blank."""
        return given.replace(" ", "+") if isinstance(given, str) and given.count(":") > 1 else given

    @field_validator("since")
    @classmethod
    def _placed(cls, given: datetime | None) -> datetime | None:
        return given.replace(tzinfo=SHANGHAI) if given is not None and given.tzinfo is None else given


async def listed(call: Call) -> web.Response:
    call.only(Role.SUPERVISOR)
    asked, process = call.query(ReminderQuery), call.process
    async with process.database.read() as unit:
        items, cursor = await reading.page(
            process.desk(unit), asked.since, cursor=asked.cursor, limit=asked.limit
        )
    return shown(ReminderPage, {"items": items, "next_cursor": cursor})
