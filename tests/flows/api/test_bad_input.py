"""What is filled in wrongly over the API: refused with the field, the state and what is allowed, in Chinese,
and nothing is left half-done."""

from io import BytesIO
from typing import Any

import pytest
from aiohttp import FormData
from sqlalchemy import func, select

from bot.simulator.samples import photo
from storage.stores.cases import CaseRow
from storage.stores.sights import Sight
from storage.tables.files import files
from storage.vocab import Role
from tests.flows.api.service import Service
from tests.proofs.standing import digest

ABOUT_SCHOOL = "市教育局答应给我们学校的补助两年没有兑现，教育局一直推诿。"
LONG = "长" * 10_000
EVERYTHING = Sight(everything=True)
BLANK = " \n\u3000\t"
PAST = "2020-02-29"
HANDLER, HEAD, DISPATCHER, SUPERVISOR = Role.HANDLER, Role.HEAD, Role.DISPATCHER, Role.SUPERVISOR
ANSWER: dict[str, Any] = {
    "text": "好了",
    "outcome": "resolved",
    "claims": [{"n": 1, "outcome": "resolved", "text": "好"}],
}
RETURN = {"reason": "不归我们", "basis": "三定", "proposed_department": "zhujian"}
HELP = {"department": "zhujian", "text": "请协助", "due_on": "2099-01-01"}
CALL = {"reached": True, "words": "回访"}


def claims(*numbers: int) -> dict[str, Any]:
    return {"claims": [{"n": n, "outcome": "resolved", "text": "好"} for n in numbers]}


WRONG: list[tuple[Role, str, dict[str, Any], str]] = [
    *((HANDLER, "answer", ANSWER | {"text": text}, "text") for text in ("", BLANK, LONG)),
    (HANDLER, "answer", ANSWER | {"outcome": "done"}, "outcome"),
    (HANDLER, "answer", ANSWER | {"outcome": "planned"}, "planned_on"),
    (HANDLER, "answer", ANSWER | {"outcome": "planned", "planned_on": PAST}, "planned_on"),
    (HANDLER, "answer", ANSWER | {"outcome": "planned", "planned_on": "2026-02-30"}, "planned_on"),
    (HANDLER, "answer", ANSWER | {"planned_on": "2099-01-01"}, "planned_on"),
    *(
        (HANDLER, "answer", ANSWER | claims(*numbers), "claims")
        for numbers in ((), (2,), (0,), (1, 1), (1, 2))
    ),
    (HANDLER, "answer", ANSWER | claims(*range(1, 101)), "claims"),
    (HANDLER, "answer", ANSWER | {"attachments": ["0" * 32]}, "attachments"),
    (HANDLER, "answer", ANSWER | {"attachments": [f"{n:032}" for n in range(100)]}, "attachments"),
    *(
        (HANDLER, "request_extension", {"reason": "会商", "days": days}, "days")
        for days in (0, -1, 11, "x", 1.5)
    ),
    *((HEAD, "request_extension", {"reason": why, "days": 3}, "reason") for why in ("", BLANK, LONG)),
    *((HANDLER, "request_return", RETURN | {name: BLANK}, name) for name in RETURN),
    *((HANDLER, "request_return", RETURN | {name: LONG}, name) for name in RETURN),
    *(
        (HANDLER, "request_return", RETURN | {"proposed_department": unit}, "proposed_department")
        for unit in ("没有的局", "jiaoyu")
    ),
    (DISPATCHER, "rule_return", {"approve": True, "department": "没有的局", "reason": "属实"}, "department"),
    (DISPATCHER, "rule_return", {"approve": "vielleicht", "reason": "属实"}, "approve"),
    *((DISPATCHER, "rule_extension", {"approve": True, "reason": why}, "reason") for why in (BLANK, LONG)),
    *((HEAD, "ask_unit", HELP | {"department": unit}, "department") for unit in ("没有的局", "jiaoyu", "")),
    *((HEAD, "ask_unit", HELP | {"due_on": day}, "due_on") for day in (PAST, "morgen", "")),
    *((HEAD, "ask_unit", HELP | {"text": text}, "text") for text in (BLANK, LONG)),
    *((SUPERVISOR, "supervise", {"demand": why, "due_on": "2099-01-01"}, "demand") for why in (BLANK, LONG)),
    (SUPERVISOR, "supervise", {"demand": "抓紧", "due_on": PAST}, "due_on"),
    *((HEAD, "assign", {"handler": who}, "handler") for who in ("nobody", BLANK, LONG)),
    *(
        (HANDLER, action, {"text": text}, "text")
        for action in ("note", "ask_citizen")
        for text in (BLANK, LONG)
    ),
    *((HANDLER, "contacted", {"how": "电话", "words": text}, "words") for text in (BLANK, LONG)),
    *(
        (DISPATCHER, "merge", {"into": number}, "into")
        for number in ("TS20260101000010", "x", "", LONG, "SELF")
    ),
    (DISPATCHER, "dispatch", {"department": "没有的局"}, "department"),
    (DISPATCHER, "dispatch", {"department": "zhujian", "reason": LONG}, "reason"),
    (DISPATCHER, "decline", {"code": "lazy", "reason": "不想办"}, "code"),
    *((DISPATCHER, "decline", {"code": "litigation", "reason": why}, "reason") for why in (BLANK, LONG)),
    (DISPATCHER, "set_claims", {"claims": ["诉求"] * 21}, "claims"),
    (DISPATCHER, "set_claims", {"claims": [LONG]}, "claims.0"),
    (DISPATCHER, "correct_accused", {"accused": ["没有的局"], "reason": "听录音"}, "accused"),
    *((DISPATCHER, "follow_up", CALL | {"rating": stars}, "rating") for stars in (0, 6, -1)),
    (DISPATCHER, "follow_up", {"reached": False, "words": "没人接", "rating": 5}, "rating"),
    *((DISPATCHER, "reopen", {"reason": why}, "reason") for why in ("", BLANK, LONG)),
    *((HEAD, "send_back", {"reason": why}, "reason") for why in ("", BLANK, LONG)),
]


