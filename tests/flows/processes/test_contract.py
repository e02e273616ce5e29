"""The API as others rely on it: written from the contract's page alone, against running processes."""

import asyncio
import itertools
from datetime import datetime
from io import BytesIO
from typing import Any

import pytest

from storage.vocab import Role
from tests.flows.processes.running import Answer, Running

CASE = {
    "tracking_no": str,
    "type": str,
    "state": str,
    "channel": str,
    "text": str,
    "mode": str,
    "urgent": bool,
    "created_at": str,
    "department": dict,
    "about_commitment": float | int,
    "breach": list,
    "outcome": str | None,
    "planned_on": str | None,
    "claims": list,
    "attachments": list,
    "returns": list,
    "extensions": list,
    "rating": int | None,
    "merged_into": str | None,
    "clocks": list,
    "events": list,
    "allowed": list,
    "version": int,
}
CLOCK = {"kind": str, "due_at": str, "state": str, "estimated": bool, "explanation": str}
EVENT = {
    "seq": int,
    "at": str,
    "actor": str,
    "action": str,
    "from": str | None,
    "to": str | None,
    "reason": str | None,
    "hash": str,
    "previous": str,
}
PROMISE = "市教育局答应今年三月发的学生补助，拖了半年还没有发。"
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63f8ffff3f0005fe02fe"
    "0def46b80000000049454e44ae426082"
)
CHANNELS = ("h5", "hotline", "mayor_box", "letter", "visit", "email", "open311")


def holds(facts: dict[str, Any], shape: dict[str, Any]) -> None:
    wrong = {name: facts.get(name) for name, kind in shape.items() if not isinstance(facts.get(name), kind)}
    assert not wrong
    assert set(shape) <= set(facts)


def problem(answer: Answer, status: int, code: str, **facts: Any) -> None:
    """An RFC 9457 document with the stable code, readable as it came."""
    assert (answer.status, answer.type) == (status, "application/problem+json"), answer
    assert (answer.body["code"], answer.body["status"]) == (code, status)
    assert {name: answer.body[name] for name in facts} == facts
    assert answer.body["detail"].encode() in answer.raw


def body(channel: str = "letter", text: str = PROMISE, **more: Any) -> dict[str, Any]:
    return {"type": "complaint", "channel": channel, "text": text, "reporter": {"mode": "named"}, **more}


async def files(town: Running, **more: Any) -> dict[str, Any]:
    filed = await town.api("POST", "/cases", Role.DISPATCHER, json=body(**more))
    assert filed.status == 201, filed.body
    return dict(filed.body)


async def test_understand(town: Running) -> None:
    before = (await town.api("GET", "/cases", Role.AUDITOR)).body
    for text, named in ((PROMISE, True), ("楼下烧烤店半夜吵得睡不着，油烟也大", False), ("你好", False)):
        heard = await town.api("POST", "/understand", Role.DISPATCHER, json={"text": text})
        assert heard.status == 200
        told = heard.body
        assert told["source"] in ("rasa", "rules")
        assert 0 <= told["confidence"] <= 1
        assert 0 <= told["about_commitment"] <= 1
        assert all(set(one) >= {"code", "score"} for one in told["breach"])
        assert len(told["departments"]) >= 3
        assert all(set(one) >= {"code", "name", "sector", "score", "reason"} for one in told["departments"])
        scores = [one["score"] for one in told["departments"]]
        assert scores == sorted(scores, reverse=True)
        sectors = [one["sector"] for one in told["departments"]]
        assert named or len(sectors) == len(set(sectors))
    text = "卫辉教育局答应2026年3月底前发5000元，单号 ts20261123-000423，电话13912345678，我在红旗区"
    heard = await town.api("POST", "/understand", Role.AUDITOR, json={"text": text})
    found = heard.body["entities"]
    for one in itertools.chain.from_iterable(found.values()):
        assert text[one["start"] : one["end"]] == one["text"]
    values = {kind: [one["value"] for one in found[kind]] for kind in found}
    assert values["tracking_no"] == ["TS20261123000423"]
    assert values["phone"] == ["13912345678"]
    assert values["due_date"] == ["2026-03-31"]
    assert values["amount_yuan"] == [5000]
    assert "红旗区" in values["place"]
    unit = found["department"][0]
    units = (await town.api("GET", "/departments")).body["items"]
    assert unit["value"] == next(one["name"] for one in units if one["code"] == unit["code"])
    for role, status in ((Role.SUPERVISOR, 200), (Role.ADMIN, 200), (Role.HANDLER, 403), (Role.HEAD, 403)):
        assert (await town.api("POST", "/understand", role, "jiaoyu", json={"text": text})).status == status
    assert (await town.api("GET", "/cases", Role.AUDITOR)).body == before


