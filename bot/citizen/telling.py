"""Telling a matter in a form, for those who prefer forms: write, look at what was understood, send."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from aiohttp import web

from bot.citizen.reader import HERE, Reader
from bot.citizen.who import COOKIE
from bot.dialogue.confirmation import new_case
from bot.dialogue.dates import due_said
from bot.dialogue.heard import learn
from bot.dialogue.names import name_of
from bot.dialogue.state import Draft
from bot.http import csrf, pages, posted
from bot.http.keys import PROCESS
from bot.http.problems import status_of
from intake import reporters
from intake.actor import citizen
from intake.cases.opening import Filed, NewCase, file_case, promises, propose
from intake.city import City
from intake.desk import Desk
from intake.errors import Invalid, Refused
from storage.stores.cases import CaseRow
from storage.stores.wanted import PUBLISHED
from storage.vocab import CaseType, Channel, ClockKind, Mode, ReporterKind

LONGEST = 5000
EMERGENCY = "emergency"
_FIRST = "请先在公众号里发一句话（比如“你好”），再打开这个页面"


@dataclass(frozen=True, slots=True)
class Sent:
    """What came of sending: the case, and the query code unless the same form had been sent before."""

    case: CaseRow
    code: str
    due: str


async def page(request: web.Request, reader: Reader) -> web.Response:
    return _form(request, reader, {})


async def send(request: web.Request, reader: Reader) -> web.Response:
    """Look first (``step=look``), then file (``step=file``); where it is refused nothing typed is lost."""
    process, told = request.app[PROCESS], posted.Posted({})
    try:
        told = await posted.read(request)
        csrf.check(process.vault, request.cookies.get(COOKIE, ""), told.csrf)
        reporter_id = await process.database.run(
            lambda unit: reporters.meet(process.desk(unit), reader.openid)
        )
        if reporter_id is None:
            raise Invalid(_FIRST)
        told = await posted.with_files(told, process, citizen(reporter_id))
        new = await _understood(request, reporter_id, told.body)
        if told.body.get("step") == "edit":
            return _form(request, reader, told.body)
        if told.body.get("step") != "file":
            return await _look(request, reader, told.body, new)
        sent = await process.database.run(lambda unit: _file(process.desk(unit), new, told.body))
    except Refused as refused:
        faults = refused.facts.get("fields", {})
        facts = dict(told.body) | {"refused": refused.detail, "faults": faults}
        return _form(request, reader, facts, status=status_of(refused))
    facts = {"case": sent.case, "code": sent.code, "due": sent.due, "type": name_of("type", sent.case.type)}
    return _page(request, "told.html", unit=process.city.unit_name(sent.case.department), **facts)


async def _understood(request: web.Request, reporter_id: str, body: Mapping[str, Any]) -> NewCase:
    """What the form says and what its words tell; raises :class:`Invalid` with the faulty fields."""
    process = request.app[PROCESS]
    _check(body, process.city)
    text = str(body["text"])
    heard = await process.understander.understand(text, today=process.clock.today())
    draft = Draft(type=str(body["type"]), mode=str(body["mode"]))
    learn(draft, text, heard, process.city)
    unit = process.city.index.resolve(str(body.get("department", "")))
    kind = body.get("reporter_kind", "")
    return replace(
        new_case(reporter_id, draft),
        channel=Channel.H5,
        mode=Mode(str(body["mode"])),
        reporter_kind=ReporterKind(kind) if kind in set(ReporterKind) else ReporterKind.CITIZEN,
        department=unit.code if unit else None,
        urgent=heard.intent == EMERGENCY,
        source_number=f"form:{body['token']}",
        file_ids=tuple(body.get(posted.FILES, ())),
    )


def _check(body: Mapping[str, Any], city: City) -> None:
    faults: dict[str, str] = {}
    text = str(body.get("text", ""))
    if not text.strip():
        faults["text"] = "请写明是什么事"
    elif len(text) > LONGEST:
        faults["text"] = f"最多 {LONGEST} 个字"
    if body.get("type") not in set(CaseType):
        faults["type"] = "请选一种"
    if body.get("mode") not in set(Mode):
        faults["mode"] = "请选一种"
    if body.get("department") and city.index.resolve(str(body["department"])) is None:
        faults["department"] = "没找到这个单位。不知道可以不填，由受理员定"
    token = str(body.get("token", ""))
    if len(token) != 32 or not token.isalnum():
        faults["token"] = "请重新打开这个页面"
    if faults:
        raise Invalid("有的地方要改一下", fields=faults)


async def _look(request: web.Request, reader: Reader, body: Mapping[str, Any], new: NewCase) -> web.Response:
    """What was understood, where it would go and who would see it; nothing is registered yet."""
    process = request.app[PROCESS]
    async with process.database.read() as unit:
        desk = process.desk(unit)
        ranking, route = propose(desk, new)
        spoken_of = await promises(desk, ranking, new.text) if new.type is CaseType.COMPLAINT else []
    facts: dict[str, Any] = {
        "told": body,
        "type": name_of("type", new.type.value),
        "mode": name_of("mode", new.mode.value),
        "promise": new.promise if new.type is CaseType.COMPLAINT else "",
        "unit": process.city.unit_name(route.department) if route.sure else "",
        "around": route.via in ("supervision", "discipline"),
        "urgent": new.urgent,
        "spoken_of": spoken_of[0] if spoken_of else None,
        "files": len(new.file_ids),
        "csrf": reader.csrf,
    }
    return _page(request, "look.html", **facts)


async def _file(desk: Desk, new: NewCase, body: Mapping[str, Any]) -> Sent:
    """File once: the same form sent again finds the case that stands, without its code."""
    standing = await desk.unit.cases.by_source(Channel.H5.value, new.source_number or "")
    if standing is not None and standing.reporter_id == new.reporter_id:
        return Sent(standing, "", await _due(desk, standing))
    if new.mode is not Mode.ANONYMOUS:
        name, phone = str(body.get("name", ""))[:20], str(body.get("phone", ""))[:20]
        await reporters.tell_of(desk, new.reporter_id, name=name, phone=phone)
    new = await _about(desk, new, str(body.get("about", "")))
    filed: Filed = await file_case(desk, citizen(new.reporter_id), new)
    return Sent(filed.case, filed.query_code, await _due(desk, filed.case))


async def _about(desk: Desk, new: NewCase, said: str) -> NewCase:
    """What was said of the commitment that the look named: ``yes:编号``, ``no:编号``, or nothing."""
    answer, _, code = said.partition(":")
    row = await desk.unit.commitments.get(code) if code and new.type is CaseType.COMPLAINT else None
    if row is None or not row.public or row.state not in PUBLISHED:
        return new
    if answer == "yes":
        return replace(new, commitment=row.code, promised_by=row.department)
    return replace(new, facts=new.facts | {"commitment_denied": [row.code]})


async def _due(desk: Desk, case: CaseRow) -> str:
    clocks = {clock.kind: clock for clock in await desk.unit.clocks.of_case(case.id)}
    answer = clocks.get(ClockKind.ANSWER)
    return due_said(answer.due_at, estimated=answer.estimated) if answer else ""


def _form(
    request: web.Request, reader: Reader, facts: Mapping[str, Any], *, status: int = 200
) -> web.Response:
    blank = ("text", "department", "reporter_kind", "name", "phone", "refused")
    usual: dict[str, Any] = dict.fromkeys(blank, "") | {"token": secrets.token_hex(16)}
    usual |= {"type": "complaint", "mode": "named", "faults": {}, posted.FILES: [], "csrf": reader.csrf}
    choices = {
        "types": {kind.value: name_of("type", kind.value) for kind in CaseType},
        "kinds": {kind.value: name_of("kind", kind.value) for kind in ReporterKind},
        "units": [unit.name for unit in request.app[PROCESS].city.units.values()],
    }
    return _page(request, "tell.html", status=status, **(usual | dict(facts) | choices))


def _page(request: web.Request, template: str, *, status: int = 200, **facts: Any) -> web.Response:
    return pages.page(HERE, template, {"city": request.app[PROCESS].city.name, **facts}, status=status)
