"""Files in and out: a file is sent and checked, what it would change is shown, then it is imported."""

import asyncio
import hashlib
import re
import tempfile
from contextlib import ExitStack
from io import BytesIO
from pathlib import Path
from typing import Any, cast
from urllib.parse import quote

from aiohttp import web
from aiohttp.web_request import FileField

from bot.console.door import drawn
from bot.console.words import words
from bot.factory import Process
from bot.files import FilesAway
from bot.http import csrf
from bot.http.filters import CommitmentFilter
from bot.http.keys import PRIVATE, PROCESS
from bot.http.middlewares import HEADERS
from bot.http.pages import see_other
from bot.http.problems import Away, TooLarge, status_of
from bot.http.sessions import Session
from intake.commitments.importing import Sent, check_importer, confirm, find, submit
from intake.errors import Invalid, NotFound, Refused
from intake.forms import checked
from intake.registry import list_commitments
from storage.stores.imports import WORKED_ON, ImportRow

PATH = "/console/commitments/import"
MOST_BYTES = 30 << 20  # as the proxy lets through
LAST, PAGE, PIECE = 10, 500, 1 << 20
NAMES = {"commitments": "承诺", "guides": "办事指南"}
TYPES = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


async def form(request: web.Request, session: Session) -> web.StreamResponse:
    """The form to send a file, the last ones that were sent, templates and exports."""
    return await _form(request, session)


async def upload(request: web.Request, session: Session) -> web.StreamResponse:
    """Keep a file and have it checked; where it is refused the form comes back with the reason."""
    process = request.app[PROCESS]
    try:
        check_importer(session.actor)
        sent = await _sent(request, session)
        job_id = await process.database.run(lambda unit: submit(process.desk(unit), session.actor, sent))
    except Refused as refused:
        return await _form(request, session, refused=refused.detail, status=status_of(refused))
    return see_other(f"{PATH}/{job_id}")


async def one(request: web.Request, session: Session) -> web.StreamResponse:
    """How far a file is, what is wrong with it, or what it would change; it looks again by itself."""
    return await _one(request, session)


async def confirmed(request: web.Request, session: Session) -> web.StreamResponse:
    """Import the file whose outcome the page showed."""
    process, data = request.app[PROCESS], await request.post()
    job_id = request.match_info["id"]
    try:
        csrf.check(process.vault, session.token, data.get(csrf.FIELD))
        digest = str(data.get("sha256", ""))
        await process.database.run(lambda unit: confirm(process.desk(unit), session.actor, job_id, digest))
    except NotFound:
        raise
    except Refused as refused:
        return await _one(request, session, refused=refused.detail, status=status_of(refused))
    return see_other(f"{PATH}/{job_id}")


async def template(request: web.Request, session: Session) -> web.StreamResponse:
    """An empty file to be filled in."""
    from intake.commitments.kinds import KINDS  # spreadsheets weigh 20 MB: only once they are needed

    kind, ending = _named(request)
    with tempfile.TemporaryDirectory(prefix="jiannuo-") as folder:
        path = Path(folder) / f"file.{ending}"
        await asyncio.to_thread(KINDS[kind].template, path)
        return await _handed_over(request, path, f"{NAMES[kind]}模板")


async def export(request: web.Request, session: Session) -> web.StreamResponse:
    """All guides, or the commitments that the list shows under the same filters."""
    from intake.commitments.kinds import KINDS  # as above

    check_importer(session.actor)
    kind, ending = _named(request)
    asked = checked(CommitmentFilter, {name: value for name, value in request.query.items() if value.strip()})
    with tempfile.TemporaryDirectory(prefix="jiannuo-") as folder:
        path, last = Path(folder) / f"file.{ending}", ""
        with KINDS[kind].exporting(path) as take:
            while rows := await _page(request, kind, asked, last):
                await asyncio.to_thread(take, rows)
                last = rows[-1].code
        return await _handed_over(request, path, NAMES[kind])


