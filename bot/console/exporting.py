"""A filtered list as CSV or XLSX, without identities; read page by page, so its length costs no memory."""

import asyncio
import csv
import io
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import structlog
from aiohttp import web

from bot.console.words import word, words
from bot.factory import Process
from bot.http.filters import CaseFilter
from bot.http.keys import PROCESS
from bot.http.pages import moment
from bot.http.sessions import Session
from intake.cases import seeing
from intake.cases.listing import lines, wanted_of
from intake.clock import local
from intake.commitments.cells import defused
from intake.commitments.writing import table
from intake.errors import NotFound
from intake.forms import checked
from intake.masking import masked
from storage.stores.cases import CaseRow
from storage.vocab import Role

EXPORTERS = frozenset({Role.DISPATCHER, Role.SUPERVISOR, Role.AUDITOR, Role.HANDLER, Role.HEAD})
MOST = 100_000
BATCH = seeing.MAX_PAGE
TEXT = 200
CHUNK = 256 * 1024
KINDS = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
BEGINS = "\ufeff"  # Excel takes a file for UTF-8 by it
log = structlog.get_logger(__name__)

Rows = list[list[str]]


async def export(request: web.Request, session: Session) -> web.StreamResponse:
    """What the list of this address holds, at most 100,000 cases, in its order; who took it is logged."""
    if session.actor.role not in EXPORTERS:
        raise NotFound("没有这个页面")
    process, kind = request.app[PROCESS], request.path.rpartition(".")[2]
    given = {name: value for name, value in request.query.items() if value.strip()}
    asked = checked(CaseFilter, {**given, "cursor": None, "limit": BATCH})
    batches = _batches(process, session, asked)
    first = await anext(batches)  # what is refused is refused before the file begins
    log.info("export_begun", actor=session.actor.name, kind=kind, filters=sorted(given))
    response = _begun(process, kind)
    await response.prepare(request)
    count = 0
    async for piece, rows in (_as_csv if kind == "csv" else _as_xlsx)(first, batches):
        count += rows
        await response.write(piece)
    await response.write_eof()
    log.info("exported", actor=session.actor.name, kind=kind, rows=count)
    return response


def _begun(process: Process, kind: str) -> web.StreamResponse:
    name = f"cases-{local(process.clock.now()):%Y%m%d-%H%M}.{kind}"
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
    }
    response = web.StreamResponse(headers=headers)
    response.content_type = KINDS[kind]
    return response


async def _batches(process: Process, session: Session, asked: CaseFilter) -> AsyncIterator[Rows]:
    """Page after page, each in a look of its own: no transaction lasts as long as the download."""
    cursor, taken = None, 0
    while taken < MOST:
        async with process.database.read() as unit:
            desk = process.desk(unit)
            wanted = wanted_of(desk, **asked.wanted(session.actor))
            found, cursor = await seeing.page(
                desk, session.actor, wanted, cursor=cursor, limit=BATCH, order=asked.sort
            )
            told = await lines(desk, found)
        yield [_cells(row, line) for row, line in zip(found, told, strict=True)][: MOST - taken]
        taken += len(found)
        if cursor is None:
            return


async def _as_csv(first: Rows, rest: AsyncIterator[Rows]) -> AsyncIterator[tuple[bytes, int]]:
    yield (BEGINS + _written([list(words()["export"].values())])).encode(), 0
    yield _written(first).encode(), len(first)
    async for rows in rest:
        yield _written(rows).encode(), len(rows)


def _written(rows: Rows) -> str:
    page = io.StringIO()
    csv.writer(page).writerows([defused(cell) for cell in row] for row in rows)
    return page.getvalue()


async def _as_xlsx(first: Rows, rest: AsyncIterator[Rows]) -> AsyncIterator[tuple[bytes, int]]:
    """Written to a file of its own and handed on from there: such a file has its beginning last."""
    with tempfile.TemporaryDirectory(prefix="jiannuo-") as folder:
        path = Path(folder) / "cases.xlsx"
        async with _sheet(path) as add:
            await add(first)
            yield b"", len(first)
            async for rows in rest:
                await add(rows)
                yield b"", len(rows)
        with path.open("rb") as file:
            while piece := await asyncio.to_thread(file.read, CHUNK):
                yield piece, 0


@asynccontextmanager
async def _sheet(path: Path) -> AsyncIterator[Any]:
    book = table(path, "办件", list(words()["export"].values()))
    add = await asyncio.to_thread(book.__enter__)

    async def added(rows: Rows) -> None:
        await asyncio.to_thread(lambda: [add(row) for row in rows])

    yield added
    await asyncio.to_thread(book.__exit__, None, None, None)


def _cells(case: CaseRow, line: dict[str, Any]) -> list[str]:
    """One case in the order of the header; of its words only the first, without phones and the like."""
    return [
        case.tracking_no,
        word(case.type, "type"),
        word(case.state, "state"),
        word(case.channel, "channel"),
        line["department"]["name"] if line["department"] else "",
        case.assignee or "",
        "是" if case.urgent else "",
        "是" if case.supervised else "",
        moment(case.created_at),
        moment(line["due_at"]),
        "是" if line["overdue"] else "",
        word(case.outcome, "outcome"),
        str(case.rating or ""),
        masked((case.transcript or case.text)[: 2 * TEXT])[:TEXT],
    ]
