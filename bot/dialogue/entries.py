"""Choosing among what may answer an inquiry: one of them, or none, and then it is a case like others."""

from bot.dialogue import answering, correcting, report, smalltalk
from bot.dialogue.state import Draft, Step
from bot.dialogue.talk import Talk
from bot.dialogue.texts import say
from bot.dialogue.words import Command, Word
from bot.message import Reply
from intake.commitments.asking import Entry


async def choose(talk: Talk, command: Command) -> Reply:
    """``选 编号``: answer from the entry that was offered."""
    draft = talk.state.draft
    listed = answering.offered(draft) if draft is not None and draft.step is Step.ENTRY else []
    entry = next((one for one in listed if one.code == command.rest), None)
    if draft is None or entry is None:
        return await report.show_step(talk) or Reply(say("choice_gone"))
    return await _answered(talk, draft, entry)


async def by_place(talk: Talk, draft: Draft, digit: str) -> Reply:
    """The place in the list, from 1; the one behind the last is 都不是."""
    listed, place = answering.offered(draft), int(digit)
    if 1 <= place <= len(listed):
        return await _answered(talk, draft, listed[place - 1])
    return await none_of_these(talk) if place == len(listed) + 1 else answering.offer(draft)


async def none_of(talk: Talk, command: Command) -> Reply:
    """``都不是``: of what may answer, or of the units to choose from."""
    draft = talk.state.draft
    if draft is not None and draft.step is Step.ENTRY:
        return await none_of_these(talk)
    if draft is not None and draft.step is Step.UNIT:
        return await correcting.no_unit(talk, command)
    return await smalltalk.wrong(talk)


async def none_of_these(talk: Talk) -> Reply:
    """Nothing that was offered answers it: it goes to the unit, after the usual confirmation."""
    draft = talk.state.draft
    assert draft is not None
    draft.offered, draft.step = [], Step.CONFIRM
    return await report.missing(talk, draft)


async def steered(talk: Talk, word: Word) -> Reply | None:
    """确认, 不 and 跳过 while entries are offered; None for what has its usual sense."""
    draft = talk.state.draft
    if draft is None or draft.step is not Step.ENTRY:
        return None
    if word in (Word.NO, Word.SKIP):
        return await none_of_these(talk)
    listed = answering.offered(draft)
    return await _answered(talk, draft, listed[0]) if word is Word.CONFIRM and len(listed) == 1 else None


async def _answered(talk: Talk, draft: Draft, entry: Entry) -> Reply:
    told = await answering.answer(talk, draft, entry)
    return await report.next_draft(talk, draft, told) if told is not None else await none_of_these(talk)
