"""Answering an inquiry from the registry in the same turn, or offering what may answer it (domain 3).

Only what is plainly a question is answered: no complaint, nothing that was hardly understood, nothing that
says who asks (before that is filed, the citizen is told who sees it), nothing with files. While Rasa is away
only what is sure.
"""

from datetime import timedelta

from bot.dialogue import confirmation
from bot.dialogue.dates import due_said
from bot.dialogue.heard import CLEAR, SURE, complaining
from bot.dialogue.learning import keep_corrections
from bot.dialogue.names import brief, name_of
from bot.dialogue.state import Asked, Draft, Pending, Step
from bot.dialogue.talk import Talk, buttons
from bot.dialogue.texts import say
from bot.dialogue.words import Word
from bot.message import Button, Reply
from intake import reporters
from intake.cases import states
from intake.cases.dues import running
from intake.cases.informing import AnswerNow, file_answered, rests_on
from intake.commitments.answers import said
from intake.commitments.asking import OFFERED, Entry, Kind, look_up
from intake.errors import NotFound
from storage.stores.cases import CaseRow
from storage.vocab import CaseState, CaseType, ClockKind, Mode

AGAIN = timedelta(hours=1)
"""For so long the same question is answered again from the same case."""
TITLE = 40
"""Characters of a title among the choices."""
_PAGES = {Kind.COMMITMENT: ("link_commitment", "commitments"), Kind.GUIDE: ("link_guide", "guides")}


async def instead(talk: Talk, draft: Draft) -> Reply | None:
    """What comes in place of confirming an inquiry: its answer, with which it is filed and gone from the
    state; or what may answer it, to choose from. None: it goes the usual way."""
    entry = await look(talk, draft)
    if entry is not None and (told := await answer(talk, draft, entry)) is not None:
        return told
    return offer(draft) if draft.offered else None


async def look(talk: Talk, draft: Draft, *, sure: float | None = None) -> Entry | None:
    """Look once for the answer to what was told: the entry that surely has it; ``draft.offered`` are then
    those that may have it. ``sure`` is how surely it is a question, where the caller knows (0–1)."""
    if draft.looked == len(draft.text):
        return None
    draft.looked, draft.offered = len(draft.text), []
    sure = _heard_as_question(talk, draft) if sure is None else sure
    if not sure or not _plain_question(draft):
        return None
    ranking, _ = confirmation.proposed(talk, draft)
    if ranking.accuses_people or ranking.accused:
        return None
    found = await look_up(talk.desk, draft.words, departments=ranking.likely)
    listed = (found.sure,) if found.sure else found.likely
    if not listed or await reporters.says_who(talk.desk, talk.reporter_id, draft.words):
        return None
    if found.sure is not None and sure >= CLEAR:
        return found.sure
    if draft.understood != "rules":
        _keep(draft, listed[:OFFERED])
    return None


def offered(draft: Draft) -> list[Entry]:
    """What was offered to choose from, in its order."""
    return [
        Entry(Kind(kind), code, title, department, 0.0) for kind, code, title, department in draft.offered
    ]


def offer(draft: Draft, *entries: Entry) -> Reply:
    """What may answer, to choose from: ``entries``, or those that were found; the place in the list, the link
    or 都不是 answers."""
    _keep(draft, entries or tuple(offered(draft)))
    draft.step = Step.ENTRY
    listed = offered(draft)
    choices = [
        Button(say("entry", n=n, title=brief(entry.title, TITLE)), f"{Word.CHOOSE} {entry.code}")
        for n, entry in enumerate(listed, 1)
    ]
    text = say("offer_one" if len(listed) == 1 else "offer_entries")
    return Reply(text, (*choices, *buttons(Word.NONE_OF_THESE, Word.CANCEL)))


