"""Who may see an attachment: whoever sees its case; what was left for a person, who reads that; a paper of a
commitment, all staff; as long as it hangs on nothing, its uploader (domain 6)."""

from dataclasses import dataclass

from intake.actor import Actor
from intake.cases import seeing
from intake.desk import Desk
from intake.errors import NotFound
from intake.messages import READERS
from storage.stores.files import FileRow
from storage.vocab import Role


@dataclass(frozen=True, slots=True)
class Attachment:
    """Bytes that are stored. ``location`` is where, in the form that plays in a browser."""

    id: str
    location: str
    content_type: str


async def find_attachment(desk: Desk, actor: Actor, file_id: str) -> Attachment:
    """Raises :class:`NotFound` where it is not there, not fetched yet, or not for this actor."""
    row = await desk.unit.files.get(file_id)
    if row is None or not await _may_see(desk, actor, row):
        raise NotFound("没有这个附件")
    location = row.playable or row.location
    if row.state != "stored" or location is None:
        raise NotFound("附件还没有取到")
    plays = row.playable is not None
    return Attachment(
        row.id, location, "audio/mpeg" if plays else row.content_type or "application/octet-stream"
    )


async def _may_see(desk: Desk, actor: Actor, row: FileRow) -> bool:
    if row.desk_message_id is not None:
        return actor.role in READERS
    if row.commitment is not None:
        return actor.role is not Role.CITIZEN
    if row.case_id is None:
        return row.uploaded_by is not None and row.uploaded_by == actor.name
    case = await desk.unit.cases.get(row.case_id)
    if case is None:
        return False
    try:
        await seeing.find(desk, actor, case.tracking_no)
    except NotFound:
        return False
    return True
