"""What a citizen leaves for a person (人工), and the dispatcher's answer."""

from dataclasses import dataclass
from datetime import datetime

from intake.actor import Actor
from intake.desk import Desk
from intake.errors import Invalid, NotFound, OnceOnly, WrongRole
from intake.notices import queue
from storage.vocab import Role

PURPOSE = "desk message"
READERS = frozenset({Role.DISPATCHER, Role.SUPERVISOR})
MAX_LENGTH = 5000


@dataclass(frozen=True, slots=True)
class Message:
    """``files``: (id, kind) of what was sent with it and can be shown."""

    id: int
    text: str
    created_at: datetime
    reply: str | None
    replied_at: datetime | None
    replied_by: str | None
    files: tuple[tuple[str, str], ...] = ()


async def leave(desk: Desk, reporter_id: str, text: str) -> int:
    """Keep a citizen's words for the dispatcher."""
    return await desk.unit.desk.add(reporter_id, desk.vault.seal(text[:MAX_LENGTH], PURPOSE), desk.now())


async def listed(desk: Desk, actor: Actor, limit: int = 100) -> list[Message]:
    """Unanswered ones first; raises :class:`WrongRole` for other roles than dispatcher and supervisor."""
    if actor.role not in READERS:
        raise WrongRole("您的岗位看不到留言")
    rows = await desk.unit.desk.recent(limit)
    files = await desk.unit.files.of_messages([row.id for row in rows])
    return [
        Message(
            id=row.id,
            text=desk.vault.open(row.body, PURPOSE),
            created_at=row.created_at,
            reply=desk.vault.open(row.reply, PURPOSE) if row.reply else None,
            replied_at=row.replied_at,
            replied_by=row.replied_by,
            files=tuple((f.id, f.kind) for f in files if f.desk_message_id == row.id and f.state == "stored"),
        )
        for row in rows
    ]


async def reply(desk: Desk, actor: Actor, message_id: int, text: str) -> None:
    """Answer once, pushed to the citizen. Raises NotFound, WrongRole, Invalid, OnceOnly."""
    row = await desk.unit.desk.get(message_id)
    if row is None:
        raise NotFound("没有这条留言")
    if actor.role is not Role.DISPATCHER:
        raise WrongRole("只有受理员可以回复留言")
    if not text.strip() or len(text) > MAX_LENGTH:
        raise Invalid("请写回复内容", fields={"text": "请写回复内容，5000 字以内"})
    sealed = desk.vault.seal(text.strip(), PURPOSE)
    if not await desk.unit.desk.reply(message_id, reply=sealed, by=actor.name, at=desk.now()):
        raise OnceOnly("这条留言已经回复过")
    newest = await desk.unit.cases.of_reporter(row.reporter_id, 1)
    facts = {"text": text.strip(), "tracking_no": newest[0].tracking_no if newest else ""}
    await queue(desk, row.reporter_id, "desk_reply", facts, key=f"desk:{message_id}")