async def test_filing_a_case_and_what_it_shows(town: Running) -> None:
    for channel in CHANNELS:
        filed = await files(town, channel=channel, source_number="A-1", department=None)
        holds(filed, CASE)
        assert len(filed["query_code"]) == 6
        again = await town.api("POST", "/cases", Role.DISPATCHER, json=body(channel, source_number="A-1"))
        assert (again.status, again.body["tracking_no"]) == (200, filed["tracking_no"])
    at_once = await asyncio.gather(
        *(
            town.api("POST", "/cases", Role.DISPATCHER, json=body("visit", source_number="B-1"))
            for _ in range(10)
        )
    )
    assert sorted(one.status for one in at_once) == [200] * 9 + [201]
    assert len({one.body["tracking_no"] for one in at_once}) == 1
    problem(await town.api("POST", "/cases", Role.DISPATCHER, json=body("wechat")), 422, "invalid")
    problem(await town.api("POST", "/cases", Role.HANDLER, "jiaoyu", json=body()), 403, "role")
    problem(await town.api("POST", "/cases", json=body()), 401, "unauthorized")

    case = (await town.api("GET", f"/cases/{filed['tracking_no'].lower()}", Role.AUDITOR)).body
    holds(case, CASE)
    assert "query_code" not in case
    assert set(case["department"]) >= {"code", "name"}
    for clock in case["clocks"]:
        holds(clock, CLOCK)
        assert clock["due_at"].endswith("+08:00")
    due = {clock["kind"]: clock["due_at"] for clock in case["clocks"]}
    assert due["answer"][11:19] == "23:59:59"
    previous = "0" * 64
    for number, event in enumerate(case["events"], 1):
        holds(event, EVENT)
        assert (event["seq"], event["previous"]) == (number, previous)
        previous = event["hash"]


async def test_lists(town: Running) -> None:
    made = [await files(town, text=f"列表第{n}件：{PROMISE}") for n in range(5)]
    made.append(await files(town, type="inquiry", text="列表：请问居住证怎么办理"))

    async def listed(query: str, role: Role = Role.DISPATCHER, department: str | None = None) -> list[str]:
        answer = await town.api("GET", f"/cases?{query}", role, department)
        assert answer.status == 200, answer.body
        return [one["tracking_no"] for one in answer.body["items"]]

    numbers = [one["tracking_no"] for one in made]
    assert set(await listed("q=列表")) == set(numbers)
    assert await listed("q=列表&type=inquiry") == numbers[-1:]
    assert set(await listed("q=列表&state=dispatched&department=教育局")) == set(numbers[:5])
    assert await listed(f"q={numbers[2].lower()}") == [numbers[2]]
    assert await listed("q=列表第3件") == [numbers[3]]
    assert await listed("q=列表&overdue=true") == []
    assert await listed("", Role.HANDLER, "zhujian") == []
    assert await listed("", Role.ADMIN) == []
    pages, cursor = [], ""
    while True:
        page = (await town.api("GET", f"/cases?q=列表&limit=4{cursor}", Role.DISPATCHER)).body
        pages += [one["tracking_no"] for one in page["items"]]
        if page["next_cursor"] is None:
            break
        cursor = f"&cursor={page['next_cursor']}"
    assert pages == await listed("q=列表")
    await town.turn(days=20)
    assert set(numbers[:5]) <= set(await listed("q=列表&overdue=true"))
    for query in ("type=x", "limit=0", "cursor=x", "cursor=MjAyNi0wMS0wMXxh", "department=没有的局"):
        problem(await town.api("GET", f"/cases?{query}", Role.DISPATCHER), 422, "invalid")


