"""How a case stands: one's own without further ado, another's with its six-digit query code."""

from bot.dialogue.choosing import SHOWN, choose, open_cases
from bot.dialogue.dates import due_said, moment_said
from bot.dialogue.names import matter, name_of, state_name
from bot.dialogue.state import Asked, Pending
from bot.dialogue.talk import Talk, buttons
from bot.dialogue.texts import say
from bot.dialogue.words import Command, Word
from bot.message import Button, Reply
from intake.cases import reporter
from intake.cases.dues import running
from intake.cases.numbering import BadNumber, normal_form
from intake.deadlines.clocks import overdue
from intake.errors import NotFound, TooManyTries, WrongCode
from storage.stores.cases import CaseRow
from storage.stores.clocks import ClockRow
from storage.vocab import CaseState, ClockKind

CODE_LENGTH = 6
ANSWER_SHOWN = 260
PAGE = 420


async def progress(talk: Talk, command: Command) -> Reply:
    """``进度``, ``进度 单号``, a number alone, or number and query code."""
    if command.number:
        return await _by_number(talk, command)
    rows = await open_cases(talk) or await talk.desk.unit.cases.of_reporter(talk.reporter_id, SHOWN)
    if not rows:
        return Reply(say("no_cases"))
    if len(rows) == 1:
        return await show(talk, rows[0])
    return choose(talk, Command(Word.PROGRESS), rows)


async def by_code(talk: Talk, number: str, code: str) -> Reply:
    """Another's case by its query code. A wrong code is answered, not raised, so that the try is counted."""
    try:
        case = await reporter.open_by_code(talk.desk, talk.reporter_id, number, code)
    except WrongCode:
        talk.state.pending = Pending(Asked.CODE, numbers=[number])
        return Reply(say("wrong_code"), buttons(Word.CANCEL))
    except TooManyTries:
        talk.state.pending = None
        return Reply(say("too_many_tries"))
    shown = await show(talk, case, own=False)
    if not await reporter.may_link(talk.desk, case):
        talk.state.pending = None
        return shown
    talk.state.pending = Pending(Asked.LINK, numbers=[number], words=code)
    return Reply(f"{shown.text}\n\n{say('offer_link')}", buttons(Word.LINK, Word.NO))


async def link(talk: Talk) -> Reply:
    """Hang the case that was just opened by its code on this account; the code is asked for again."""
    pending = talk.state.pending
    if pending is None or pending.asked is not Asked.LINK:
        return Reply(say("nothing_to_link"))
    talk.state.pending = None
    try:
        case = await reporter.open_by_code(talk.desk, talk.reporter_id, pending.numbers[0], pending.words)
        case = await reporter.link(talk.desk, talk.reporter_id, case)
    except (WrongCode, TooManyTries, NotFound):
        return Reply(say("wrong_code"))
    talk.case_id = case.id
    links = ((say("link_notices"), talk.page("notices")),)
    return Reply(say("linked", number=case.tracking_no), links=links)


async def show(talk: Talk, case: CaseRow, *, own: bool = True) -> Reply:
    """One case: state, unit, what comes next and by when, the answer; ``own`` offers what may be done."""
    talk.case_id = case.id
    unit = talk.desk.city.unit_name(case.department)
    lines = [
        say("progress_head", number=case.tracking_no, type=name_of("type", case.type), what=matter(case)),
        say("progress_state", state=state_name(case.state))
        + (say("progress_unit", unit=unit) if unit else ""),
    ]
    if due := await _due(talk, case):
        lines.append(due)
    if case.awaits_transcript:
        lines.append(say("progress_awaits"))
    elif case.transcript:
        lines.append(say("progress_transcript", text=_cut(case.transcript, 80)))
    if case.answer and case.state in (CaseState.ANSWERED, CaseState.CLOSED):
        lines.append(say("progress_answer", outcome=name_of("outcome", case.outcome or "explained")))
        lines.append(_cut(case.answer, ANSWER_SHOWN))
    return Reply("\n".join(lines), _offered(case) if own else ())


async def whole(talk: Talk, command: Command) -> Reply:
    """``全文 单号 页``: the answer's full text, page by page."""
    if not command.number:
        return Reply(say("whole_needs_number"))
    try:
        case = await reporter.own_case(talk.desk, talk.reporter_id, normal_form(command.number))
    except BadNumber:
        return Reply(say("bad_number"))
    text = case.answer if case.state in (CaseState.ANSWERED, CaseState.CLOSED) else None
    text = text or case.transcript or case.text
    page = int(command.rest) if command.rest.isdigit() else 1
    pages = max(1, -(-len(text) // PAGE))
    page = min(max(page, 1), pages)
    part = text[(page - 1) * PAGE : page * PAGE]
    more = (
        (Button(say("button_more"), f"{Word.WHOLE} {case.tracking_no} {page + 1}"),) if page < pages else ()
    )
    return Reply(say("whole", number=case.tracking_no, page=page, pages=pages, text=part), more)


async def _by_number(talk: Talk, command: Command) -> Reply:
    try:
        number = normal_form(command.number)
    except BadNumber:
        return Reply(say("bad_number"))
    try:
        return await show(talk, await reporter.own_case(talk.desk, talk.reporter_id, number))
    except NotFound:
        code = "".join(char for char in command.rest if char.isdigit())
        if len(code) == CODE_LENGTH:
            return await by_code(talk, number, code)
    talk.state.pending = Pending(Asked.CODE, numbers=[number])
    return Reply(say("ask_code"), buttons(Word.CANCEL))


async def _due(talk: Talk, case: CaseRow) -> str:
    clocks = {c.kind: c for c in await running(talk.desk, case)}
    answer = clocks.get(ClockKind.REWORK) or clocks.get(ClockKind.ANSWER)
    if answer is not None:
        due = say("progress_due", due=due_said(answer.due_at, estimated=answer.estimated))
        return due + _late(talk, answer)
    if (dispatch := clocks.get(ClockKind.DISPATCH)) is not None:
        moment = moment_said(dispatch.due_at, talk.now)
        return say("progress_dispatch", moment=moment) + _late(talk, dispatch)
    if (rating := clocks.get(ClockKind.RATING)) is not None:
        return say("progress_rating", due=due_said(rating.due_at))
    return ""


def _late(talk: Talk, clock: ClockRow) -> str:
    return say("progress_late") if overdue(clock.due_at, talk.now) else ""


def _offered(case: CaseRow) -> tuple[Button, ...]:
    no, state = case.tracking_no, CaseState(case.state)
    words: list[tuple[str, str]] = []
    if state is CaseState.ANSWERED and case.rating is None:
        words = [(name_of("stars", str(n)), f"{Word.RATE} {n} {no}") for n in range(5, 0, -1)]
    elif state is CaseState.DECLINED and not case.appealed:
        words = [(say("button_appeal"), f"{Word.APPEAL} {no}")]
    elif state in (CaseState.RECEIVED, CaseState.DISPATCHED, CaseState.HANDLING, CaseState.REVIEWING):
        words = [(word.value, f"{word} {no}") for word in (Word.URGE, Word.SUPPLEMENT, Word.WITHDRAW)]
    if len(case.answer or "") > ANSWER_SHOWN and state in (CaseState.ANSWERED, CaseState.CLOSED):
        words.insert(0, (say("button_whole"), f"{Word.WHOLE} {no} 1"))
    return tuple(Button(label, word) for label, word in words)


def _cut(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: limit - 1] + "…"
