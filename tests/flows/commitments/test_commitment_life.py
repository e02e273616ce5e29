"""A commitment from its draft to its end, over the API (domain 2)."""

from datetime import date

import pytest
from sqlalchemy import text

from intake import archive
from storage.vocab import BrokenReason, CommitmentAction, Role, Step
from tests.flows.commitments.office import CONSULTED, Office

A = CommitmentAction
OLD_ACCOUNTS = (
    "因政府换届，原计划不再执行",
    "主要领导调整",
    "原负责人已经调离，新任局长另有安排",
    "责任人变更",
    "局里换人了",
    "这是上一届政府定的",
)
LAWFUL = ("用地手续延后", "省里政策调整，标准提高", "负责人民政府采购的程序延长", "施工单位更换")


async def test_the_whole_way_from_a_draft_to_a_kept_promise(at: Office) -> None:
    told = await at.create(co_departments=["市财政局"], decision_owner="市政府常务会议", phone="示例")
    assert (at.status, told["state"], told["department"]["code"]) == (201, "draft", "jiaoyu")
    assert [(one["pending"], one["in_force"]) for one in told["versions"]] == [(True, False)]
    assert told["code"].startswith("CN")
    assert [unit["code"] for unit in told["co_departments"]] == ["caizheng"]
    assert (await at.do(A.SUBMIT))["state"] == "review"
    await at.steps(1, 8)
    assert (await at.do(A.PREDISCLOSE))["state"] == "predisclosure"
    await at.steps(9, 10)
    told = await at.do(A.PUBLISH)
    assert (told["state"], told["made_on"]) == ("active", at.service.process.clock.today().isoformat())
    told = await at.do(A.SET_MILESTONE, due_on="2099-06-30", title="主体封顶")
    told = await at.do(A.SET_MILESTONE, n=1, state="done", evidence="示例验收单")
    assert [(one["title"], one["state"]) for one in told["milestones"]] == [("主体封顶", "done")]
    told = await at.do(A.REPORT_PROGRESS, percent=80, text="已建成 2400 个")
    assert (told["progress"], told["progress_text"]) == (80, "已建成 2400 个")
    await at.do(A.CLAIM_FULFILLED)
    told = await at.do(A.REFUSE_FULFILLED, reason="还差 600 个")
    assert (told["state"], told["claimed_at"]) == ("active", None)
    await at.do(A.CLAIM_FULFILLED, text="全部建成")
    told = await at.do(A.CONFIRM_FULFILLED)
    assert (told["state"], told["progress"], told["allowed"]) == ("fulfilled", 100, [])
    assert told["events"][-1]["from"] == "active"
    assert [one["state"] for one in told["clocks"]] == ["met", "met"]
    async with at.service.process.database.read() as unit:
        assert await archive.verify(unit, at.service.process.vault.archive_key) == []


async def test_what_is_open_keeps_it_from_the_public_and_is_named(at: Office) -> None:
    await at.create()
    await at.do(A.SUBMIT)
    await at.steps(1, 6)
    refused = await at.do(A.PREDISCLOSE)
    assert (at.status, refused["code"], refused["state"]) == (422, "state_refuses", "review")
    assert refused["steps"] == ["department_opinions", "legal_counsel"]
    assert "征求部门意见、征求法律顾问意见" in refused["detail"]
    assert "predisclose" not in refused["allowed"]
    await at.steps(7, 8)
    await at.do(A.PREDISCLOSE)
    refused = await at.do(A.PUBLISH)
    assert "预公开、民意调查" in refused["detail"]
    assert (await at.read(Role.DISPATCHER))["state"] == "predisclosure"