async def worked_on(service: Service) -> CaseRow:
    """A case that the education office works on, with one claim."""
    number = (await service.file(ABOUT_SCHOOL, department="jiaoyu")).case.tracking_no
    for action, body in (("sign", {}), ("set_claims", {"claims": ["发补助"]})):
        case = await found(service, number)
        path = f"/cases/{number}/actions/{action}"
        answer = await service.ask("POST", path, HANDLER, json={"version": case.version} | body)
        assert answer.status == 200
    return await found(service, number)


async def found(service: Service, number: str) -> CaseRow:
    async with service.process.database.read() as unit:
        [(row, _)] = await unit.lists.page(EVERYTHING, {"number": number}, limit=2)
        return row


async def standing(service: Service, case: CaseRow) -> tuple[str, int]:
    """Of every row of the case, and how many files there are."""
    async with service.process.database.read() as unit:
        kept = await unit.connection.execute(select(func.count()).select_from(files))
        return await digest(service.process.desk(unit), [case.id]), kept.scalar_one()


async def test_what_is_wrong_is_named_and_changes_nothing(service: Service) -> None:
    case = await worked_on(service)
    before = await standing(service, case)
    for role, action, body, name in WRONG:
        sent = (
            body
            | {"version": case.version}
            | ({"into": case.tracking_no} if body.get("into") == "SELF" else {})
        )
        answer = await service.ask("POST", f"/cases/{case.tracking_no}/actions/{action}", role, json=sent)
        told = await answer.json()
        assert (answer.status, told["code"]) == (422, "invalid"), (action, name, told)
        assert chinese(told["fields"][name]), (action, told)
        assert chinese(told["detail"])
        assert told["state"] == "handling"
        assert (action in told["allowed"]) is (action in TAKEN), (action, told["allowed"])
        assert LONG[:50] not in str(told)
    assert await standing(service, case) == before


TAKEN = {
    *(
        "answer",
        "request_extension",
        "request_return",
        "ask_unit",
        "supervise",
        "assign",
        "note",
        "ask_citizen",
    ),
    *("contacted", "merge", "set_claims", "correct_accused"),
}


def chinese(words: str) -> bool:
    return any("一" <= sign <= "鿿" for sign in words)


