"""What free text means at this point of the conversation, by how it was understood."""

from enum import Enum

from bot.dialogue import confirmation, report, smalltalk
from bot.dialogue.heard import CLEAR, REPORTS, SURE, intent_of, learn, questioning, usable
from bot.dialogue.rate import stars_in
from bot.dialogue.state import Draft, Step
from bot.dialogue.talk import Talk, joined
from bot.dialogue.texts import say
from bot.dialogue.words import Command, Word, number_in
from bot.message import Reply
from storage.vocab import CaseType

KEPT_QUESTIONS = 3
_COMMANDS = {
    "check_status": Word.PROGRESS,
    "urge": Word.URGE,
    "withdraw": Word.WITHDRAW,
    "supplement": Word.SUPPLEMENT,
    "follow_commitment": Word.FOLLOW,
    "request_human": Word.HUMAN,
    "help": Word.HELP,
}
_CARRIES_WORDS = frozenset({Word.SUPPLEMENT})


class Meaning(Enum):
    """What is to be done with free text that is no command in other words."""

    REPORT = "report"
    QUESTION = "question"
    EMERGENCY = "emergency"
    ABOUT_US = "about_us"
    GREET = "greet"
    THANKS = "thanks"
    GOODBYE = "goodbye"
    OUT_OF_SCOPE = "out_of_scope"
    UNCLEAR = "unclear"


_SMALL = {"greet": Meaning.GREET, "thanks": Meaning.THANKS, "goodbye": Meaning.GOODBYE}


def meaning(talk: Talk) -> Meaning | Command:
    """A command said in other words, or what sort of thing was said."""
    intent, confidence = intent_of(talk.understanding)
    draft, text = talk.state.draft, talk.said.text
    if intent == "emergency" and confidence >= SURE:
        return Meaning.EMERGENCY
    if smalltalk.asked_about_us(talk) is not None:
        return Meaning.ABOUT_US
    telling = draft is not None and bool(draft.text or draft.voiced)
    if intent in REPORTS:
        return _reported(talk, intent, confidence) if telling else Meaning.REPORT
    if draft is not None and draft.step in (Step.WHAT, Step.REWRITE) and usable(text, talk.desk.city):
        return _answer_or(talk, intent, confidence)
    if confidence < SURE:
        return Meaning.REPORT if telling or usable(text, talk.desk.city) else Meaning.UNCLEAR
    return _said(talk, intent, confidence)


async def small(talk: Talk, meant: Meaning) -> Reply:
    """The short answer to what is no matter of the office."""
    if meant is Meaning.ABOUT_US:
        answer = smalltalk.asked_about_us(talk)
        assert answer is not None
        return answer
    if meant is Meaning.OUT_OF_SCOPE:
        return smalltalk.out_of_scope()
    if meant is Meaning.UNCLEAR:
        return smalltalk.unclear()
    return smalltalk.brief(meant.value)


async def keep_question(talk: Talk) -> Reply:
    """A question in the middle of something else is kept, and taken up when that is finished."""
    state, city = talk.state, talk.desk.city
    question = Draft(type=CaseType.INQUIRY.value, step=Step.CONFIRM)
    question.mode = state.draft.mode if state.draft is not None else question.mode
    learn(question, talk.said.text, talk.understanding, city)
    if len(state.later) < KEPT_QUESTIONS:
        state.later.append(question)
    ranking, _ = confirmation.proposed(talk, question)
    best = ranking.candidates[0] if ranking.candidates else None
    unit = city.unit_name(best.code) if best is not None and best.kind != "desk" else ""
    kept = Reply(say("question_kept", unit=unit) if unit else say("question_kept_open"))
    return joined(kept, await report.show_again(talk, say("back_to_draft")))


async def beside_stale(talk: Talk) -> Reply:
    """A new matter while another has been lying for a day: keep it, and ask which."""
    fresh = Draft()
    report.decide_type(talk, fresh)
    learn(fresh, talk.said.text, talk.understanding, talk.desk.city)
    fresh.step = Step.CONFIRM if fresh.type else Step.TYPE
    talk.state.later.insert(0, fresh)
    return report.stale_offer(talk.state)


def _reported(talk: Talk, intent: str, confidence: float) -> Meaning:
    """More of what is being told, or a question about something else."""
    draft = talk.state.draft
    assert draft is not None
    asks = intent == CaseType.INQUIRY and draft.type not in ("", CaseType.INQUIRY.value)
    if asks and confidence >= CLEAR and draft.step is not Step.REWRITE and questioning(talk.said.text):
        return Meaning.REPORT if _related(talk, draft) else Meaning.QUESTION
    return Meaning.REPORT


def _related(talk: Talk, draft: Draft) -> bool:
    """Whether a question belongs to the same sort of unit as what is being told, or to none at all."""
    units = talk.desk.city.units
    question = Draft(type=CaseType.INQUIRY.value, text=[talk.said.text])
    asked = confirmation.proposed(talk, question)[0].candidates
    told = confirmation.proposed(talk, draft)[0].candidates
    asked_sectors = {units[one.code].sector for one in asked[:2] if one.kind in ("named", "matter")}
    told_sectors = {units[one.code].sector for one in told[:2] if one.kind in ("named", "matter")}
    return not asked_sectors or bool(asked_sectors & told_sectors)


def _answer_or(talk: Talk, intent: str, confidence: float) -> Meaning | Command:
    """We asked what happened: usable words are the answer unless they clearly are something else."""
    if confidence >= CLEAR and intent in ("check_status", "urge", "request_human", "thanks", "goodbye"):
        return _said(talk, intent, confidence)
    return Meaning.REPORT


def _said(talk: Talk, intent: str, confidence: float) -> Meaning | Command:
    draft, text = talk.state.draft, talk.said.text
    telling = draft is not None and bool(draft.text or draft.voiced)
    if intent == "supplement" and telling:
        return Meaning.REPORT
    if intent == "withdraw" and draft is not None:
        return Command(Word.CANCEL)
    if intent == "affirm":
        return Command(Word.CONFIRM) if confidence >= CLEAR else Meaning.UNCLEAR
    if intent == "deny":
        return Command(Word.NO)
    if intent == "rate":
        stars = stars_in(text)
        return Command(Word.RATE, rest=str(stars) if stars else "", number=number_in(text))
    if intent in _COMMANDS:
        word = _COMMANDS[intent]
        return Command(word, rest=text if word in _CARRIES_WORDS else "", number=number_in(text))
    return _SMALL.get(intent, Meaning.OUT_OF_SCOPE)
