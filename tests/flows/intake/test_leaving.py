"""Who leaves cannot be reached at once, and is forgotten after 30 days; the case stays."""

from datetime import date

from intake import leaving, messages
from intake.actor import citizen
from intake.cases import reporter
from intake.commitments import following, opinions, polls
from intake.notices import queue
from storage.vocab import Choice, CommitmentState
from tests.conftest import Office
from tests.flows.intake.people import DISPATCHER, filed, meet
from tests.support.promises import promise
from tests.support.time import HandClock


async def test_waiting_pushes_are_cancelled_with_the_reason_and_new_ones_never_wait(office: Office) -> None:
    async with office() as desk:
        case = (await filed(desk)).case
        await queue(desk, case.reporter_id, "answered", {}, key="one", case=case)
        assert await leaving.leave(desk, case.reporter_id, "unsubscribed") == 1
        await queue(desk, case.reporter_id, "closed", {}, key="two", case=case)
        rows = [(row.state, row.reason) for row in await desk.unit.outbox.of_case(case.id)]
        assert rows == [("cancelled", "unsubscribed"), ("cancelled", "unsubscribed")]


async def test_after_thirty_days_nothing_personal_is_left(office: Office, clock: HandClock) -> None:
    async with office() as desk:
        me = await meet(desk)
        case = (await filed(desk, me)).case
        await messages.leave(desk, me, "我住在东大街")
        promised = await promise(desk, "SL-1", "示例新校区开放", state=CommitmentState.PREDISCLOSURE)
        poll = await polls.begin(desk, promised, polls.OpenPoll(closes_on=date(2026, 4, 30)))
        await following.follow(desk, me, "SL-1")
        await opinions.vote(desk, me, "SL-1", Choice.AGREE)
        await opinions.say(desk, me, "SL-1", "东大街的孩子也要能上")
        await leaving.leave(desk, me, "unsubscribed")
        clock.advance(days=29)
        assert await leaving.forget_left(desk) == 0
        clock.advance(days=2)
        assert await leaving.forget_left(desk) == 1
        assert await leaving.forget_left(desk) == 0
        identity = await desk.unit.identities.get(me)
        assert identity is not None
        assert (identity.openid, identity.openid_hmac, identity.name, identity.phone) == (
            None,
            None,
            None,
            None,
        )
        assert [one.text for one in await messages.listed(desk, DISPATCHER)] == [leaving.FORGOTTEN]
        assert (await reporter.own_case(desk, me, case.tracking_no)).id == case.id
        assert await desk.unit.follows.count("SL-1") == 0
        assert await desk.unit.polls.vote_of(poll.id, me) is None
        assert (await opinions.given(desk, me, "SL-1")).opinion == leaving.FORGOTTEN


async def test_coming_back_in_time_is_coming_home(office: Office, clock: HandClock) -> None:
    async with office() as desk:
        case = (await filed(desk)).case
        await leaving.leave(desk, case.reporter_id, "unsubscribed")
        clock.advance(days=10)
        await leaving.come_back(desk, case.reporter_id)
        clock.advance(days=40)
        assert await leaving.forget_left(desk) == 0
        withdrawn = await reporter.withdraw(desk, citizen(case.reporter_id), case)
        assert withdrawn.state == "withdrawn"
