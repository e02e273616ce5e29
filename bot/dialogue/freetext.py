"""Free text: the words that were asked for, more of a matter, a question beside it, or small talk."""

import re
from dataclasses import replace

from bot.dialogue import abuse, beside, commanded, human, owncase, poll, rate, report, smalltalk, solved
from bot.dialogue.choosing import asked_case, open_cases
from bot.dialogue.correcting import only_contact, other_unit, set_contact, set_unit, take_contact
from bot.dialogue.heard import LIKELY, REPORTS, in_trouble, learn, usable
from bot.dialogue.meaning import Meaning, meaning
from bot.dialogue.names import SHORT
from bot.dialogue.slots import takes_words
from bot.dialogue.state import Asked, Draft, Pending, Step
from bot.dialogue.steering import after, drop_question
from bot.dialogue.talk import Talk
from bot.dialogue.texts import say
from bot.dialogue.words import Command, Word
from bot.message import Reply
from storage.vocab import CaseType

_RIGHT = re.compile(
    r"(?:不对|错了|[说写打弄搞]错了|不是[^，,。\s]{1,20})[，,。！!\s]+(?:应该|应当)?(?:是|在)\S{2,}"
)
_MAY_REPLY = frozenset({Meaning.REPORT, Meaning.UNCLEAR, Meaning.OUT_OF_SCOPE, Meaning.ABOUT_US})


async def answer(talk: Talk) -> Reply:
    """Answer free text, understood or asked for."""
    state = talk.state
    swears = abuse.only_swears(talk.said.text) and not takes_words(state, talk.said.sent_at)
    if (given := await (_calmed if swears else _given)(talk)) is not None:
        return given
    meant = solved.verdict_in(talk) or meaning(talk)
    if isinstance(meant, Command) and await _is_a_matter(talk, meant):
        meant = Meaning.REPORT
        _taken_for_a_complaint(talk)  # who presses is not content
    if isinstance(meant, Command) and meant.word is Word.NO and _says_it_right(talk):
        meant = Meaning.REPORT
    if meant is Meaning.REPORT and talk.state.draft is None and in_trouble(talk.said.text):
        _taken_for_a_complaint(talk)
    if isinstance(meant, Command):
        return await beside.unheard_question(talk, meant) or await commanded.run(talk, meant)
    if meant in _MAY_REPLY and (case := await asked_case(talk)) is not None:
        return await beside.asked_meanwhile(talk) or await owncase.reply(talk, case)
    if meant is Meaning.REPORT and report.is_stale(talk):
        return beside_stale(talk)
    if (told := await beside.unheard_question(talk, meant)) is not None:
        return told
    if meant is not Meaning.UNCLEAR:
        drop_question(state)
    return await _by_meaning(talk, meant)


def _says_it_right(talk: Talk) -> bool:
    """Whether a no under the confirmation says at once what is right: 不对，是示例大街."""
    draft = talk.state.draft
    shown = draft is not None and draft.step is Step.CONFIRM and bool(draft.text)
    return shown and talk.state.pending is None and _RIGHT.match(talk.said.text.strip()) is not None


async def _calmed(talk: Talk) -> Reply:
    """One calm sentence that asks what happened; nothing is taken into the matter that is being told."""
    asked, draft = Reply(say("abuse")), talk.state.draft
    return await after(talk, asked) if draft is not None and (draft.text or draft.files) else asked


async def _by_meaning(talk: Talk, meant: Meaning) -> Reply:
    if meant is Meaning.REPORT:
        return await report.tell(talk)
    if meant is Meaning.EMERGENCY:
        return await smalltalk.emergency(talk)
    return await (beside.keep_question(talk) if meant is Meaning.QUESTION else _small(talk, meant))


def _taken_for_a_complaint(talk: Talk) -> None:
    """Where what was heard is no sort of matter, it is a complaint."""
    heard = talk.understanding
    if heard is not None and heard.intent not in REPORTS:
        sure = max(heard.confidence, LIKELY)
        talk.understanding = replace(heard, intent=CaseType.COMPLAINT.value, confidence=sure)


async def _is_a_matter(talk: Talk, command: Command) -> bool:
    """Whether words that press for a case, or add to one, are a matter themselves: nobody has such a case."""
    text = talk.said.text
    if command.word not in (Word.URGE, Word.SUPPLEMENT) or command.number or len(text) <= SHORT:
        return False
    return usable(text, talk.desk.city) and not await open_cases(talk)


async def _given(talk: Talk) -> Reply | None:
    """The words that were asked for; or a contact or another unit that nobody had to ask for."""
    draft, text = talk.state.draft, talk.said.text
    if smalltalk.in_danger(text):
        return None
    if takes_words(talk.state, talk.said.sent_at):
        return await _asked_for(talk, text.strip())
    if talk.state.pending is not None or report.is_stale(talk):
        return None
    shown = draft is not None and draft.step is Step.CONFIRM
    told = draft is not None and bool(draft.text or draft.voiced)
    if only_contact(text) and (told or (draft is None and report.just_filed(talk))):
        return await take_contact(talk, draft, text)
    if draft is not None and shown and (unit := other_unit(talk, text)):
        return await set_unit(talk, draft, unit)
    return None


async def _asked_for(talk: Talk, text: str) -> Reply:
    """The words that were asked for: to a question beside the draft, or one of the draft's own."""
    pending, draft = talk.state.pending, talk.state.draft
    if pending is not None:
        talk.state.pending = None
        return await after(talk, await _to_question(talk, pending, text))
    assert draft is not None
    return await (set_unit if draft.step is Step.UNIT else set_contact)(talk, draft, text)


async def _to_question(talk: Talk, pending: Pending, text: str) -> Reply:
    if pending.asked is Asked.HUMAN:
        return await human.leave(talk, text)
    number = pending.numbers[0]
    if pending.asked is Asked.OPINION:
        return await poll.give(talk, number, text)
    if pending.asked is Asked.REOPEN:
        return await rate.dissatisfied(talk, Command(Word.DISSATISFIED, rest=text, number=number))
    if pending.asked is Asked.APPEAL:
        return await owncase.appeal(talk, Command(Word.APPEAL, rest=text, number=number))
    return await owncase.supplement(talk, Command(Word.SUPPLEMENT, rest=text, number=number))


async def _small(talk: Talk, meant: Meaning) -> Reply:
    """The short answer to what is no matter of the office."""
    fixed = {Meaning.OUT_OF_SCOPE: smalltalk.out_of_scope, Meaning.UNCLEAR: smalltalk.unclear}
    if meant is Meaning.ABOUT_US and (about := smalltalk.asked_about_us(talk)) is not None:
        return await after(talk, about)
    reply = fixed[meant]() if meant in fixed else smalltalk.brief(meant.value)
    return await after(talk, reply)


def beside_stale(talk: Talk) -> Reply:
    """A new matter while another has been lying for a day: keep it, and ask which."""
    state = talk.state
    offered = state.pending is not None and bool(state.later)
    fresh = state.later[0] if offered else Draft()
    report.decide_type(talk, fresh)
    learn(fresh, talk.said.text, talk.understanding, talk.desk.city)
    fresh.step = Step.CONFIRM if fresh.type else Step.TYPE
    if not offered:
        state.later.insert(0, fresh)
    return report.stale_offer(state)