async def test_a_step_is_done_or_lawfully_left_out(at: Office) -> None:
    await at.create()
    await at.do(A.SUBMIT)
    why = {"state": "not_applicable", "reason": "不涉及重大风险", "decided_by": "市政府常务会议"}
    told = await at.step(3, **why)
    assert told["steps"][2] | why == told["steps"][2]
    for step, body, field in (
        (8, why, "state"),
        (2, {"state": "not_applicable", "reason": "不需要"}, "decided_by"),
        (1, {"done_on": "2099-01-01", "outcome": "同意", "document": "示例"}, "done_on"),
        (1, {"done_on": "2026-01-01"}, "document"),
    ):
        refused = await at.step(step, **body)
        assert (at.status, refused["code"]) == (422, "invalid")
        assert field in refused["fields"]
    await at.step("nothing", **why)  # type: ignore[arg-type]
    assert at.status == 404
    told = await at.step(Step.RISK_ASSESSMENT)
    assert told["steps"][2]["state"] == "done"
    assert told["steps"][2]["reason"] == ""


async def test_who_may_not_is_refused_and_what_is_stale_too(at: Office) -> None:
    await at.create(Role.SUPERVISOR)
    assert at.status == 403
    refused = await at.create(Role.HANDLER, department="zhujian")
    assert (at.status, refused["fields"]) == (422, {"department": "只能写本单位的承诺"})
    await at.create(Role.DISPATCHER, department="zhujian", code="示例-9")
    assert at.told["code"] == "示例-9"
    await at.do(A.SUBMIT)
    assert at.status == 403, "the head of another unit"
    refused = await at.create(Role.DISPATCHER, code="示例-9")
    assert refused["fields"] == {"code": "这个编号已经用过"}
    await at.create()
    await at.do(A.SUBMIT, Role.HANDLER)
    assert at.status == 403
    stale = at.told["version"]
    await at.do(A.SUBMIT)
    refused = await at.do(A.SUBMIT, version=stale)
    assert (at.status, refused["code"], refused["version"]) == (409, "stale_version", at.told["version"])
    refused = await at.do(A.SUBMIT)
    assert (at.status, refused["state"]) == (422, "review")
    assert refused["allowed"] == ["revise", "record_step", "set_milestone", "attach"]


@pytest.mark.parametrize("reason", OLD_ACCOUNTS)
async def test_a_new_official_keeps_old_promises(at: Office, reason: str) -> None:
    await at.publish()
    for action, more in ((A.PROPOSE_CHANGE, {"target": "另定"}), (A.PROPOSE_END, {})):
        refused = await at.do(action, **CONSULTED | {"reason": reason}, **more)
        assert (at.status, refused["code"]) == (422, "invalid")
        assert "以政府换届，责任人变更等理由" in refused["detail"]
        assert "reason" in refused["fields"]


@pytest.mark.parametrize("reason", LAWFUL)
async def test_other_reasons_are_heard(at: Office, reason: str) -> None:
    await at.publish()
    await at.do(A.PROPOSE_END, **CONSULTED | {"reason": reason})
    assert at.status == 200


async def test_an_approved_change_goes_through_the_procedure_again(at: Office) -> None:
    before = await at.publish()
    new = {"text": "明年春季开学前新增学位 4000 个。", "due_on": "2100-02-28"}
    await at.do(A.PROPOSE_CHANGE, **CONSULTED, **new)
    assert (await at.read())["versions"][0]["text"] == before["text"]
    told = await at.do(A.APPROVE_CHANGE)
    assert {one["state"] for one in told["steps"]} == {"open"}
    assert {one["state"] for one in told["earlier_steps"][0]["steps"]} == {"done"}
    assert (told["text"], told["due_on"]) == (before["text"], before["due_on"]), "until it is published"
    assert [(one["pending"], one["in_force"]) for one in told["versions"]] == [(False, True), (True, False)]
    refused = await at.do(A.PUBLISH)
    assert "公众参与" in refused["detail"]
    await at.steps()
    told = await at.do(A.PUBLISH)
    assert (told["state"], told["text"], told["due_on"]) == ("active", new["text"], "2100-02-28")
    assert told["changed"]
    assert [one["text"] for one in told["versions"]] == [before["text"], new["text"]]
    assert told["versions"][1]["reason"] == CONSULTED["reason"]
    assert [(one["state"], one["due_at"][:10]) for one in told["clocks"]] == [
        ("returned", "2099-08-31"),
        ("running", "2100-02-28"),
    ]


