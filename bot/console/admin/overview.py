"""The start of administration, how everything stands, and the log of what was changed."""

import asyncio
from typing import Any
from urllib.parse import urlencode

from aiohttp import web

from bot.console.door import drawn
from bot.console.words import word
from bot.http.keys import PROCESS
from bot.http.readiness import file_faults, parts_of
from bot.http.sessions import Session
from bot.settings import faults_of
from intake.administering import log
from intake.errors import NotFound, WrongRole
from storage.stores.administration import LogRow
from storage.vocab import AdminAction

PATH = "/console/admin"
PAGE = 50
KINDS = {"role": "role", "kind": "unit_kind", "sector": "sector", "level": "level", "flags": "flag"}
"""Fields whose values are codes, and the kind of their words."""


async def start(request: web.Request, session: Session) -> web.StreamResponse:
    """What there is to administer, and how much of it."""
    process = request.app[PROCESS]
    async with process.database.read() as unit:
        staff, second = await unit.staff.all(), await unit.second_factors.confirmed()
        pushes, choice = await unit.administration.menus(1), await unit.learning.choice()
        faults = await unit.operations.faults()
    in_use = [row for row in staff if not row.disabled]
    facts = {
        "title": "管理",
        "units": len(process.city.units),
        "retired": len(process.city.retired),
        "staff": len(in_use),
        "second": sum(row.id in second for row in in_use),
        "rules": process.city.rules_version,
        "push": pushes[0] if pushes else None,
        "model": choice.answering or process.rasa.model or "",
        "faults": faults,
    }
    return drawn(request, session, "admin_start.html", facts)


async def state(request: web.Request, session: Session) -> web.StreamResponse:
    """What ``python -m bot check`` and ``/readyz`` say, without secrets."""
    process = request.app[PROCESS]
    wrong = await asyncio.to_thread(lambda: list(file_faults(process.settings)))
    facts = {
        "title": "运行状态",
        "parts": await parts_of(process),
        "model": process.rasa.model or "",
        "settings": process.settings.shown(),
        "wrong": [*faults_of(process.settings, wechat=True), *wrong],
    }
    return drawn(request, session, "admin_state.html", facts)


async def changes(request: web.Request, session: Session) -> web.StreamResponse:
    """Who changed what, newest first; for administrators and auditors."""
    process, asked = request.app[PROCESS], request.query
    area, subject = asked.get("area", ""), asked.get("subject", "").strip()[:100]
    before = asked.get("before", "")
    below = int(before) if before.isascii() and before.isdigit() and len(before) < 19 else None
    try:
        async with process.database.read() as unit:
            rows = await log.read(
                process.desk(unit), session.actor, area=area, subject=subject, before=below, limit=PAGE
            )
    except WrongRole:
        raise NotFound("没有这个页面") from None
    kept = {name: value for name, value in (("area", area), ("subject", subject)) if value}
    onward = urlencode({**kept, "before": rows[-1].id}) if len(rows) == PAGE else ""
    facts = {
        "title": "操作记录",
        "rows": [(row, _shown(row)) for row in rows],
        "areas": list(log.AREAS),
        "asked": {"area": area, "subject": subject},
        "next_page": f"{PATH}/log?{onward}" if onward else "",
    }
    return drawn(request, session, "admin_log.html", facts)


def _shown(row: LogRow) -> list[tuple[str, str, str]]:
    """Field, before and after, as people read them; of rules only which parts, their page has the rest."""
    whole = row.action != AdminAction.RULES_CHANGED
    return [
        (field, _words(before, field) if whole else "", _words(after, field) if whole else "")
        for field, (before, after) in row.changes.items()
    ]


def _words(value: Any, field: str) -> str:
    if value is None or value == "":
        return "没有"
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, list):
        return "、".join(_words(one, field) for one in value) or "没有"
    return word(value, KINDS[field]) if field in KINDS else str(value)