def _named(request: web.Request) -> tuple[str, str]:
    """The kind and the ending of the address; raises :class:`NotFound`."""
    kind, ending = request.match_info["kind"], request.match_info["ending"]
    if kind not in NAMES or ending not in TYPES:
        raise NotFound("没有这个文件")
    return kind, ending


async def _page(request: web.Request, kind: str, asked: CommitmentFilter, after: str) -> list[Any]:
    process = request.app[PROCESS]
    async with process.database.read() as unit:
        if kind == "guides":
            return list(await unit.registry.guides_after(after, PAGE))
        desk = process.desk(unit)
        wanted = asked.model_dump() | {"everything": True, "after": after}
        return list(await list_commitments(desk, **wanted, limit=PAGE))


async def _sent(request: web.Request, session: Session) -> Sent:
    """The file of the form, in the store; raises :class:`Invalid`, :class:`TooLarge`, :class:`Away`."""
    process = request.app[PROCESS]
    try:
        data = await request.clone(client_max_size=MOST_BYTES).post()
    except web.HTTPRequestEntityTooLarge:
        raise TooLarge(f"文件超过 {MOST_BYTES >> 20} MB，请分成几个文件") from None
    with ExitStack() as stack:
        for value in data.values():
            if isinstance(value, FileField):
                stack.enter_context(value.file)
        csrf.check(process.vault, session.token, data.get(csrf.FIELD))
        kind, file = str(data.get("kind", "")), data.get("file")
        if kind not in NAMES or not isinstance(file, FileField):
            raise Invalid("请选择文件，并选明是承诺还是办事指南")
        return await _kept(process, kind, file)


async def _kept(process: Process, kind: str, file: FileField) -> Sent:
    held = cast("BytesIO", file.file)  # a temporary file that behaves as one
    digest = await asyncio.to_thread(hashlib.file_digest, held, "sha256")
    held.seek(0)
    try:
        location = await process.files.keep(held)
    except FilesAway:
        raise Away("文件暂时存不了，请稍后再试") from None
    return Sent(kind, re.split(r"[\\/]", file.filename)[-1], location, digest.hexdigest())


async def _form(
    request: web.Request, session: Session, *, refused: str = "", status: int = 200
) -> web.Response:
    check_importer(session.actor)
    async with request.app[PROCESS].database.read() as unit:
        jobs = await unit.imports.last(LAST)
    facts = {"title": "导入和导出", "jobs": jobs, "kinds": NAMES, "states": words()["import_state"]}
    return drawn(request, session, "importing.html", facts | {"refused": refused}, status=status)


async def _one(
    request: web.Request, session: Session, *, refused: str = "", status: int = 200
) -> web.Response:
    process = request.app[PROCESS]
    async with process.database.read() as unit:
        job = await find(process.desk(unit), session.actor, request.match_info["id"])
    facts = {
        "title": f"导入 {job.name}",
        "job": job,
        "kind": NAMES[job.kind],
        "states": words()["import_state"],
        "percent": _percent(job),
        "running": job.state in WORKED_ON,
        "refused": refused,
    }
    return drawn(request, session, "import.html", facts, status=status)


def _percent(job: ImportRow) -> int | None:
    return min(100, job.rows_done * 100 // job.rows_total) if job.rows_total else None


async def _handed_over(request: web.Request, path: Path, name: str) -> web.StreamResponse:
    """A file of ours as a download, piece by piece."""
    request[PRIVATE] = True
    full = quote(f"{name}{path.suffix}", safe="")
    headers = {
        "Content-Disposition": f"attachment; filename=\"export{path.suffix}\"; filename*=UTF-8''{full}",
        "Content-Type": TYPES[path.suffix[1:]],
        "Cache-Control": "no-store",
    }
    response = web.StreamResponse(headers=HEADERS | headers)
    await response.prepare(request)
    with path.open("rb") as file:
        while piece := await asyncio.to_thread(file.read, PIECE):
            await response.write(piece)
    await response.write_eof()
    return response
