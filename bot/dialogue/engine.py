"""One step of a conversation: a message in, the reply and the new state out.

``converse`` runs inside the turn's open unit of work: it calls intake commands, never commits, and does no
I/O of its own. What the office refuses is answered in a citizen's words with the state left as it was.
"""

import copy
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace

from bot.dialogue import (
    choosing,
    confirmation,
    correcting,
    events,
    evidence,
    filing,
    freely,
    human,
    menu,
    owncase,
    progress,
    rate,
    report,
    smalltalk,
)
from bot.dialogue.refusals import refused
from bot.dialogue.slots import takes_words
from bot.dialogue.state import Asked, Draft, Pending, State, Step
from bot.dialogue.talk import Spoken, Talk, buttons, joined
from bot.dialogue.texts import say
from bot.dialogue.words import Command, Word, plain, read
from bot.message import Inbound, Kind, Reply
from intake import leaving
from intake.errors import Refused

__all__ = ["Spoken", "Talk", "converse", "needs_understanding"]

Handler = Callable[[Talk, Command], Awaitable[Reply]]

DIGRESSIONS: Mapping[Word, Handler] = {
    Word.HUMAN: human.human,
    Word.HELP: menu.help_words,
    Word.PROGRESS: progress.progress,
    Word.NUMBER: progress.progress,
    Word.WHOLE: progress.whole,
    Word.URGE: owncase.urge,
    Word.WITHDRAW: owncase.withdraw,
    Word.APPEAL: owncase.appeal,
    Word.RATE: rate.rate,
    Word.DISSATISFIED: rate.dissatisfied,
    Word.FOLLOW: menu.following,
    Word.UNFOLLOW: menu.following,
    Word.FOLLOWED: menu.following,
    Word.COMMITMENTS: menu.commitments,
}
TELLING: Mapping[Word, Handler] = {
    Word.COMPLAINT: correcting.set_type,
    Word.INQUIRY: correcting.set_type,
    Word.SUGGESTION: correcting.set_type,
    Word.NAMED: correcting.set_mode,
    Word.CONFIDENTIAL: correcting.set_mode,
    Word.ANONYMOUS: correcting.set_mode,
    Word.CHANGE_TYPE: correcting.change,
    Word.CHANGE_UNIT: correcting.change,
    Word.CHANGE_TEXT: correcting.change,
    Word.ADD_CONTACT: correcting.change,
    Word.AS_ENTERPRISE: correcting.set_kind,
    Word.AS_PERSON: correcting.set_kind,
    Word.NO_UNIT: correcting.no_unit,
}
ABOUT_THE_DRAFT = frozenset({*TELLING, Word.CONFIRM, Word.BACK, Word.SKIP, Word.NO})


def needs_understanding(said: Inbound, state: State) -> bool:
    """Whether a message is free text whose sense must be found out before ``converse``. Pure."""
    if said.kind is not Kind.TEXT or not plain(said.text):
        return False
    return read(said.text) is None and not takes_words(state, said.sent_at)


async def converse(talk: Talk) -> Spoken:
    """Answer one message or event; the state handed in is not changed."""
    mine = replace(talk, state=copy.deepcopy(talk.state))
    try:
        reply = await _answer(mine)
    except Refused as refusal:
        return Spoken(refused(refusal), talk.state)
    if mine.said.kind is not Kind.EVENT or reply is not None:
        mine.state.updated_at = mine.now
    return Spoken(reply, mine.state, mine.case_id)


async def _answer(talk: Talk) -> Reply | None:
    said = talk.said
    if said.kind is Kind.EVENT or said.event:
        return await events.answer(talk)
    await _reachable_again(talk)
    if said.kind is Kind.UNKNOWN:
        return Reply(say("unknown_kind"))
    if said.kind is not Kind.TEXT:
        return await evidence.take(talk)
    if not plain(said.text):
        return smalltalk.unclear() if talk.state.draft is None else await report.show_again(talk)
    command = read(said.text)
    return await (_free(talk) if command is None else _commanded(talk, command))


async def _reachable_again(talk: Talk) -> None:
    """Who writes can be reached, whatever the platform said before."""
    reporter = await talk.desk.unit.identities.get(talk.reporter_id)
    if reporter is not None and not reporter.reachable:
        await leaving.come_back(talk.desk, talk.reporter_id)