async def test_an_end_is_lawful_after_the_procedure_and_can_be_refused(at: Office) -> None:
    await at.publish()
    await at.do(A.PROPOSE_END, **CONSULTED)
    told = await at.do(A.REFUSE, reason="请继续履行")
    assert told["proposal"] is None
    await at.do(A.PROPOSE_END, **CONSULTED)
    await at.do(A.APPROVE_END)
    await at.do(A.END)
    assert at.status == 422
    await at.steps()
    assert (await at.do(A.END))["state"] == "ended"
    assert at.told["clocks"][0]["state"] == "returned"


async def test_an_approval_taken_back_leaves_one_version(at: Office) -> None:
    await at.publish()
    await at.do(A.PROPOSE_CHANGE, **CONSULTED, target="新增学位 2000 个")
    await at.do(A.APPROVE_CHANGE)
    told = await at.do(A.REFUSE, reason="论证没有通过")
    assert [one["n"] for one in told["versions"]] == [1]
    assert "propose_change" in (await at.read(Role.HEAD))["allowed"]


@pytest.mark.parametrize("reason", BrokenReason)
async def test_broken_for_exactly_one_reason(at: Office, reason: str) -> None:
    await at.publish()
    await at.do(A.DECLARE_BROKEN, reason="because")
    assert at.status == 422
    told = await at.do(A.DECLARE_BROKEN, reason=reason, text="经核查没有做到")
    assert (told["state"], told["broken_reason"]) == ("broken", reason)
    assert told["clocks"][0]["state"] == "missed"


async def test_what_everybody_reads_of_it(at: Office) -> None:
    await at.create()
    await at.read()
    assert at.status == 404, "a draft is nobody's business"
    listed = await (await at.service.ask("GET", "/commitments")).json()
    assert listed["items"] == []
    await at.publish()
    await at.do(A.REPORT_PROGRESS, percent=10, text="已选址")
    await at.do(A.PROPOSE_CHANGE, **CONSULTED, target="另定")
    told = await at.read()
    assert len(told["steps"]) == 10
    assert [one["action"] for one in told["timeline"]] == ["predisclose", "publish", "report_progress"]
    assert {"of": "poll", "name": "示例〔2026〕10号"} in told["documents"]
    assert not {"events", "allowed", "proposal", "clocks", "claimed_at"} & set(told)
    assert CONSULTED["consultation"] not in str(told)


async def test_a_milestone_is_not_put_off_by_editing_it(at: Office) -> None:
    await at.publish()
    await at.do(A.SET_MILESTONE, due_on="2099-06-30", title="主体封顶")
    refused = await at.do(A.SET_MILESTONE, n=1, due_on="2099-08-30")
    assert "不能改日期" in refused["fields"]["due_on"]
    refused = await at.do(A.SET_MILESTONE, n=1, state="done")
    assert "evidence" in refused["fields"]
    refused = await at.do(A.SET_MILESTONE, due_on=str(date(2099, 9, 1)), title="太晚")
    assert "due_on" in refused["fields"]


@pytest.mark.parametrize(
    "crime",
    [
        "UPDATE event_payload SET body = '{}' WHERE event_id = (SELECT max(id) FROM event)",
        "UPDATE event SET actor = 'x' WHERE subject_kind = 'commitment' AND seq = 2",
        "UPDATE commitment SET last_seq = last_seq - 1",
        "UPDATE commitment SET last_seq = 0",
    ],
)
async def test_the_archive_of_a_commitment_shows_what_was_done_to_it(at: Office, crime: str) -> None:
    await at.publish()
    process = at.service.process
    async with process.database.write() as unit:
        assert await archive.verify(unit, process.vault.archive_key) == []
        await unit.connection.execute(text(crime))
        assert await archive.verify(unit, process.vault.archive_key) != []
