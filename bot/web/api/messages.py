"""``/messages``: what citizens left for a person, and the dispatcher's answers."""

from typing import Any

from aiohttp import web

from bot.web.api.endpoints import Call, shown
from bot.web.api.shapes import Messages
from intake import messages
from intake.clock import local
from intake.errors import NotFound
from storage.unit import Unit


async def listed(call: Call) -> web.Response:
    process = call.process
    async with process.database.read() as unit:
        rows = await messages.listed(process.desk(unit), call.who)
    return shown(Messages, {"items": [as_told(row) for row in rows]})


async def reply(call: Call) -> web.Response:
    """Answer one message, once; the answer is pushed to the citizen."""
    process, body, who = call.process, await call.body(), call.who
    number = row_number(call.request.match_info["id"])
    words = body.get("text")

    async def work(unit: Unit) -> dict[str, Any]:
        desk = process.desk(unit)
        await messages.reply(desk, who, number, words if isinstance(words, str) else "")
        return {"items": [as_told(row) for row in await messages.listed(desk, who) if row.id == number]}

    return shown(Messages, await process.database.run(work))


def row_number(text: str) -> int:
    """A row's number from an address; raises :class:`NotFound`."""
    if not text.isascii() or not text.isdigit() or len(text) > 18:
        raise NotFound("没有这一条")
    return int(text)


def as_told(row: messages.Message) -> dict[str, Any]:
    return {
        "id": row.id,
        "text": row.text,
        "attachments": [{"id": file_id, "kind": kind} for file_id, kind in row.files],
        "created_at": local(row.created_at).isoformat(timespec="seconds"),
        "reply": row.reply,
        "replied_at": local(row.replied_at).isoformat(timespec="seconds") if row.replied_at else None,
        "replied_by": row.replied_by,
    }
