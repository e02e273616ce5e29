"""Telling a matter: complaint, inquiry or suggestion from free text, asking only for what is missing."""

from dataclasses import replace
from datetime import datetime, timedelta

from bot.dialogue import answering, confirmation
from bot.dialogue.heard import (
    BARELY,
    ENOUGH,
    LIKELY,
    REPORTS,
    SURE,
    in_trouble,
    intent_of,
    learn,
    questioning,
    relearn,
    usable,
)
from bot.dialogue.names import SHORT, brief, name_of
from bot.dialogue.state import Asked, Draft, Pending, State, Step
from bot.dialogue.talk import Talk, buttons, joined
from bot.dialogue.texts import say
from bot.dialogue.words import Word
from bot.message import Button, Reply
from storage.vocab import CaseType, Mode

SILENCE = timedelta(hours=24)
JUST_FILED = timedelta(hours=1)
TYPE_WORDS = (Word.COMPLAINT, Word.INQUIRY, Word.SUGGESTION)
_SIMPLE = {Step.REWRITE: "ask_rewrite", Step.CONTACT: "ask_contact", Step.RETYPE: "ask_retype"}


def begin(talk: Talk, kind: CaseType) -> Reply:
    """The citizen said or clicked what sort of matter it is, and nothing yet of the matter."""
    talk.state.draft = Draft(type=kind.value, chosen=True)
    return _ask_what(talk.state.draft)


async def tell(talk: Talk) -> Reply:
    """Free text that belongs to the draft, or starts one."""
    asked = talk.state.draft is not None and talk.state.draft.step is Step.WHAT
    draft = talk.state.draft or Draft()
    talk.state.draft = draft
    if draft.step is Step.REWRITE:
        return await _rewritten(talk, draft)
    return await take(talk, draft, asked=asked)


async def take(talk: Talk, draft: Draft, *, asked: bool = False) -> Reply:
    """Take this message into the draft and go on with what is missing; ``asked``: a few words will do."""
    text, city = talk.said.text, talk.desk.city
    first = not draft.text
    clear = usable(text, city, BARELY if asked or in_trouble(text) else ENOUGH)
    if text.strip() in draft.text:
        return await missing(talk, draft, say("told_already"))
    decide_type(talk, draft)
    if not clear and first and not city.index.mentions(text) and not usable(text, city, BARELY):
        return _ask_what(draft)
    if not learn(draft, text, talk.understanding, city):
        return await missing(talk, draft, say("too_long"))
    if not clear and first:
        return _ask_what(draft)
    return await missing(talk, draft, "" if first else say("added"))


async def missing(talk: Talk, draft: Draft, before: str = "") -> Reply:
    """Ask for the one thing that is missing, answer an inquiry, or draw the confirmation; ``before`` is a
    line before what is asked."""
    if draft.voiced:
        draft.type = draft.type or CaseType.COMPLAINT.value
    if not draft.text and not draft.voiced:
        asked = _ask_what(draft)
    elif not draft.type:
        asked = _ask_type(talk, draft)
    else:
        told = await answering.instead(talk, draft)
        if told is not None and talk.state.draft is not draft:
            return await next_draft(talk, draft, told)
        asked = told or await confirmation.draw(talk, draft)
    return replace(asked, text=f"{before}\n{asked.text}") if before else asked


async def next_draft(talk: Talk, done: Draft, told: Reply) -> Reply:
    """``told`` of what is done, and then what waited for it, which is kept as the first one was."""
    state = talk.state
    state.draft = waiting = state.later.pop(0) if state.later else None
    if waiting is None:
        return told
    state.pending = None
    if waiting.mode == Mode.NAMED:
        waiting.mode = done.mode
    if waiting.offered:
        waiting.step = Step.ENTRY
    shown = await show_again(talk, say("kept_question"))
    return joined(told, shown, all_choices=bool(told.tail))


def decide_type(talk: Talk, draft: Draft) -> None:
    """The type that was understood, where none was chosen: sure enough, or as the sentence is formed."""
    intent, confidence = intent_of(talk.understanding)
    asks = questioning(talk.said.text)
    fits = confidence >= LIKELY and intent == (CaseType.INQUIRY if asks else CaseType.COMPLAINT)
    if not draft.type and intent in REPORTS and (confidence >= SURE or fits):
        draft.type = intent