async def test_actions_and_the_order_of_refusals(town: Running) -> None:
    case = await files(town)
    path, unit = f"/cases/{case['tracking_no']}", case["department"]["code"]
    act = f"{path}/actions"
    stale = {"version": case["version"] + 3}
    problem(await town.api("POST", f"{act}/sign", json={}), 401, "unauthorized")
    problem(await town.api("POST", f"{act}/sign", Role.HANDLER, "zhujian", json={}), 404, "not_found")
    problem(await town.api("POST", f"{act}/approve", Role.HANDLER, unit, json={}), 403, "role")
    problem(await town.api("POST", f"{act}/sign", Role.HANDLER, unit, json={}), 422, "invalid")
    problem(await town.api("POST", f"{act}/answer", Role.HANDLER, unit, json=stale), 422, "invalid")
    nowhere = stale | {"department": "没有的局"}
    problem(await town.api("POST", f"{act}/dispatch", Role.DISPATCHER, json=nowhere), 422, "invalid")
    version = {"version": case["version"], "state": "dispatched"}
    problem(
        await town.api("POST", f"{act}/sign", Role.HANDLER, unit, json=stale), 409, "stale_version", **version
    )
    answer = {"text": "好", "outcome": "resolved", "version": case["version"]}
    allowed = (await town.api("GET", path, Role.HANDLER, unit)).body["allowed"]
    problem(
        await town.api("POST", f"{act}/answer", Role.HANDLER, unit, json=answer),
        422,
        "state_refuses",
        state="dispatched",
        allowed=allowed,
    )
    hidden = await files(town, text="市教育局的王科长收了钱不办事。", type="complaint")
    assert hidden["department"]["code"] != unit
    problem(await town.api("GET", f"/cases/{hidden['tracking_no']}", Role.HEAD, unit), 404, "not_found")

    number = case["tracking_no"]
    assert (await town.act(number, "sign", Role.HANDLER, unit))["state"] == "handling"
    reviewing = await town.act(number, "answer", Role.HANDLER, unit, text="已发。", outcome="resolved")
    assert (reviewing["state"], reviewing["outcome"]) == ("reviewing", "resolved")
    assert (await town.act(number, "send_back", Role.HEAD, unit, reason="写清日期"))["state"] == "handling"
    planned = {"text": "年底前发。", "outcome": "planned", "planned_on": "2027-12-31"}
    assert (await town.act(number, "answer", Role.HEAD, unit, **planned))["planned_on"] == "2027-12-31"
    answered = await town.act(number, "approve", Role.HEAD, unit)
    assert answered["state"] == "answered"
    assert {c["kind"]: c["state"] for c in answered["clocks"]}["answer"] == "met"
    mine = (await town.api("GET", path, Role.DISPATCHER)).body
    assert "close" not in mine["allowed"], "closing wants a recorded follow-up"
    assert (await town.act(number, "reopen", Role.DISPATCHER, reason="回访不满意"))["state"] == "handling"
    for role in (Role.AUDITOR, Role.CUSTODIAN):
        seen = (await town.api("GET", path, role)).body
        assert seen["allowed"] == []
    told = await town.api("POST", f"{act}/note", Role.AUDITOR, json={"text": "x", "version": 1})
    problem(told, 403, "role")


