"""Writing down what came by call, letter, visit or mail, and the query code to read out, shown this once."""

import secrets
from typing import Any

from aiohttp import web

from bot.console.door import drawn
from bot.console.words import words
from bot.http import csrf, posted
from bot.http.keys import PROCESS
from bot.http.pages import see_other
from bot.http.problems import status_of
from bot.http.registering import NewCase, heard, register
from bot.http.sessions import Session
from intake.errors import NotFound, Refused
from intake.forms import checked
from storage.vocab import Channel, Role

CHANNELS = (Channel.HOTLINE, Channel.LETTER, Channel.VISIT, Channel.MAYOR_BOX, Channel.EMAIL)
FIELDS = ("type", "channel", "text", "department", "source_number")
REPORTER = ("mode", "kind", "name", "phone")


async def form(request: web.Request, session: Session) -> web.StreamResponse:
    return _form(request, session, {})


async def submit(request: web.Request, session: Session) -> web.StreamResponse:
    """File once: the same number of a channel, and the same form sent again, lead to the case that stands."""
    _only_dispatchers(session)
    process, told = request.app[PROCESS], posted.Posted({})
    try:
        told = await posted.read(request)
        csrf.check(process.vault, session.token, told.csrf)
        told = await posted.with_files(told, process, session.actor)
        asked = checked(NewCase, _asked(told.body))
        said = await heard(process, asked)
        found = await process.database.run(
            lambda unit: register(process.desk(unit), session.actor, asked, said)
        )
    except Refused as refused:
        return _form(request, session, told.body, refused=refused)
    if found.query_code is None:
        return see_other(f"/console/cases/{found.case.tracking_no}?standing=1")
    facts = {
        "title": "已登记",
        "case": found.case,
        "code": found.query_code,
        "department": process.city.unit_name(found.case.department),
    }
    return drawn(request, session, "registered.html", facts)


def _asked(body: dict[str, Any]) -> dict[str, Any]:
    """The form as ``NewCase`` takes it; a form without a number has one of its own."""
    given = {name: body[name] for name in FIELDS if name in body}
    own = {"source_number": f"form:{body['token']}"} if body.get("token") else {}
    return {
        **own,
        **given,
        "urgent": body.get("urgent") == "true",
        "attachments": body.get(posted.FILES, []),
        "reporter": {name: body[name] for name in REPORTER if name in body},
    }


def _form(
    request: web.Request, session: Session, typed: dict[str, Any], *, refused: Refused | None = None
) -> web.Response:
    _only_dispatchers(session)
    blank = dict.fromkeys((*FIELDS, *REPORTER, "urgent"), "") | {"mode": "named", posted.FILES: []}
    faults = dict(refused.facts.get("fields", {})) if refused else {}
    facts = {
        "title": "登记来件",
        "typed": blank | {"token": secrets.token_hex(16)} | typed,
        "refused": refused.detail if refused else "",
        "faults": {name.removeprefix("reporter."): why for name, why in faults.items()},
        "channels": [channel.value for channel in CHANNELS],
        "choices": words(),
        "unit_names": [unit.name for unit in request.app[PROCESS].city.units.values()],
    }
    return drawn(request, session, "register.html", facts, status=status_of(refused) if refused else 200)


def _only_dispatchers(session: Session) -> None:
    if session.actor.role is not Role.DISPATCHER:
        raise NotFound("没有这个页面")
