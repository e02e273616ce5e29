"""Polls in the procedure: they open with the pre-disclosure and close at their day; then one may publish."""

from datetime import timedelta
from typing import Any

from bot.workers.daily import Daily
from intake import archive
from storage.vocab import CommitmentAction, Role
from tests.flows.commitments.office import CONSULTED, Office
from tests.flows.console.reader import signed_in

A = CommitmentAction
DAY = 86400


async def to_disclosure(at: Office, **asked: Any) -> dict[str, Any]:
    await at.create()
    await at.do(A.SUBMIT)
    await at.steps(1, 8)
    return await at.do(A.PREDISCLOSE, **asked)


def day(at: Office, days: int) -> str:
    return (at.service.process.clock.today() + timedelta(days=days)).isoformat()


async def test_a_poll_with_a_day_keeps_the_commitment_from_being_published(at: Office) -> None:
    told = await to_disclosure(at, question="您赞成吗？", closes_on=day(at, 3))
    assert told["poll"]["question"] == "您赞成吗？"
    assert (told["poll"]["open"], told["poll"]["closes_on"]) == (True, day(at, 3))
    await at.step(9)
    refused = await at.step(10)
    assert (at.status, list(refused["fields"])) == (422, ["step"])
    refused = await at.do(A.PUBLISH)
    assert (at.status, refused["code"], refused["steps"]) == (422, "state_refuses", ["poll"])
    assert "民意调查" in refused["detail"]
    at.service.process.clock.set_ahead(4 * DAY)
    assert (await at.read())["poll"]["counts"] == {"agree": 0, "against": 0, "opinion": 0}
    refused = await at.do(A.PUBLISH)
    assert refused["steps"] == ["poll"], "its result is not recorded yet"
    await at.step(10)
    assert (await at.do(A.PUBLISH))["state"] == "active"
    assert "赞成 0 人" in (await at.read())["poll"]["result"]


async def test_a_poll_without_a_day_is_over_when_its_result_is_recorded(at: Office) -> None:
    told = await to_disclosure(at)
    assert told["poll"]["closes_on"] == day(at, 7)
    await at.steps(9, 10)
    told = await at.read()
    assert (told["poll"]["open"], told["poll"]["closed_on"]) == (False, day(at, 0))
    assert (await at.do(A.PUBLISH))["state"] == "active"


async def test_a_day_that_cannot_be_is_refused(at: Office) -> None:
    await at.create()
    await at.do(A.SUBMIT)
    await at.steps(1, 8)
    for days in (-1, 61):
        refused = await at.do(A.PREDISCLOSE, closes_on=day(at, days))
        assert (at.status, list(refused["fields"])) == (422, ["closes_on"])


async def test_the_console_has_the_result_at_hand_when_the_step_is_recorded(at: Office) -> None:
    await to_disclosure(at, closes_on=day(at, 1))
    await at.step(9)
    at.service.process.clock.set_ahead(2 * DAY)
    async with signed_in(at.service, Role.HEAD, "jiaoyu") as head:
        await head.open(f"/console/commitments/{at.told['code']}")
        outcome = head.form("/actions/record_step")["outcome"]
        assert "公开征求意见：赞成 0 人，反对 0 人，提出意见 0 条。" in outcome
        await head.send("/actions/record_step", step="poll", state="done", document="示例〔2026〕10号")
        assert head.status == 200, head.text
    assert (await at.read())["steps"][9]["outcome"] == outcome


async def test_the_daily_run_counts_once_and_the_archive_holds(at: Office) -> None:
    await to_disclosure(at)
    process = at.service.process
    process.clock.set_ahead(9 * DAY)
    await Daily(process).step()
    async with process.database.read() as unit:
        poll = await unit.polls.last(at.told["code"])
        assert poll is not None
        assert (poll.agree, poll.against, poll.opinions) == (0, 0, 0)
        assert await archive.verify(unit, process.vault.archive_key) == []


async def test_a_change_may_be_asked_about_once_and_the_poll_ends_with_it(at: Office) -> None:
    await at.publish()
    assert "open_poll" not in (await at.read(Role.DISPATCHER))["allowed"]
    await at.do(A.PROPOSE_CHANGE, **CONSULTED, target="另定")
    await at.do(A.APPROVE_CHANGE)
    told = await at.do(A.OPEN_POLL, closes_on=day(at, 5))
    assert "变更" in told["poll"]["question"]
    await at.do(A.OPEN_POLL)
    assert at.status == 422
    await at.do(A.REFUSE, reason="论证没有通过")
    assert (await at.read())["poll"]["open"] is False


async def test_only_the_unit_and_the_dispatcher_answer_and_only_what_was_said(at: Office) -> None:
    await to_disclosure(at)
    answer = {"opinion": 1, "adopted": True, "why": "示例"}
    await at.do(A.ANSWER_OPINION, Role.SUPERVISOR, **answer)
    assert at.status == 403
    refused = await at.do(A.ANSWER_OPINION, **answer)
    assert (at.status, refused["code"]) == (422, "state_refuses")
