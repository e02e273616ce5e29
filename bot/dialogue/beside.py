"""A question beside what is being told, or that was not heard as one: answered at once where the registry
surely has it, else kept until the other matter is done."""

import re

from bot.dialogue import answering, confirmation, report
from bot.dialogue.choosing import open_cases
from bot.dialogue.heard import CLEAR, complaining, learn, plainly_asks
from bot.dialogue.meaning import Meaning
from bot.dialogue.smalltalk import asks_how, names_us
from bot.dialogue.state import Asked, Draft, Step
from bot.dialogue.steering import after, drop_question
from bot.dialogue.talk import Talk, joined
from bot.dialogue.texts import say
from bot.dialogue.words import Command, Word
from bot.message import Reply
from bot.nlu.port import Understanding
from intake.commitments.asking import Entry, look_up
from storage.vocab import CaseType

KEPT_QUESTIONS = 3
_OF_A_PROMISE = re.compile(r"承诺|兑现|践诺|答应")
_TO_BE_TOLD = re.compile(r"关注|订阅|提醒|通知|推送|告诉")
_HOW_A_PROMISE_STANDS = re.compile(
    r"[^，。；！,;!]{2,40}(?:"
    r"(?:什么时候|啥时候|何时|几时|哪天)(?:能|会|可以)?(?:兑现|落实|完成|完工|开工|建成|建好|修完|修好|改完|竣工|通车|开通|实现|交付|投用|开放|开门)|"
    r"(?:兑现|落实|完成|完工|建成|建好)(?:了?(?:吗|么|没有?)|得?(?:怎么样|咋样|如何))|"
    r"(?:进展|进度|情况)(?:是)?(?:怎么样|咋样|如何|到哪了?|什么)"
    r")了?[吗呢啊]?[?？]*"
)
_IMPATIENT = re.compile(r"到底|究竟|怎么还|咋还|还没|还不|为什么|为啥|凭什么|骗|拖|你们")


async def keep_question(talk: Talk) -> Reply:
    """A question in the middle of something else: answered, or taken up when that is finished."""
    state, city = talk.state, talk.desk.city
    question = _question(talk)
    if (entry := await answering.look(talk, question)) and (told := await _answered(talk, question, entry)):
        return told
    if len(state.later) >= KEPT_QUESTIONS:
        return await after(talk, Reply(say("questions_full")))
    state.later.append(question)
    ranking, _ = confirmation.proposed(talk, question)
    best = ranking.candidates[0] if ranking.candidates else None
    unit = city.unit_name(best.code) if best is not None and best.kind != "desk" else ""
    kept = Reply(say("question_kept", unit=unit) if unit else say("question_kept_open"))
    return joined(kept, await report.show_again(talk, say("back_to_draft")))


async def unheard_question(talk: Talk, meant: Meaning | Command) -> Reply | None:
    """The answer to what is a question by its form, though it was heard as something else; only offered where
    it made no sense otherwise. None where the registry does not surely have it, or where it is part of what
    is being told."""
    if not await _asks(talk, meant):
        return None
    question = _question(talk)
    entry = await answering.look(talk, question, sure=1.0)
    if entry is None:
        return None
    if (told := await _meant_of_the_offered(talk, entry)) is not None:
        return told
    if await _is_part_of_the_telling(talk, entry):
        return None
    drop_question(talk.state)
    if meant in (Meaning.OUT_OF_SCOPE, Meaning.UNCLEAR):
        talk.state.draft = question
        return answering.offer(question, entry)
    return await _answered(talk, question, entry)


async def asked_meanwhile(talk: Talk) -> Reply | None:
    """The answer to a question to the registry, said while a unit waits for words about an own case: those
    come after it. None where it is no such question, or may be those words."""
    heard, text = talk.understanding, talk.said.text
    stands = _HOW_A_PROMISE_STANDS.fullmatch(text.strip()) is not None
    if heard is None or heard.source == "rules" or complaining(text) or not (stands or plainly_asks(text)):
        return None
    question = _question(talk)
    entry = await answering.look(talk, question)
    return await _answered(talk, question, entry) if entry is not None else None


async def _asks(talk: Talk, meant: Meaning | Command) -> bool:
    heard, text = talk.understanding, talk.said.text
    if heard is None or heard.source == "rules" or complaining(text):
        return False
    stands = _HOW_A_PROMISE_STANDS.fullmatch(text.strip()) is not None and not _IMPATIENT.search(text)
    if not (stands or plainly_asks(text)):
        return False
    if isinstance(meant, Command):
        return await _is_no_command(talk, meant)
    if meant is Meaning.ABOUT_US:
        return heard.intent == CaseType.INQUIRY and not (names_us(text) or asks_how(text))
    if meant is Meaning.REPORT:
        return _in_the_telling(talk.state.draft, heard) if talk.state.draft is not None else stands
    return meant in (Meaning.OUT_OF_SCOPE, Meaning.UNCLEAR) and talk.state.draft is None


def _in_the_telling(draft: Draft, heard: Understanding) -> bool:
    """Whether more words of a matter may be a question beside it, or say which entry was meant."""
    other = draft.type not in ("", CaseType.INQUIRY.value) and draft.step is not Step.REWRITE
    return (
        (other or draft.step is Step.ENTRY) and heard.intent == CaseType.INQUIRY and heard.confidence >= CLEAR
    )


async def _meant_of_the_offered(talk: Talk, entry: Entry) -> Reply | None:
    """The answer to the question for which entries were offered, where it was put again and is clear now."""
    draft = talk.state.draft
    if (
        draft is None
        or draft.step is not Step.ENTRY
        or entry.code not in {code for _, code, *_ in draft.offered}
    ):
        return None
    learn(draft, talk.said.text, talk.understanding, talk.desk.city)
    told = await answering.answer(talk, draft, entry)
    return await report.next_draft(talk, draft, told) if told is not None else None


async def _is_part_of_the_telling(talk: Talk, entry: Entry) -> bool:
    """Whether what is being told may well be about the same entry: then the question belongs to it."""
    draft = talk.state.draft
    if draft is None or not draft.text:
        return False
    ranking, _ = confirmation.proposed(talk, draft)
    found = await look_up(talk.desk, draft.words, departments=ranking.likely)
    return entry.code in {one.code for one in (found.sure, *found.likely) if one is not None}


async def _is_no_command(talk: Talk, meant: Command) -> bool:
    """Whether 进度 or 关注 in other words may be a question to the registry: none about an own case, and no
    wish to be told of news."""
    if meant.word is Word.PROGRESS and not meant.number:
        return bool(_OF_A_PROMISE.search(talk.said.text)) or not await open_cases(talk)
    if meant.word in (Word.FOLLOW, Word.COMMITMENTS):
        return not _TO_BE_TOLD.search(talk.said.text)
    return meant.word is Word.HELP


def _question(talk: Talk) -> Draft:
    question = Draft(type=CaseType.INQUIRY.value, step=Step.CONFIRM)
    learn(question, talk.said.text, talk.understanding, talk.desk.city)
    return question


async def _answered(talk: Talk, question: Draft, entry: Entry) -> Reply | None:
    """The answer, and then back to what was being told."""
    state, before = talk.state, talk.state.pending
    told = await answering.answer(talk, question, entry, short=state.draft is not None)
    if told is None or state.draft is None:
        return told
    state.pending = before if before is not None and before.asked is Asked.STALE else None
    if report.is_stale(talk):
        again: Reply | None = report.stale_offer(state)
    else:
        again = await report.show_again(talk, say("back_to_draft"), seen=False)
    return joined(told, again, all_choices=True)
