"""A poll on a commitment that is disclosed before it is made (民意调查): open until a day, then counted.

People vote for or against, once each, and may change that until the poll closes; besides they may say what
they think. Nothing of who they are leaves this house: what they say is masked, then sealed, and read by
those who answer it (domain 6)."""

from datetime import date, timedelta
from typing import Annotated, Any

from pydantic import BaseModel, StringConstraints

from intake.clock import local
from intake.commitments import news
from intake.commitments.states import CHANGE, END
from intake.desk import Desk
from intake.errors import Invalid
from storage.stores.polls import Counts, PollRow
from storage.stores.registry import CommitmentRow
from storage.vocab import News

USUAL, LONGEST = timedelta(days=7), timedelta(days=60)
QUESTIONS = {
    None: "您赞成作出这项承诺吗？",
    CHANGE: "您赞成这样变更这项承诺吗？",
    END: "您赞成终止这项承诺吗？",
}


class OpenPoll(BaseModel):
    """``closes_on`` is the last day on which people vote. Where it is left out the poll closes within a
    week, or as soon as its result is recorded; a day that was named is kept."""

    question: Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)] = ""
    closes_on: date | None = None


def check_days(desk: Desk, asked: OpenPoll) -> None:
    """Raises :class:`Invalid` for a last day that is over, or far away: nothing is published before it."""
    today = desk.clock.today()
    if asked.closes_on is None or today <= asked.closes_on <= today + LONGEST:
        return
    late = asked.closes_on > today
    words = f"最长开 {LONGEST.days} 天" if late else "不能早于今天"
    raise Invalid("填写有误", fields={"closes_on": words})


async def begin(desk: Desk, row: CommitmentRow, asked: OpenPoll) -> PollRow:
    """Open the poll of this round of the procedure, and have those told who follow anything of the unit."""
    poll = await desk.unit.polls.add(
        {
            "commitment": row.code,
            "round": row.round,
            "question": asked.question or QUESTIONS[(row.proposal or {}).get("kind")],
            "opened_at": desk.now(),
            "closes_on": asked.closes_on or desk.clock.today() + USUAL,
            "day_named": asked.closes_on is not None,
        }
    )
    facts = {"question": poll.question, "closes_on": poll.closes_on.isoformat()}
    await news.write(desk, row, News.POLL_OPENED, facts, whole_unit=True)
    return poll


def is_open(desk: Desk, poll: PollRow) -> bool:
    """Whether people vote now: until the end of the last day, whatever else runs."""
    return poll.closed_at is None and desk.clock.today() <= poll.closes_on


async def open_now(desk: Desk, most: int) -> list[CommitmentRow]:
    """The commitments on which people vote now, what closes first first."""
    found = [poll.commitment for poll in await desk.unit.polls.open_ones(desk.clock.today(), most)]
    rows = await desk.unit.registry.commitments_by_code(found)
    return [rows[code] for code in found]


async def of_round(desk: Desk, row: CommitmentRow) -> PollRow | None:
    """The poll of the procedure as it goes now."""
    poll = await desk.unit.polls.last(row.code)
    return poll if poll is not None and poll.round == row.round else None


def check_over(desk: Desk, poll: PollRow | None) -> None:
    """Raises :class:`Invalid` where the result is to be recorded before the day that was named."""
    if poll is not None and poll.day_named and is_open(desk, poll):
        day = poll.closes_on
        words = f"民意调查开到 {day.year}年{day.month}月{day.day}日，截止以后再登记结果"
        raise Invalid("填写有误", fields={"step": words})


async def close(desk: Desk, row: CommitmentRow, poll: PollRow) -> None:
    """Count, once and for all, and have those told who follow or have voted."""
    counts = await desk.unit.polls.count(poll.id)
    await desk.unit.polls.close(poll.id, counts, desk.now())
    await news.write(desk, row, News.POLL_CLOSED, {"text": in_words(poll, counts, desk)}, poll=poll.id)


async def close_of_round(desk: Desk, row: CommitmentRow) -> None:
    """Close the poll of the procedure as it goes now, if there is one: its result is recorded, or what was
    asked about is not asked for any more."""
    poll = await of_round(desk, row)
    if poll is not None and poll.closed_at is None:
        await close(desk, row, poll)


async def close_due(desk: Desk) -> int:
    """Close the polls whose last day is over; how many."""
    due = await desk.unit.polls.due(desk.clock.today())
    rows = await desk.unit.registry.commitments_by_code([poll.commitment for poll in due])
    for poll in due:
        await close(desk, rows[poll.commitment], poll)
    return len(due)


async def counted(desk: Desk, poll: PollRow) -> Counts:
    """The result of a closed poll, or what stands so far."""
    if poll.closed_at is None or poll.agree is None:
        return await desk.unit.polls.count(poll.id)
    return Counts(poll.agree, poll.against or 0, poll.opinions or 0)


def in_words(poll: PollRow, counts: Counts, desk: Desk) -> str:
    """The result as the step 民意调查 may be recorded with."""
    begun, ended = local(poll.opened_at).date(), last_day(desk, poll)
    numbers = f"赞成 {counts.agree} 人，反对 {counts.against} 人，提出意见 {counts.opinion} 条"
    return f"{_day(begun)}至{_day(ended)}公开征求意见：{numbers}。"


def last_day(desk: Desk, poll: PollRow) -> date:
    """The last day on which people voted."""
    return min(local(poll.closed_at or desk.now()).date(), poll.closes_on)


async def told(desk: Desk, row: CommitmentRow, *, staff: bool) -> dict[str, Any] | None:
    """The newest poll on a commitment: its counts once it is closed, to staff always; the answers to what
    people said without the words and without who said them."""
    poll = await desk.unit.polls.last(row.code)
    if poll is None:
        return None
    still, counts = is_open(desk, poll), await counted(desk, poll)
    numbers = {"agree": counts.agree, "against": counts.against, "opinion": counts.opinion}
    said = [] if still else await desk.unit.polls.opinions(row.code)
    return {
        "question": poll.question,
        "opened_on": local(poll.opened_at).date().isoformat(),
        "closes_on": poll.closes_on.isoformat(),
        "closed_on": None if still else last_day(desk, poll).isoformat(),
        "open": still,
        "counts": numbers if staff or not still else None,
        "result": "" if still else in_words(poll, counts, desk),
        "answers": [
            {"adopted": bool(one.adopted), "why": one.why}
            for one in said
            if one.poll == poll.id and one.answered_at is not None
        ],
    }


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
