"""Bare digits: the place in a list, a query code, a phone, stars; whatever was asked for."""

from bot.dialogue import answering, choosing, correcting, entries, follow, progress, rate, report
from bot.dialogue.smalltalk import unclear
from bot.dialogue.state import Asked, Draft, Pending, Step
from bot.dialogue.steering import after
from bot.dialogue.talk import Talk, buttons
from bot.dialogue.texts import say
from bot.dialogue.words import Command, Word, phone_in
from bot.message import Reply

_LISTS = frozenset({Step.TYPE, Step.RETYPE, Step.UNIT, Step.ENTRY})
_PLACES = frozenset("12")  # of 解决了 and 没解决, or bad marks: the words must say it
_LONG = 12  # more digits than a phone has: a tracking number without its letters


async def read_place(talk: Talk, nth: str) -> Command | Reply:
    """第二个: the same as 2 where something is listed, and never stars."""
    pending, draft = talk.state.pending, talk.state.draft
    listed = _may_answer(pending, nth) if pending is not None else draft is not None and draft.step in _LISTS
    return await (read_digits(talk, nth) if listed else after(talk, unclear()))


async def read_digits(talk: Talk, digits: str) -> Command | Reply:
    """The command that the digits mean, or the reply to them."""
    pending, draft = talk.state.pending, talk.state.draft
    if pending is not None and _may_answer(pending, digits):
        return await _asked_for(talk, pending, digits)
    if pending is None and digits in set("12345") and await rate.just_asked(talk):
        return Command(Word.RATE, rest=digits)
    if draft is not None and len(digits) == 1 and draft.step in _LISTS:
        return await _listed(talk, draft, digits)
    if phone_in(digits) and (draft is not None or report.just_filed(talk)):
        return await correcting.take_contact(talk, draft, digits)
    if digits in set("12345") and await rate.only_unrated(talk):
        return Command(Word.RATE, rest=digits)
    return await after(talk, Reply(say("bad_number" if len(digits) >= _LONG else "digits_unclear")))


def _may_answer(pending: Pending, digits: str) -> bool:
    listed = pending.asked in (Asked.CASE, Asked.CODE, Asked.COMMITMENT)
    return listed or (pending.asked is Asked.SOLVED and digits in _PLACES)


async def _asked_for(talk: Talk, pending: Pending, digits: str) -> Command | Reply:
    if pending.asked is Asked.SOLVED:
        return Reply(say("did_it_help"), answering.verdicts_on(pending.numbers[0]))
    if pending.asked is not Asked.CODE:
        of = choosing.chosen if pending.asked is Asked.CASE else follow.chosen
        command = of(pending, int(digits)) if len(digits) == 1 else None
        return command or Reply(say("choose_again", n=len(pending.numbers)))
    if len(digits) != progress.CODE_LENGTH:
        return Reply(say("code_has_six"), buttons(Word.CANCEL))
    return await after(talk, await progress.by_code(talk, pending.numbers[0], digits))


async def _listed(talk: Talk, draft: Draft, digit: str) -> Command | Reply:
    if draft.step is Step.ENTRY:
        return await entries.by_place(talk, draft, digit)
    if draft.step is Step.UNIT:
        return await correcting.set_unit(talk, draft, digit)
    return (
        Command(report.TYPE_WORDS[int(digit) - 1])
        if digit in set("123")
        else await report.missing(talk, draft)
    )
