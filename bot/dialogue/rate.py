"""Rating an answer, and having it worked on again when it does not satisfy."""

import re

from bot.dialogue.choosing import pick
from bot.dialogue.names import matter, name_of, state_name
from bot.dialogue.state import Asked, Pending
from bot.dialogue.talk import Talk, buttons
from bot.dialogue.texts import say
from bot.dialogue.words import Command, Word, plain
from bot.message import Button, Reply
from intake.cases import reporter
from storage.stores.cases import CaseRow
from storage.vocab import CaseState

BAD = 2
_STARS = (
    (1, re.compile(r"非常不满|很不满|太差|极差|一星")),
    (2, re.compile(r"不满意|不满|不好|差评|没解决|不行|二星|两星")),
    (3, re.compile(r"基本满意|还行|一般|还可以|凑合|三星")),
    (5, re.compile(r"非常满意|很满意|特别满意|十分满意|好评|点赞|五星")),
    (4, re.compile(r"满意|不错|挺好|四星")),
)


def unrated(case: CaseRow) -> bool:
    return case.state == CaseState.ANSWERED and case.rating is None


def answered(case: CaseRow) -> bool:
    return case.state == CaseState.ANSWERED


async def only_unrated(talk: Talk) -> bool:
    """Whether exactly one own case waits for a rating, so that a bare digit can only mean it."""
    return await _waiting(talk) == 1


async def just_asked(talk: Talk) -> bool:
    """Whether stars are what was asked for last: the only answer that waits for them came after the citizen's
    last words."""
    rows = [row for row in await talk.desk.unit.cases.of_reporter(talk.reporter_id) if unrated(row)]
    answered_at, spoke_at = rows[0].answered_at if len(rows) == 1 else None, talk.state.updated_at
    return answered_at is not None and spoke_at is not None and answered_at > spoke_at


async def _waiting(talk: Talk) -> int:
    rows = await talk.desk.unit.cases.of_reporter(talk.reporter_id)
    return sum(unrated(row) for row in rows)


def stars_in(text: str) -> int:
    """1–5 as said with a digit or in words; 0 where nothing is said."""
    bare = plain(text)
    if (digit := re.search(r"[1-5](?!\d)", bare)) and not re.search(r"\d{2}", bare):
        return int(digit[0])
    return next((stars for stars, words in _STARS if words.search(bare)), 0)


async def rate(talk: Talk, command: Command) -> Reply:
    """``评价 1–5``; 3–5 closes the case, 1–2 offers to have it done again."""
    stars = stars_in(command.rest)
    if not stars and not command.number and await _waiting(talk):
        return Reply(say("ask_stars"), _stars())
    case = await pick(talk, command, unrated, "nothing_to_rate")
    if isinstance(case, Reply):
        return case
    if not unrated(case):
        return _not_now(case)
    talk.case_id = case.id
    if not stars:
        return Reply(say("ask_stars"), _stars(f" {case.tracking_no}"))
    await reporter.rate(talk.desk, talk.actor, case, stars)
    if stars > BAD:
        return Reply(say("rated_good", number=case.tracking_no, stars=stars))
    return _offer_reopening(talk, case)


async def dissatisfied(talk: Talk, command: Command) -> Reply:
    """``不满意 原因``: two stars; with a reason, and the right unused, the case is worked on again."""
    case = await pick(talk, command, answered, "nothing_to_rate")
    if isinstance(case, Reply):
        return case
    if not answered(case):
        return _not_now(case)
    talk.case_id = case.id
    if case.rating is None:
        case = await reporter.rate(talk.desk, talk.actor, case, BAD, command.rest)
    if case.reopened_by_right or not command.rest:
        return _offer_reopening(talk, case)
    await reporter.reopen(talk.desk, talk.actor, case, command.rest)
    return Reply(say("reopened", number=case.tracking_no, days=talk.desk.city.rules.rework_days))


def _stars(of: str = "") -> tuple[Button, ...]:
    return tuple(Button(name_of("stars", str(n)), f"{Word.RATE} {n}{of}") for n in range(5, 0, -1))


def _offer_reopening(talk: Talk, case: CaseRow) -> Reply:
    if case.reopened_by_right:
        return Reply(say("rated_bad_again", number=case.tracking_no), buttons(Word.HUMAN))
    talk.state.pending = Pending(Asked.REOPEN, numbers=[case.tracking_no])
    return Reply(say("rated_bad", number=case.tracking_no, what=matter(case)), buttons(Word.NO))


def _not_now(case: CaseRow) -> Reply:
    if case.rating is not None and case.state == CaseState.ANSWERED:
        return Reply(say("rated_before", number=case.tracking_no), buttons(Word.DISSATISFIED, Word.HUMAN))
    if case.state == CaseState.CLOSED:
        return Reply(say("closed_already", number=case.tracking_no), buttons(Word.HUMAN))
    return Reply(say("not_answered_yet", number=case.tracking_no, state=state_name(case.state)))