async def _commanded(talk: Talk, command: Command) -> Reply:
    state = talk.state
    if report.is_stale(talk) and command.word in ABOUT_THE_DRAFT and not _offered_stale(state):
        return report.stale_offer(state)
    if command.word is Word.DIGITS:
        return await _digits(talk, command.rest)
    if command.word in (Word.CONFIRM, Word.NO, Word.CANCEL, Word.BACK, Word.SKIP):
        return await _steered(talk, command.word)
    if command.word in (Word.GO_ON, Word.START_OVER, Word.NEW_MATTER):
        return await _resumed(talk, command.word)
    if command.word is Word.LINK:
        return await _after(talk, await progress.link(talk))
    if command.word is Word.SUPPLEMENT:
        return await _supplement(talk, command)
    command = choosing.with_waiting_words(talk, command)
    _drop_question(state)
    if command.word in TELLING:
        return await TELLING[command.word](talk, command)
    return await _after(talk, await DIGRESSIONS[command.word](talk, command))


async def _after(talk: Talk, reply: Reply) -> Reply:
    """After a digression: back to what was being told, unless the digression asks something itself."""
    state = talk.state
    if state.draft is None or (state.pending is not None and state.pending.asked is not Asked.STALE):
        return reply
    if report.is_stale(talk):
        return joined(reply, report.stale_offer(state))
    return joined(reply, await report.show_again(talk, say("back_to_draft")))


async def _steered(talk: Talk, word: Word) -> Reply:
    """确认, 不, 取消, 返回, 跳过: the answer to whatever was asked last."""
    state, pending = talk.state, talk.state.pending
    if pending is not None and pending.asked is Asked.STALE:
        return (
            await _resumed(talk, Word.START_OVER if word is Word.NO else Word.GO_ON)
            if (word is not Word.CANCEL)
            else _cancelled(talk)
        )
    if pending is not None:
        state.pending = None
        if word is Word.CONFIRM:
            return await _confirmed(talk, pending)
        return await _after(talk, Reply(say("question_dropped")))
    if word is Word.CANCEL:
        return _cancelled(talk)
    if word is Word.BACK:
        return await correcting.back(talk)
    if word is Word.SKIP:
        return await correcting.skip(talk)
    if word is Word.NO:
        return await smalltalk.wrong(talk)
    return await confirm(talk)


async def _confirmed(talk: Talk, pending: Pending) -> Reply:
    if pending.asked is Asked.WITHDRAW:
        return await _after(talk, await owncase.withdraw_now(talk, pending))
    if pending.asked is Asked.LINK:
        talk.state.pending = pending
        return await _after(talk, await progress.link(talk))
    return await confirm(talk)


async def confirm(talk: Talk) -> Reply:
    """确认: file what was shown, or show first what has not been."""
    draft = talk.state.draft
    if draft is None:
        return Reply(say("nothing_to_confirm"), buttons(*menu.STARTS))
    if draft.step is Step.CONFIRM:
        return await filing.file_draft(talk, draft)
    if draft.step in (Step.UNIT, Step.REWRITE, Step.CONTACT, Step.RETYPE):
        return await confirmation.draw(talk, draft)
    return await report.missing(talk, draft)


def _cancelled(talk: Talk) -> Reply:
    state = talk.state
    if state.draft is None:
        state.pending = None
        return Reply(say("nothing_to_cancel"))
    state.draft, state.pending = None, None
    state.later = []
    return Reply(say("cancelled"))


async def _resumed(talk: Talk, word: Word) -> Reply:
    """继续 or 重新来 after a day's silence; 新的事 beside what was just filed."""
    state = talk.state
    state.pending = None
    if word is Word.NEW_MATTER:
        state.filed, state.filed_at = "", None
        state.draft = state.draft or Draft()
        return await report.missing(talk, state.draft)
    if word is Word.START_OVER:
        state.draft = state.later.pop(0) if state.later else (Draft() if state.draft else None)
    if state.draft is None:
        return Reply(say("nothing_to_resume"), buttons(*menu.STARTS))
    shown = await report.show_step(talk)
    assert shown is not None
    return shown