NOT_TAKEN = {
    "an exe that calls itself a picture": ("bild.jpg", b"MZ\x90\x00" + b"\0" * 200, 422),
    "SVG": ("bild.svg", b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', 422),
    "HTML that calls itself a picture": ("bild.png", b"<!doctype html><script>alert(1)</script>", 422),
    "a script": ("los.sh", b"#!/bin/sh\nrm -rf /\n", 422),
    "nothing": ("leer.pdf", b"", 422),
    "30 MB": ("film.mp4", b"\0\0\0\x18ftypisom" + b"\0" * (30 * 1024 * 1024), 413),
    "12 MB of a picture": ("gross.jpg", b"\xff\xd8\xff" + b"\0" * (12 * 1024 * 1024), 422),
}


@pytest.mark.parametrize("what", NOT_TAKEN)
async def test_a_file_that_is_not_taken_leaves_none(service: Service, what: str) -> None:
    name, data, status = NOT_TAKEN[what]
    case = await worked_on(service)
    before = await standing(service, case)
    form = FormData()
    form.add_field("file", BytesIO(data), filename=name, content_type="image/jpeg")
    answer = await service.ask("POST", "/files", HANDLER, data=form)
    told = await answer.json()
    assert answer.status == status, told
    assert chinese(told["detail"])
    assert await standing(service, case) == before


async def test_a_file_belongs_to_one_answer_of_who_brought_it(service: Service) -> None:
    case = await worked_on(service)
    form = FormData()
    form.add_field("file", photo(), filename="bild.jpg")
    file_id = (await (await service.ask("POST", "/files", HEAD, data=form)).json())["id"]
    sent = ANSWER | {"version": case.version, "attachments": [file_id]}
    path = f"/cases/{case.tracking_no}/actions/answer"
    before = await standing(service, case)
    told = await (await service.ask("POST", path, HANDLER, json=sent)).json()
    assert told["fields"].keys() == {"attachments"}
    assert await standing(service, case) == before
    assert (await service.ask("POST", path, HEAD, json=sent)).status == 200


async def test_a_stale_version_names_what_changed(service: Service) -> None:
    case = await worked_on(service)
    path = f"/cases/{case.tracking_no}/actions/"
    for text in ("第一条", "第二条"):
        version = (await found(service, case.tracking_no)).version
        await service.ask("POST", path + "note", HEAD, json={"version": version, "text": text})
    before = await standing(service, case)
    answer = await service.ask("POST", path + "answer", HANDLER, json=ANSWER | {"version": case.version})
    told = await answer.json()
    assert (answer.status, told["code"], told["state"]) == (409, "stale_version", "handling")
    assert [(one["actor"], one["action"]) for one in told["changed"]] == [("head-jiaoyu", "note")] * 2
    assert {"answer", "note"} <= set(told["allowed"])
    for version in (case.version + 90, -1, 0):
        answer = await service.ask("POST", path + "answer", HANDLER, json=ANSWER | {"version": version})
        assert (answer.status, (await answer.json())["version"]) == (409, case.version + 2)
    assert await standing(service, case) == before


async def test_sending_twice_does_it_once(service: Service) -> None:
    case = await worked_on(service)
    path, sent = f"/cases/{case.tracking_no}/actions/answer", ANSWER | {"version": case.version}
    statuses = [(await service.ask("POST", path, HANDLER, json=sent)).status for _ in range(2)]
    assert statuses == [200, 409]
    letter = {
        "type": "complaint",
        "channel": "letter",
        "text": ABOUT_SCHOOL,
        "source_number": "信访2026-1",
        "reporter": {"mode": "named"},
    }
    answers = [await service.ask("POST", "/cases", DISPATCHER, json=letter) for _ in range(2)]
    assert [answer.status for answer in answers] == [201, 200]
    assert len({(await answer.json())["tracking_no"] for answer in answers}) == 1


@pytest.mark.parametrize(
    ("wrong", "name"),
    [
        ({"text": BLANK}, "text"),
        ({"text": LONG}, "text"),
        ({"type": "x"}, "type"),
        ({"channel": "wechat"}, "channel"),
        ({"department": "没有的局"}, "department"),
        ({"source_number": LONG}, "source_number"),
        ({"attachments": [f"{n:032}" for n in range(100)]}, "attachments"),
        ({"attachments": ["0" * 32]}, "attachments"),
        ({"reporter": {"mode": "anonymous", "name": "李示例"}}, "reporter"),
        ({"reporter": {"mode": "named", "phone": "123"}}, "reporter.phone"),
    ],
)
async def test_a_letter_filled_in_wrongly_is_not_filed(
    service: Service, wrong: dict[str, Any], name: str
) -> None:
    letter = {"type": "complaint", "channel": "letter", "text": ABOUT_SCHOOL, "reporter": {"mode": "named"}}
    answer = await service.ask("POST", "/cases", DISPATCHER, json=letter | wrong)
    told = await answer.json()
    assert (answer.status, told["code"]) == (422, "invalid"), told
    assert chinese(told["fields"][name]), told
    listed = await (await service.ask("GET", "/cases", DISPATCHER)).json()
    assert listed["items"] == []
