"""Sending a file of commitments or guides to be imported: who may, and what is noted of it."""

import secrets
from dataclasses import dataclass

from intake.actor import Actor
from intake.desk import Desk
from intake.errors import Invalid, NotFound, WrongRole
from storage.stores.imports import WAITING, ImportRow
from storage.vocab import Role

IMPORTERS = frozenset({Role.DISPATCHER, Role.ADMIN})
"""Who brings in and takes out files of all units."""
TOPIC = "imports"


@dataclass(frozen=True, slots=True)
class Sent:
    """A file that lies in the store. ``kind``: commitments or guides; ``name`` as it was called."""

    kind: str
    name: str
    location: str
    sha256: str


def check_importer(actor: Actor) -> None:
    """Raises :class:`WrongRole`."""
    if actor.role not in IMPORTERS:
        raise WrongRole("您的岗位不能导入文件")


async def submit(desk: Desk, actor: Actor, sent: Sent) -> str:
    """Have a file checked; the id of the row that tells how it goes."""
    check_importer(actor)
    job_id = secrets.token_hex(16)
    await desk.unit.imports.add(
        {
            "id": job_id,
            "kind": sent.kind,
            "name": sent.name[:200],
            "location": sent.location,
            "sha256": sent.sha256,
            "state": WAITING,
            "uploaded_by": actor.name,
            "created_at": desk.now(),
        }
    )
    desk.unit.wake(TOPIC)
    return job_id


async def find(desk: Desk, actor: Actor, job_id: str) -> ImportRow:
    """Raises :class:`NotFound`, :class:`WrongRole`."""
    check_importer(actor)
    job = await desk.unit.imports.get(job_id)
    if job is None:
        raise NotFound("没有这次导入")
    return job


async def confirm(desk: Desk, actor: Actor, job_id: str, sha256: str) -> None:
    """Import what was checked, and no other file; raises as :func:`find` does, and :class:`Invalid`."""
    job = await find(desk, actor, job_id)
    if not await desk.unit.imports.confirm(job.id, sha256, actor.name):
        raise Invalid("这次导入已经确认过，或文件已经变了，请重新上传")
    desk.unit.wake(TOPIC)