async def _supplement(talk: Talk, command: Command) -> Reply:
    """补充: to the draft where one is being told, else to a case."""
    state = talk.state
    draft = state.draft
    if command.number or draft is None or not draft.text:
        command = choosing.with_waiting_words(talk, command)
        _drop_question(state)
        return await _after(talk, await owncase.supplement(talk, command))
    if not command.rest:
        return Reply(say("ask_more"))
    _drop_question(state)
    talk.said = replace(talk.said, text=command.rest)
    return await report.take(talk, draft)


async def _digits(talk: Talk, digits: str) -> Reply:
    """Bare digits: the place in a list, a query code, a phone, stars: whatever was asked for."""
    state, draft = talk.state, talk.state.draft
    pending = state.pending
    if pending is not None and pending.asked is Asked.CASE:
        command = choosing.chosen(talk, int(digits)) if len(digits) == 1 else None
        return (
            await _commanded(talk, command) if command else Reply(say("choose_again", n=len(pending.numbers)))
        )
    if pending is not None and pending.asked is Asked.CODE:
        if len(digits) == progress.CODE_LENGTH:
            return await _after(talk, await progress.by_code(talk, pending.numbers[0], digits))
        return Reply(say("code_has_six"), buttons(Word.CANCEL))
    if draft is not None and len(digits) == 1 and draft.step in (Step.TYPE, Step.RETYPE, Step.UNIT):
        return await _listed(talk, draft, digits)
    if draft is not None and len(digits) == 11 and digits.startswith("1"):
        return await correcting.set_contact(talk, draft, digits)
    if len(digits) == 1 and digits in "12345" and await rate.only_unrated(talk):
        return await _after(talk, await rate.rate(talk, Command(Word.RATE, rest=digits)))
    if len(digits) >= 12:
        return await _after(talk, Reply(say("bad_number")))
    return await _after(talk, Reply(say("digits_unclear")))


async def _listed(talk: Talk, draft: Draft, digit: str) -> Reply:
    if draft.step is Step.UNIT:
        return await correcting.set_unit(talk, draft, digit)
    if digit not in "123":
        return await report.missing(talk, draft)
    return await correcting.set_type(talk, Command(report.TYPE_WORDS[int(digit) - 1]))


async def _free(talk: Talk) -> Reply:
    """Free text: the words that were asked for, or something to understand."""
    state, text = talk.state, talk.said.text.strip()
    if takes_words(state, talk.said.sent_at):
        if state.pending is not None:
            return await _after(talk, await _words_asked(talk, state.pending, text))
        assert state.draft is not None
        if state.draft.step is Step.UNIT:
            return await correcting.set_unit(talk, state.draft, text)
        return await correcting.set_contact(talk, state.draft, text)
    meant = freely.meaning(talk)
    if isinstance(meant, Command):
        return await _commanded(talk, meant)
    stale = report.is_stale(talk)
    if meant is freely.Meaning.REPORT and stale:
        return await freely.beside_stale(talk)
    _drop_question(state)
    if meant is freely.Meaning.REPORT:
        return await report.tell(talk)
    if meant is freely.Meaning.EMERGENCY:
        return await smalltalk.emergency(talk)
    if meant is freely.Meaning.QUESTION:
        return await freely.keep_question(talk)
    return await _after(talk, await freely.small(talk, meant))


async def _words_asked(talk: Talk, pending: Pending, text: str) -> Reply:
    talk.state.pending = None
    if pending.asked is Asked.HUMAN:
        return await human.leave(talk, text)
    number = pending.numbers[0]
    if pending.asked is Asked.REOPEN:
        return await rate.dissatisfied(talk, Command(Word.DISSATISFIED, rest=text, number=number))
    if pending.asked is Asked.APPEAL:
        return await owncase.appeal(talk, Command(Word.APPEAL, rest=text, number=number))
    return await owncase.supplement(talk, Command(Word.SUPPLEMENT, rest=text, number=number))


def _drop_question(state: State) -> None:
    """Something else was said: what was asked beside the draft is not waited for any more."""
    if state.pending is not None and state.pending.asked is not Asked.STALE:
        state.pending = None


def _offered_stale(state: State) -> bool:
    return state.pending is not None and state.pending.asked is Asked.STALE
