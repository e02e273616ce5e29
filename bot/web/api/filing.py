"""``POST /cases``: letters, visits and calls, written down by a dispatcher."""

from typing import Any

from aiohttp import web

from bot.nlu.port import Understanding
from bot.web.api import shapes
from bot.web.api.cases import whole
from bot.web.api.endpoints import Call, shown
from intake.cases.opening import NewCase, file_case
from intake.desk import Desk
from intake.errors import Invalid
from intake.forms import checked
from intake.reporters import add_person
from storage.stores.cases import CaseRow
from storage.unit import Unit
from storage.vocab import Role

EMERGENCY = "emergency"


async def file(call: Call) -> web.Response:
    """File a case, or find the one that this channel's source number has already."""
    call.only(Role.DISPATCHER)
    asked = checked(shapes.NewCase, await call.body())
    process = call.process
    heard = await process.understander.understand(asked.text, today=process.clock.today())

    async def work(unit: Unit) -> tuple[int, dict[str, Any]]:
        desk = process.desk(unit)
        standing = await _standing(unit, asked)
        if standing is not None:
            return 200, {**await whole(desk, call, standing), "query_code": None}
        case, code = await _filed(desk, call, asked, heard)
        return 201, {**await whole(desk, call, case), "query_code": code}

    status, facts = await process.database.run(work)
    return shown(shapes.FiledCase, facts, status=status)


async def _standing(unit: Unit, asked: shapes.NewCase) -> CaseRow | None:
    if not asked.source_number:
        return None
    return await unit.cases.by_source(asked.channel.value, asked.source_number)


async def _filed(desk: Desk, call: Call, asked: shapes.NewCase, heard: Understanding) -> tuple[CaseRow, str]:
    who = asked.reporter
    reporter_id = await add_person(desk, name=who.name, phone=who.phone, kind=who.kind.value)
    filed = await file_case(
        desk,
        call.who,
        NewCase(
            type=asked.type,
            channel=asked.channel,
            text=asked.text,
            reporter_id=reporter_id,
            mode=who.mode,
            reporter_kind=who.kind,
            department=_unit(desk, asked.department),
            urgent=asked.urgent or heard.intent == EMERGENCY,
            place=next((place.name for place in desk.city.index.places(asked.text)), None),
            about_commitment=heard.about_commitment,
            breach=tuple(heard.breach),
            sectors=heard.sector_shares(),
            understood=heard.source,
            source_number=asked.source_number or None,
        ),
    )
    await _attach(desk, call, filed.case, asked.attachments)
    return filed.case, filed.query_code


def _unit(desk: Desk, words: str) -> str | None:
    if not words:
        return None
    unit = desk.city.index.resolve(words)
    if unit is None:
        raise Invalid("没有这个单位", fields={"department": "没有这个单位"})
    return unit.code


async def _attach(desk: Desk, call: Call, case: CaseRow, file_ids: list[str]) -> None:
    wanted = set(file_ids)
    if not wanted:
        return
    owner: dict[str, object] = {"uploaded_by": call.who.name}
    if await desk.unit.files.attach(sorted(wanted), case_id=case.id, owner=owner) != len(wanted):
        raise Invalid("有附件不存在", fields={"attachments": "有附件不存在或已用在别处"})
