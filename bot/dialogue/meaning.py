"""What free text means at this point of the conversation, by how it was understood."""

import re
from enum import Enum

from bot.dialogue import confirmation, follow, smalltalk
from bot.dialogue.heard import (
    BARELY,
    CLEAR,
    ENOUGH,
    REPORTS,
    SURE,
    in_trouble,
    intent_of,
    questioning,
    usable,
)
from bot.dialogue.names import SHORT
from bot.dialogue.rate import stars_in
from bot.dialogue.state import Draft, Step
from bot.dialogue.talk import Talk
from bot.dialogue.words import Command, Word, number_in
from storage.vocab import CaseType

_COMMANDS = {
    "affirm": Word.CONFIRM,
    "deny": Word.NO,
    "rate": Word.RATE,
    "check_status": Word.PROGRESS,
    "urge": Word.URGE,
    "withdraw": Word.WITHDRAW,
    "supplement": Word.SUPPLEMENT,
    "follow_commitment": Word.FOLLOW,
    "request_human": Word.HUMAN,
    "help": Word.HELP,
}


_HOW_IT_STANDS = re.compile(
    r"(?:办|处理|解决)(?:完|好|得?咋样|得?怎么样)了?(?:没|吗|$)|(?:咋|怎么|为啥|为什么)还(?:不|没)(?:办|管|处理|解决|答复|回复|动)|"
    r"有(?:结果|消息|信儿|回信)了?(?:没|吗|么)|有没有(?:结果|消息|信儿|回信)|(?:到|办到)(?:哪|啥地步)|(?:现在|办得)(?:咋样|怎么样)"
)
_PUZZLED = re.compile(r"啥|咋|什么|怎么|不懂|不明白|不会|[?？]|吗|呢")
_GREETING = re.compile(r"(?:你好|您好|在|有人|有人在)(?:吗|么|不|没)?[\s?？!！。~]*")
_LOST = re.compile(r"(?:这是)?(?:什么|啥)意思[\s?？。]*|看不懂|(?:不|没)(?:懂|明白)[\s。]*")
_NO_YES = re.compile(r"[?？吗屁气烦]")  # a question or a sneer files nothing, whatever it was heard as
_HAS_A_MATTER = re.compile(r"(?:要|想|得)(?:投诉|举报|反映)")


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


_BESIDE = frozenset({"check_status", "urge", "request_human", "thanks", "goodbye"})
_SMALL = {"greet": Meaning.GREET, "thanks": Meaning.THANKS, "goodbye": Meaning.GOODBYE}


def meaning(talk: Talk) -> Meaning | Command:
    """A command said in other words, or what sort of thing was said."""
    intent, confidence = intent_of(talk.understanding)
    draft, text = talk.state.draft, talk.said.text
    if (intent == "emergency" and confidence >= SURE) or smalltalk.in_danger(text):
        return Meaning.EMERGENCY
    if smalltalk.asked_about_us(talk) is not None:
        return Meaning.ABOUT_US
    telling = draft is not None and bool(draft.text or draft.voiced)
    if intent in REPORTS and not (draft is None and _GREETING.fullmatch(text)):
        return _reported(talk, intent, confidence) if telling else Meaning.REPORT
    if len(text) <= SHORT and (plainly := _plainly(talk, telling=draft is not None)) is not None:
        return plainly
    asked = draft is not None and draft.step in (Step.WHAT, Step.REWRITE)
    if asked and usable(text, talk.desk.city, BARELY):
        return _answer_or(talk, intent, confidence)
    return _said(talk, intent, confidence) if confidence >= SURE else _guessed(talk, telling=telling)


def _plainly(talk: Talk, *, telling: bool) -> Meaning | Command | None:
    """What a few words say by themselves: ask how it stands, or that there is something to tell."""
    text = talk.said.text
    if _HOW_IT_STANDS.search(text):
        return Command(Word.PROGRESS, number=number_in(text))
    if telling:
        return None
    if _GREETING.fullmatch(text):
        return Meaning.GREET
    if _LOST.fullmatch(text):
        return Command(Word.HELP)
    trouble = in_trouble(text) and usable(text, talk.desk.city, BARELY)
    return Meaning.REPORT if trouble or _HAS_A_MATTER.search(text) else None


def _guessed(talk: Talk, *, telling: bool) -> Meaning | Command:
    """Something that was hardly understood: a number in it, or enough words to be a matter."""
    text = talk.said.text
    if not telling and (number := number_in(text)):
        return Command(Word.PROGRESS, number=number)
    enough = BARELY if telling and not _PUZZLED.search(text) else ENOUGH
    return Meaning.REPORT if usable(text, talk.desk.city, enough) else Meaning.UNCLEAR


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
    """We asked what happened: usable words are the answer, unless short and clearly something else."""
    if confidence >= CLEAR and intent in _BESIDE and len(talk.said.text) <= SHORT:
        return _said(talk, intent, confidence)
    return Meaning.REPORT


def _said(talk: Talk, intent: str, confidence: float) -> Meaning | Command:
    """Something understood for sure that is no matter of its own."""
    text, draft = talk.said.text, talk.state.draft
    if intent == "supplement" and draft is not None and (draft.text or draft.voiced):
        return Meaning.REPORT
    if intent == "affirm" and (confidence < CLEAR or _NO_YES.search(text)):
        return Meaning.UNCLEAR
    if draft is None and intent == "help" and smalltalk.asks_elsewhere(text) and usable(text, talk.desk.city):
        return Meaning.REPORT
    if intent == "withdraw" and draft is not None:
        return Command(Word.CANCEL)
    if intent not in _COMMANDS:
        return _SMALL.get(intent, Meaning.OUT_OF_SCOPE)
    word = _COMMANDS[intent]
    stars = str(stars_in(text) or "") if word is Word.RATE else ""
    said = Command(word, rest=text if word is Word.SUPPLEMENT else stars, number=number_in(text))
    return follow.in_words(text) if word is Word.FOLLOW else said