async def answer(talk: Talk, draft: Draft, entry: Entry, *, short: bool = False) -> Reply | None:
    """File the question and answer it, or answer it again from the case of a moment ago; the state waits for
    whether it helped. None where the entry is gone. ``short``: something else stands below the answer."""
    try:
        words = await said(talk.desk, entry)
    except NotFound:
        return None
    case, code = await _asked_before(talk, draft, entry), ""
    told = [words]
    if case is None:
        asked = AnswerNow(text=words, source=entry.code)
        filed = await file_answered(
            talk.desk, talk.actor, confirmation.new_case(talk.reporter_id, draft), asked
        )
        if filed is None:
            return None
        case, code = filed.case, filed.query_code
        await keep_corrections(talk, draft, case)
        told.append(await who_sees(talk, case))
    talk.case_id = case.id
    if talk.state.draft is draft:
        talk.state.draft = None
    links = (_page(talk, entry),)
    number = say("filed_number", number=case.tracking_no)
    if case.state != CaseState.ANSWERED:
        told.append(say("answer_at_work", unit=talk.desk.city.unit_name(case.department)))
        return Reply("\n".join(told), links=links, tail=number)
    told.append(await next_step(talk, case))
    if code:
        told.append(say("filed_code", code=code))
        told += [] if short else [say("filed_hash", hash=case.last_hash)]
    talk.state.pending = Pending(Asked.SOLVED, numbers=[case.tracking_no], words="" if code else draft.words)
    choices = verdicts(case)
    if entry.kind is Kind.COMMITMENT and not short:
        choices += (Button(Word.FOLLOW, f"{Word.FOLLOW} {entry.code}"),)
    return Reply("\n".join([*told, say("did_it_help")]), choices, links, number)


def verdicts(case: CaseRow) -> tuple[Button, ...]:
    """解决了 and 没解决, each about this case."""
    return verdicts_on(case.tracking_no)


def verdicts_on(number: str) -> tuple[Button, ...]:
    """The same by its number."""
    solved, not_solved = Word.SOLVED, Word.NOT_SOLVED
    return Button(solved, f"{solved} {number}"), Button(not_solved, f"{not_solved} {number}", beside=True)


async def who_sees(talk: Talk, case: CaseRow) -> str:
    """The one line on who sees what of an answered inquiry, and how to have it otherwise (domain 6)."""
    if case.mode != Mode.NAMED:
        return say("answer_sees_hidden", mode=name_of("mode", case.mode))
    known = await reporters.known(talk.desk, talk.reporter_id)
    if not (known.name or known.phone):
        return say("answer_sees_nothing")
    given = ((known.name, say("told_name")), (known.phone, say("told_phone")))
    return say("answer_sees_named", told="、".join(name for told, name in given if told))


async def next_step(talk: Talk, case: CaseRow) -> str:
    """What follows from the answer, and by when."""
    unit = talk.desk.city.unit_name(case.department)
    rating = next(one for one in await running(talk.desk, case) if one.kind == ClockKind.RATING)
    return say("answer_next", unit=unit, due=due_said(rating.due_at))


def _keep(draft: Draft, entries: tuple[Entry, ...]) -> None:
    draft.offered = [[one.kind.value, one.code, one.title, one.department] for one in entries]


def _plain_question(draft: Draft) -> bool:
    """Whether it is an inquiry in words alone, without unit, name or phone, and no complaint in form."""
    beside = draft.files or draft.urgent or draft.department or draft.name or draft.phone
    return draft.type == CaseType.INQUIRY and bool(draft.text) and not beside and not complaining(draft.words)


def _heard_as_question(talk: Talk, draft: Draft) -> float:
    """How surely the citizen asks, 0–1: by choosing so, else as it was understood; 0 for a complaint."""
    heard = talk.understanding.in_short() if talk.understanding is not None else draft.heard
    intent, confidence = str(heard.get("heard", "")), float(heard.get("confidence", 0.0))
    if intent == CaseType.COMPLAINT and confidence >= SURE:
        return 0.0
    if draft.understood == "rules" and intent != CaseType.INQUIRY:
        return 0.0
    if draft.chosen or draft.type_said:
        return 1.0
    return confidence if intent == CaseType.INQUIRY else 0.0


async def _asked_before(talk: Talk, draft: Draft, entry: Entry) -> CaseRow | None:
    """The citizen's case of the last hour that was answered from the same entry and is not done with."""
    since = talk.now - AGAIN
    for case in await talk.desk.unit.cases.of_reporter(talk.reporter_id):
        waits = case.rating is None and case.state in (*states.BEFORE_ANSWER, CaseState.ANSWERED)
        if waits and case.created_at >= since and case.mode == draft.mode and rests_on(case, entry.code):
            return case
    return None


def _page(talk: Talk, entry: Entry) -> tuple[str, str]:
    """Label and address of the entry's public page."""
    label, folder = _PAGES[entry.kind]
    return say(label), f"{talk.public_url.rstrip('/')}/{folder}/{entry.code}"
