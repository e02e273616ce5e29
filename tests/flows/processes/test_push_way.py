"""From a citizen's words to the push and back, through processes of their own and the platform's stand-in."""

import asyncio
import json
from typing import Any

from bot.simulator.platform import Account
from storage.vocab import Role
from tests.flows.processes.running import Facts, Running, until
from tests.support.city import make_vault
from tests.support.commands import command

PROMISE = "市住建局承诺今年六月交付安置房，到现在还没有交付。"
WINDOW = {"hours": 49}  # after which the platform takes no customer-service message


def settled(rows: Facts) -> bool:
    return bool(rows) and all(row["state"] not in ("queued", "sending") for row in rows)


def reported(rows: Facts) -> bool:
    return settled(rows) and all(row["delivered"] is not None for row in rows if row["via"] != "service")


async def consents(town: Running, openid: str, answer: str, **more: Any) -> None:
    """The platform's consent window; returns when the account knows."""
    told = await town.ask("POST", "/simulator/consent", json={"openid": openid, "answer": answer, **more})
    assert told.status == 200, told.body
    digest = make_vault().lookup(Account.of("", "", "").original_id, openid)

    async def known() -> bool | None:
        async with town.database.read() as unit:
            reporter = await unit.identities.by_openid(digest)
            rows = await unit.consents.of(reporter.reporter_id) if reporter else []
        return True if rows and all(row.accepted is (answer == "accept") for row in rows) else None

    await until(known, "consent")


async def unit_of(town: Running, number: str) -> str:
    return str((await town.api("GET", f"/cases/{number}", Role.AUDITOR)).body["department"]["code"])


async def answered(town: Running, number: str, text: str = "已经交付，示例答复。") -> None:
    """The unit answers, which is pushed."""
    unit = await unit_of(town, number)
    case = (await town.api("GET", f"/cases/{number}", Role.HANDLER, unit)).body
    if "sign" in case["allowed"]:
        await town.act(number, "sign", Role.HANDLER, unit)
    await town.act(number, "answer", Role.HANDLER, unit, text=text, outcome="resolved")
    await town.act(number, "approve", Role.HEAD, unit)


async def reopened(town: Running, number: str) -> None:
    await town.act(number, "reopen", Role.DISPATCHER, reason="回访")


async def test_the_allowance_first_then_the_notice_and_both_say_what_happened(town: Running) -> None:
    """Five in 48 hours after a message, three in a minute after a click (wechat 3.6)."""
    openid = "o" + "s" * 27
    number, _ = await town.files(openid, PROMISE)
    await consents(town, openid, "accept")
    for _ in range(3):
        await answered(town, number)
        await reopened(town, number)
    rows = await town.pushes(number, lambda rows: len(rows) == 6 and reported(rows))
    assert [row["via"] for row in rows] == ["service"] * 5 + ["template"]
    assert rows[5]["delivered"] is True
    await town.says(openid, event="CLICK", key="help")
    await answered(town, number)
    await reopened(town, number)
    rows = await town.pushes(number, lambda rows: len(rows) == 8 and settled(rows))
    assert [row["via"] for row in rows[6:]] == ["service", "service"]
    await town.turn(minutes=2)
    await answered(town, number)
    rows = await town.pushes(number, lambda rows: len(rows) == 9 and reported(rows))
    assert (rows[8]["via"], rows[8]["delivered"]) == ("subscribe", True)

    heard = await town.pushed(openid)
    assert [one["kind"] for one in heard] == [row["via"] for row in rows]
    assert all(number in one["words"] for one in heard)
    assert "已解决" in heard[0]["words"]
    assert "已经交付，示例答复。" in heard[0]["words"]
    assert "前告诉我们" in heard[0]["words"]
    assert "前再答复您" in heard[1]["words"]
    assert "前打开公众号评价" in heard[8]["words"]
    assert "交付" not in heard[8]["words"], "cards are read on locked screens"


