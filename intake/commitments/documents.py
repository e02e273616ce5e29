"""Papers of a commitment: its source, what shows a step, a milestone, a progress; everybody may have those of
a commitment that everybody may read."""

from typing import Annotated

from pydantic import BaseModel, Field, StringConstraints

from intake.actor import Actor
from intake.cases.attachments import Attachment
from intake.cases.fields import Reason
from intake.commitments.moves import Move, move
from intake.desk import Desk
from intake.errors import Invalid, NotFound
from storage.stores.files import FileRow
from storage.stores.registry import CommitmentRow
from storage.vocab import CommitmentAction

MOST = 20
"""Papers that come along with one action."""
SOURCE, MILESTONE, PROGRESS = "source", "milestone", "progress"
Papers = Annotated[list[str], Field(max_length=MOST)]
NOT_THERE = "有附件不存在、已用在别处，或不是图片、PDF、Word、Excel"


class Attach(BaseModel):
    """Papers of the source: the document in which it was promised."""

    attachments: Annotated[list[str], Field(min_length=1, max_length=MOST)]


class Detach(BaseModel):
    """``file``: the id of a paper that should not be there."""

    file: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=32)]
    reason: Reason


async def faults_of(desk: Desk, actor: Actor, attachments: list[str]) -> dict[str, str]:
    """What is wrong with papers that an action brings, by field: all are the actor's own and loose."""
    found = await desk.unit.files.loose(attachments, uploaded_by=actor.name, papers=True)
    return {} if found == len(set(attachments)) else {"attachments": NOT_THERE}


async def hang(
    desk: Desk, actor: Actor, row: CommitmentRow, attachments: list[str], part: tuple[str, int | None]
) -> None:
    """Hang papers on a part of a commitment, by its name and number.

    Raises :class:`Invalid` where one is gone meanwhile.
    """
    if not attachments:
        return
    values: dict[str, object] = {"commitment": row.code, "part": part[0], "part_n": part[1]}
    taken = await desk.unit.files.attach_document(attachments, values, uploaded_by=actor.name)
    if taken != len(set(attachments)):
        raise Invalid("填写有误", fields={"attachments": NOT_THERE})


async def check_attach(desk: Desk, actor: Actor, row: CommitmentRow, asked: Attach) -> None:
    if fields := await faults_of(desk, actor, asked.attachments):
        raise Invalid("填写有误", fields=fields)


async def attach(desk: Desk, actor: Actor, row: CommitmentRow, asked: Attach) -> CommitmentRow:
    """Add papers of the source."""
    await hang(desk, actor, row, asked.attachments, (SOURCE, None))
    return await move(desk, actor, row, Move(CommitmentAction.ATTACH, asked.model_dump()))


async def check_detach(desk: Desk, actor: Actor, row: CommitmentRow, asked: Detach) -> None:
    found = await desk.unit.files.get(asked.file)
    if found is None or found.commitment != row.code:
        raise Invalid("填写有误", fields={"file": "没有这份文件"})


async def detach(desk: Desk, actor: Actor, row: CommitmentRow, asked: Detach) -> CommitmentRow:
    """Take a paper away; the archive keeps that it was there, and why it went."""
    moved = await move(desk, actor, row, Move(CommitmentAction.DETACH, asked.model_dump()))
    await desk.unit.files.detach_document(asked.file, row.code)
    return moved


async def find_document(desk: Desk, row: CommitmentRow, file_id: str) -> tuple[Attachment, str]:
    """A paper of this commitment, and what it is called; raises :class:`NotFound` for every other."""
    file = await desk.unit.files.get(file_id)
    if file is None or file.commitment != row.code or file.location is None:
        raise NotFound("没有这份文件")
    return Attachment(file.id, file.location, file.content_type or "application/octet-stream"), file.name


def facts_of(file: FileRow) -> dict[str, object]:
    """A paper as it is told; ``size`` in bytes, ``n`` as the row's ``part_n``."""
    return {
        "id": file.id,
        "of": file.part,
        "n": file.part_n,
        "name": file.name,
        "content_type": file.content_type,
        "size": file.size,
    }
