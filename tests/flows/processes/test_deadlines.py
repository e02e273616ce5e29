"""Reminders and a changed calendar through processes: the workers find them, the citizen hears."""

from datetime import date
from typing import Any

from storage.vocab import Role
from tests.flows.processes.running import Running, until
from tests.flows.processes.test_push_way import PROMISE


async def clock_of(town: Running, number: str, kind: str) -> dict[str, Any]:
    case = (await town.api("GET", f"/cases/{number}", Role.SUPERVISOR)).body
    return next(one for one in case["clocks"] if one["kind"] == kind)


async def test_an_urgent_case_that_nobody_signs_is_told_within_seconds(town: Running) -> None:
    body = {
        "type": "complaint",
        "channel": "hotline",
        "text": "示例路的井盖没有了，夜里很危险",
        "department": "zhujian",
        "urgent": True,
        "reporter": {"mode": "named", "name": "示例"},
    }
    case = (await town.api("POST", "/cases", Role.DISPATCHER, json=body)).body
    number = case["tracking_no"]
    if case["state"] == "received":
        await town.act(number, "dispatch", Role.DISPATCHER, department="zhujian")
    await town.turn(hours=2, minutes=1)

    async def told() -> list[dict[str, Any]] | None:
        items = (await town.api("GET", "/reminders", Role.SUPERVISOR)).body["items"]
        found = [one for one in items if (one["tracking_no"], one["clock"]) == (number, "sign")]
        return found or None

    found = await until(told, "the reminder of an unsigned case")
    due = (await clock_of(town, number, "sign"))["due_at"]
    assert {one["recipient"]["role"] for one in found} == {"head", "supervisor"}
    assert all(one["at"] > due for one in found)
    await town.turn(minutes=5)
    assert len(await until(told, "again")) == len(found)


async def test_a_day_off_is_told_to_whom_it_concerns(town: Running) -> None:
    openid = "o" + "c" * 27
    number, _ = await town.files(openid, PROMISE)
    before = await clock_of(town, number, "answer")
    day = date.fromisoformat(before["due_at"][:10])
    known = await town.api("GET", f"/calendar/{day}", Role.ADMIN)
    assert known.body["working"] is True
    body = {"working": False, "reason": "示例：全市停工"}
    done = await town.api("PUT", f"/calendar/{day}", Role.ADMIN, json=body)
    assert (done.status, done.body["pending"]) == (200, False)

    async def moved() -> str | None:
        after = (await clock_of(town, number, "answer"))["due_at"]
        return after if after != before["due_at"] else None

    assert (await until(moved, "the new date"))[:10] > day.isoformat()
    rows = await town.pushes(number, lambda rows: any(row["state"] == "sent" for row in rows))
    assert [row["notice"] for row in rows if row["notice"] == "date_changed"] == ["date_changed"]
    heard = await town.pushed(openid)
    assert any(number in one["words"] and "放假安排" in one["words"] for one in heard)
    back = await town.api("PUT", f"/calendar/{day}", Role.ADMIN, json=body | {"working": True})
    assert back.status == 200
    assert (await clock_of(town, number, "answer"))["due_at"] == before["due_at"]
