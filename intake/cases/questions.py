"""请群众补充: the answer's clock stands still from the question to the reply, five working days at most.

Source: domain 3 (``ask_citizen``) and 4 (``pause``).
"""

from dataclasses import replace

from pydantic import BaseModel

from intake.actor import SYSTEM, Actor
from intake.cases import asking
from intake.cases.dues import answer_clock, moved
from intake.cases.fields import Text
from intake.cases.moves import Move, gather_clocks, move, rules_of
from intake.deadlines.clocks import pause
from intake.desk import Desk
from intake.errors import Invalid
from intake.notices import tell
from intake.reporters import in_wechat, kept_words
from storage.stores.cases import CaseRow
from storage.stores.requests import RequestRow
from storage.vocab import Action, CaseState, ClockState, RequestKind


class Question(BaseModel):
    """``text``: what the reporter is asked, as they will read it."""

    text: Text


class Told(BaseModel):
    """``text``: what a reporter without WeChat said, written down by staff."""

    text: Text


async def ask(desk: Desk, actor: Actor, case: CaseRow, asked: Question) -> CaseRow:
    """Ask the reporter; the answer's clock stands still from now on."""
    await asking.ask(desk, actor, case, RequestKind.QUESTION, {"reason": asked.text})
    said = {"text": asked.text}
    case = await move(desk, actor, case, Move(Action.ASK_CITIZEN, said, facts=said))
    clock = await answer_clock(desk, case)
    if clock is not None:
        await desk.unit.clocks.change(clock.id, {"state": ClockState.PAUSED.value, "next_rung_at": None})
    return case


async def check_told(desk: Desk, actor: Actor, case: CaseRow, asked: Told) -> None:
    """Raises :class:`Invalid` where the reporter can reply in person."""
    if await in_wechat(desk, case.reporter_id):
        raise Invalid("不能代为回复", fields={"text": "反映人在微信上，由本人回复"})


async def write_down(desk: Desk, actor: Actor, case: CaseRow, asked: Told) -> CaseRow:
    """Write down the reply of a reporter without WeChat."""
    return await reply(desk, actor, case, {"text": asked.text}, files=0)


async def reply(desk: Desk, actor: Actor, case: CaseRow, said: dict[str, str], *, files: int) -> CaseRow:
    """Take what answers the open question; without one it changes nothing but the archive."""
    words = await kept_words(desk, case.reporter_id, case.mode, said.get("text", ""))
    payload = said | ({"text": words} if words else {}) | ({"files": files} if files else {})
    case = await move(desk, actor, case, Move(Action.REPLY_CITIZEN, payload))
    return await settled(desk, actor, case, words)


async def waited_long_enough(desk: Desk, case: CaseRow) -> None:
    """The five working days are over without a reply: the clock runs on."""
    if case.state == CaseState.HANDLING and await open_question(desk, case) is not None:
        await reply(desk, SYSTEM, case, {"reason": "等候期满，没有回复"}, files=0)


async def settled(desk: Desk, actor: Actor, case: CaseRow, words: str = "") -> CaseRow:
    """Close the open question, if any: the answer's clock runs on, later by the working days waited; the
    reporter is told where the date moves. Of a case that follows another one the later date rests, and counts
    among those of which the earliest governs."""
    question = await open_question(desk, case)
    if question is None:
        return case
    await asking.rule(desk, actor, question, asking.Ruling(bool(words), words))
    clock = await answer_clock(desk, case)
    if clock is None:
        return case
    if case.merged_into is None:
        await desk.unit.clocks.change(clock.id, {"state": ClockState.RUNNING.value})
    running = replace(clock, state=ClockState.RUNNING.value)
    waited = pause(question.asked_at, desk.now())
    due = await moved(desk, case, running, await rules_of(desk, case), waited)
    lead = await desk.unit.cases.get(case.merged_into) if case.merged_into else None
    if lead is not None:
        await gather_clocks(desk, lead)
    if due.due_at != clock.due_at:
        await tell(desk, case, "date_changed", {}, key=f"{case.id}:{case.last_seq}:date_changed")
    return case


async def open_question(desk: Desk, case: CaseRow) -> RequestRow | None:
    """The question that waits for the reporter, or None."""
    return asking.question_of(case, await desk.unit.requests.of_case(case.id))