async def show_step(talk: Talk) -> Reply | None:
    """The draft's question in full; None without a draft."""
    draft = talk.state.draft
    if draft is None:
        return None
    if draft.step in _SIMPLE:
        return Reply(say(_SIMPLE[draft.step]), buttons(*TYPE_WORDS) if draft.step is Step.RETYPE else ())
    if draft.step is Step.UNIT:
        return ask_unit(talk, draft)
    return await missing(talk, draft)


async def show_again(talk: Talk, before: str = "", *, seen: bool = True) -> Reply | None:
    """The draft's question in short, after a digression; None without a draft. ``seen``: with who will see
    what, where room is left for it."""
    state = talk.state
    if state.draft is None:
        return None
    if state.pending is not None and state.pending.asked is Asked.STALE:
        return stale_offer(state)
    if state.draft.step is Step.WHAT and state.draft.text and state.draft.type:
        state.draft.step = Step.CONFIRM
    again = (
        await confirmation.draw_again(talk, state.draft, seen=seen)
        if state.draft.step is Step.CONFIRM
        else await show_step(talk)
    )
    if again is None or not before:
        return again
    return Reply(f"{before}\n{again.text}", again.buttons, again.links)


def lying(state: State, now: datetime) -> Draft | None:
    """The draft, where nothing was said for a day."""
    return state.draft if silent(state, now) else None


def silent(state: State, now: datetime) -> bool:
    """Whether nothing was said for a day: what was asked before is not waited for any more."""
    return state.updated_at is not None and now - state.updated_at > SILENCE


def is_stale(talk: Talk) -> bool:
    """Whether the draft has been lying for a day, and the citizen has not said yet that it goes on."""
    state = talk.state
    if state.draft is None:
        return False
    offered = state.pending is not None and state.pending.asked is Asked.STALE
    return offered or state.draft is talk.lying


def stale_offer(state: State) -> Reply:
    """Offer to go on with a draft that has been lying, or with the newer matter instead."""
    draft = state.draft
    assert draft is not None
    state.pending = Pending(Asked.STALE)
    what = brief(draft.words, SHORT) if draft.text else say("nothing_told")
    text = say("stale", type=name_of("type", draft.type) if draft.type else say("matter"), what=what)
    return Reply(text, buttons(Word.GO_ON, Word.START_OVER))


def ask_unit(talk: Talk, draft: Draft) -> Reply:
    draft.step = Step.UNIT
    names = [talk.desk.city.unit_name(code) for code in confirmation.candidates(talk, draft)]
    return Reply(say("ask_unit"), buttons(*names, Word.NO_UNIT))


def just_filed(talk: Talk) -> bool:
    """Whether what comes now may well belong to the case that was filed a moment ago."""
    filed_at = talk.state.filed_at
    return filed_at is not None and talk.now - filed_at <= JUST_FILED


def _ask_type(talk: Talk, draft: Draft) -> Reply:
    """Ask what sort of matter it is; after filing it may also be more of what was just told."""
    draft.step = Step.TYPE
    what, choices = brief(draft.words, SHORT * 2), buttons(*TYPE_WORDS, Word.CANCEL)
    if not just_filed(talk):
        return Reply(say("ask_type", what=what), choices)
    more = Button(say("button_add_to_filed"), f"{Word.SUPPLEMENT} {talk.state.filed}")
    return Reply(say("ask_type_after_filing", what=what), (more, *choices))


async def _rewritten(talk: Talk, draft: Draft) -> Reply:
    if not relearn(draft, talk.said.text, talk.understanding, talk.desk.city):
        return await missing(talk, draft, say("too_long"))
    draft.step = Step.CONFIRM
    return await missing(talk, draft, say("rewritten"))


def _ask_what(draft: Draft) -> Reply:
    draft.step = Step.WHAT
    if draft.files and not draft.text:
        return Reply(say("ask_what_files"))
    return Reply(say(f"ask_what_{draft.type}" if draft.type else "ask_what"))