async def test_a_consent_that_is_used_up_leaves_a_reason(town: Running) -> None:
    openid = "o" + "u" * 27
    number, _ = await town.files(openid, PROMISE)
    await consents(town, openid, "accept", standing=False, template_id="sample-answered")
    await town.turn(**WINDOW)
    await answered(town, number)
    rows = await town.pushes(number, reported)
    assert [(row["via"], row["delivered"]) for row in rows] == [("subscribe", True)]
    await reopened(town, number)
    await answered(town, number)
    rows = await town.pushes(number, lambda rows: len(rows) == 3 and settled(rows))
    assert (rows[2]["state"], rows[2]["reason"]) == ("dead", "no_allowance_no_consent")
    await consents(town, openid, "reject", template_id="sample-answered")


async def test_a_template_message_to_who_blocks_is_known_to_be_undelivered(town: Running) -> None:
    openid = "o" + "t" * 27
    number, _ = await town.files(openid, PROMISE)
    await answered(town, number)
    await town.pushes(number, settled)
    await town.turn(**WINDOW)
    await town.ask("POST", "/simulator/faults", json={"blocks": openid})
    await reopened(town, number)
    rows = await town.pushes(number, lambda rows: len(rows) == 2 and reported(rows))
    assert (rows[1]["via"], rows[1]["delivered"], rows[1]["reason"]) == (
        "template",
        False,
        "failed:user block",
    )


async def test_who_leaves_is_told_nothing_forgotten_and_comes_back_by_the_code(town: Running) -> None:
    openid = "o" + "l" * 27
    number, code = await town.files(openid, PROMISE)
    busy = {"path": "/message/custom/send", "errcode": -1, "times": 4, "openid": openid}
    await town.ask("POST", "/simulator/faults", json={"calls": [busy]})
    await answered(town, number)
    await town.says(openid, event="unsubscribe")
    rows = await town.pushes(number, settled)
    assert [(row["state"], row["reason"]) for row in rows] == [("cancelled", "unsubscribed")]
    await town.ask("POST", "/simulator/faults", json={"clear": True})
    await reopened(town, number)
    case = (await town.api("GET", f"/cases/{number}", Role.DISPATCHER)).body
    assert case["unreachable"] == "unsubscribed"
    assert case["pushes"][1]["reason"] == "unsubscribed"

    await town.turn(days=31)

    async def erased() -> bool | None:
        seen = (await town.api("GET", f"/cases/{number}", Role.DISPATCHER)).body
        return seen["unreachable"] == "erased" or None

    await until(erased, "erasure")
    await town.says(openid, event="subscribe")
    assert "查询码" in await town.says(openid, text=f"进度 {number}")
    assert number in await town.says(openid, text=code)
    assert "已挂上" in await town.says(openid, text="挂到我的微信")
    after = max((one["seq"] for one in await town.pushed(openid, wait=0)), default=0)
    await answered(town, number, "真的交付了。")
    assert "真的交付了。" in (await town.pushed(openid, after=after))[0]["words"]
    case = (await town.api("GET", f"/cases/{number}", Role.DISPATCHER)).body
    assert (case["unreachable"], len(case["events"])) == (None, case["events"][-1]["seq"])


async def test_nothing_of_anybody_is_in_the_logs_and_the_chain_holds(town: Running) -> None:
    openid = "o" + "g" * 27
    text = f"{PROMISE}我叫李小四，电话13912345678。"
    number, code = await town.files(openid, text, "匿名")
    await answered(town, number, "答复里的独特词语。")
    await town.pushed(openid)
    seen = await town.api("GET", f"/cases/{number}", Role.AUDITOR)
    assert "李小四" not in str(seen.body)
    logs = town.logs()
    assert "push_sent" in logs
    secrets = [openid, code, "13912345678", "李小四", "安置房", "独特词语", "access_token", "Bearer"]
    secrets += [await town.token(Role.AUDITOR), town.settings.values["wechat_app_secret"]]
    assert [one for one in secrets if one in logs] == []

    code, verdict = await asyncio.to_thread(command, town.settings, "archive", "verify")
    assert (code, json.loads(verdict)["ok"]) == (0, True)