async def test_identities_files_and_messages(town: Running) -> None:
    person = {"mode": "confidential", "name": "示例姓名", "phone": "13800000000"}
    case = await files(town, text=f"{PROMISE}请回13800000000", reporter=person)
    path = f"/cases/{case['tracking_no']}"
    assert "13800000000" not in str(case)
    problem(await town.api("POST", f"{path}/identity", Role.DISPATCHER, json={"reason": "x"}), 403, "role")
    problem(await town.api("POST", f"{path}/identity", Role.CUSTODIAN, json={}), 422, "invalid")
    known = await town.api("POST", f"{path}/identity", Role.CUSTODIAN, json={"reason": "核实"})
    assert (known.body["name"], known.body["phone"]) == ("示例姓名", "13800000000")
    last = (await town.api("GET", path, Role.AUDITOR)).body["events"][-1]
    assert (last["actor"], last["reason"]) == ("custodian-city", "核实")

    kept = await town.api("POST", "/files", Role.DISPATCHER, data={"file": BytesIO(PNG)})
    assert kept.status in (200, 201), kept.body
    problem(
        await town.api("POST", "/files", Role.DISPATCHER, data={"file": BytesIO(b"MZ\x90 program")}),
        422,
        "invalid",
    )
    problem(await town.api("GET", f"/files/{kept.body['id']}", Role.AUDITOR), 404, "not_found")
    with_file = await files(town, attachments=[kept.body["id"]])
    assert [one["id"] for one in with_file["attachments"]] == [kept.body["id"]]
    shown = await town.api("GET", f"/files/{kept.body['id']}", Role.AUDITOR)
    assert (shown.status, shown.type, shown.raw[:4]) == (200, "image/png", PNG[:4])

    openid = "o" + "m" * 27
    await town.says(openid, text="人工")
    await town.says(openid, text="想问问窗口几点开门")
    rows = (await town.api("GET", "/messages", Role.DISPATCHER)).body["items"]
    assert [row["text"] for row in rows] == ["想问问窗口几点开门"]
    reply = f"/messages/{rows[0]['id']}/reply"
    assert (await town.api("POST", reply, Role.DISPATCHER, json={"text": "八点半。"})).status == 200
    assert "八点半" in (await town.pushed(openid))[0]["words"]
    problem(
        await town.api("POST", "/messages/999/reply", Role.DISPATCHER, json={"text": "x"}), 404, "not_found"
    )


async def test_what_everyone_may_read(town: Running) -> None:
    units = (await town.api("GET", "/departments")).body["items"]
    assert len(units) >= 120
    wanted = {"code", "name", "short_names", "kind", "sector", "level", "parent", "phone", "email"}
    assert all(wanted <= set(unit) for unit in units)
    assert (await town.api("GET", "/commitments?state=active&q=x")).status == 200
    problem(await town.api("GET", "/commitments/NONE"), 404, "not_found")
    problem(await town.api("GET", "/nothing", Role.ADMIN), 404, "not_found")
    described = (await town.api("GET", "/openapi.json")).body
    assert described["openapi"].startswith("3.")
    for path in ("/understand", "/cases", "/cases/{tracking_no}", "/files/{id}", "/messages", "/departments"):
        assert path in described["paths"]
    for address in ("/healthz", "/readyz", "/metrics", "/", "/console/", "/m/notices"):
        assert (await town.ask("GET", address)).status == 200, address
    ready = (await town.ask("GET", "/readyz")).body
    assert ready["nlu"] in ("ready", "starting", "degraded")


@pytest.mark.parametrize(
    ("body", "kind"),
    [({"advance_seconds": 3600}, "forward"), ({"now": "2020-01-01T00:00:00+08:00"}, "back")],
)
async def test_the_clock_of_the_simulator(town: Running, body: dict[str, Any], kind: str) -> None:
    before = datetime.fromisoformat((await town.ask("GET", "/simulator/clock")).body["now"])
    told = await town.ask("POST", "/simulator/clock", json=body)
    if kind == "back":
        assert told.status >= 400
        return
    assert (datetime.fromisoformat(told.body["now"]) - before).total_seconds() >= 3600
