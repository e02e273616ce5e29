"""What people give in a poll: their vote, their opinion; and what the office makes of it, and why."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, StringConstraints

from intake.actor import OF_ONE_UNIT, Actor
from intake.commitments import polls
from intake.commitments.moves import Move, move
from intake.desk import Desk
from intake.errors import Invalid, NotFound, OnceOnly, StateRefuses
from intake.masking import masked
from intake.notices import queue
from intake.registry import find_commitment
from intake.reporters import kept_words
from storage.stores.polls import OpinionRow, PollRow
from storage.stores.registry import CommitmentRow
from storage.vocab import OPINION_ANSWERED, Choice, CommitmentAction, Mode, Role

PURPOSE = "opinion"
MAX_LENGTH = 2000
READERS = frozenset({Role.DISPATCHER, Role.SUPERVISOR, Role.AUDITOR})
"""Who reads all opinions; a unit's own staff read those on its commitments."""


class AnswerOpinion(BaseModel):
    """``opinion`` is its number; ``why`` is told to whoever gave it, and published without them."""

    opinion: int
    adopted: bool
    why: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1000)]


@dataclass(frozen=True, slots=True)
class Opinion:
    """An opinion as those read it who answer it: nothing tells whose it is."""

    id: int
    text: str
    at: datetime
    adopted: bool | None
    why: str
    answered_by: str | None
    answered_at: datetime | None


@dataclass(frozen=True, slots=True)
class Given:
    """What one person gave so far; None and empty for nothing."""

    choice: str | None = None
    opinion: str = ""
    answered: bool = False


async def vote(desk: Desk, reporter_id: str, code: str, choice: Choice) -> CommitmentRow:
    """Vote, or vote otherwise. Raises :class:`NotFound`, and :class:`StateRefuses` where no poll is open."""
    row, poll = await _open(desk, code)
    await desk.unit.polls.vote(poll.id, reporter_id, choice.value, desk.now())
    return row


async def say(desk: Desk, reporter_id: str, code: str, text: str) -> CommitmentRow:
    """Say what one thinks, in the place of what one said before. Raises as :func:`vote`, besides
    :class:`Invalid` for no words or too many, and :class:`OnceOnly` where it was answered."""
    row, poll = await _open(desk, code)
    if not text.strip() or len(text) > MAX_LENGTH:
        raise Invalid("请写意见", fields={"text": f"请写意见，{MAX_LENGTH} 字以内"})
    kept = await kept_words(desk, reporter_id, Mode.CONFIDENTIAL, text.strip())
    if not await desk.unit.polls.say(poll.id, reporter_id, desk.vault.seal(kept, PURPOSE), desk.now()):
        raise OnceOnly("您的意见已经答复，不能再改")
    return row


async def given(desk: Desk, reporter_id: str, code: str) -> Given:
    """What this person gave in the newest poll on a commitment."""
    poll = await desk.unit.polls.last(code)
    if poll is None:
        return Given()
    said = await desk.unit.polls.opinion_of(poll.id, reporter_id)
    text = desk.vault.open(said.body, PURPOSE) if said else ""
    answered = said is not None and said.answered_at is not None
    return Given(await desk.unit.polls.vote_of(poll.id, reporter_id), text, answered)


def may_read(actor: Actor, row: CommitmentRow) -> bool:
    """Whether the actor reads what people said on this commitment."""
    return actor.role in READERS or (actor.role in OF_ONE_UNIT and actor.department == row.department)


async def listed(desk: Desk, actor: Actor, row: CommitmentRow) -> list[Opinion]:
    """What people said on a commitment, unanswered first; nothing to whoever may not read it."""
    rows = await desk.unit.polls.opinions(row.code) if may_read(actor, row) else []
    return [_read(desk, one) for one in rows]


async def answer(desk: Desk, actor: Actor, row: CommitmentRow, asked: AnswerOpinion) -> CommitmentRow:
    """Say once whether an opinion is adopted and why; who gave it is told. Raises :class:`Invalid` for a
    number that is none of this commitment's, :class:`OnceOnly`."""
    found = next((o for o in await desk.unit.polls.opinions(row.code) if o.id == asked.opinion), None)
    if found is None:
        raise Invalid("填写有误", fields={"opinion": "没有这条意见"})
    why = masked(asked.why)
    said: dict[str, Any] = {"adopted": asked.adopted, "why": why}
    payload = {"opinion": found.id, **said}
    moved = await move(desk, actor, row, Move(CommitmentAction.ANSWER_OPINION, payload))
    if not await desk.unit.polls.answer(found.id, **said, by=actor.name, at=desk.now()):
        raise OnceOnly("这条意见已经答复过")
    facts = {"code": row.code, "title": row.title, "department": desk.city.unit_name(row.department)}
    await queue(desk, found.reporter_id, OPINION_ANSWERED, facts | said, key=f"opinion:{found.id}")
    return moved


async def _open(desk: Desk, code: str) -> tuple[CommitmentRow, PollRow]:
    row = await find_commitment(desk, code)
    poll = await desk.unit.polls.last(code, lock=True)
    if poll is None:
        raise NotFound("这项承诺没有民意调查")
    if not polls.is_open(desk, poll):
        raise StateRefuses(row.state, [], "民意调查已经截止")
    return row, poll


def _read(desk: Desk, row: OpinionRow) -> Opinion:
    text = desk.vault.open(row.body, PURPOSE)
    return Opinion(row.id, text, row.at, row.adopted, row.why, row.answered_by, row.answered_at)
