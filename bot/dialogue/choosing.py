"""Which own case is meant: the one of the number, the only one, or up to five to choose from."""

from collections.abc import Callable

from bot.dialogue.names import matter, state_name
from bot.dialogue.state import Asked, Pending
from bot.dialogue.talk import Talk
from bot.dialogue.texts import say
from bot.dialogue.words import Command, Word
from bot.message import Button, Reply
from intake.cases import reporter, states
from intake.cases.numbering import BadNumber, normal_form
from intake.cases.questions import open_question
from storage.stores.cases import CaseRow
from storage.vocab import Action, CaseState, Role

SHOWN = 5
_VOTES = frozenset({Word.AGREE, Word.AGAINST, Word.OPINION})
_DONE = frozenset({CaseState.CLOSED, CaseState.WITHDRAWN, CaseState.DECLINED})


async def open_cases(talk: Talk) -> list[CaseRow]:
    """The citizen's cases that are not finished, newest first."""
    rows = await talk.desk.unit.cases.of_reporter(talk.reporter_id)
    return [row for row in rows if CaseState(row.state) not in _DONE]


def may(action: Action) -> Callable[[CaseRow], bool]:
    """Whether the reporter may take an action in the case's state."""
    return lambda case: action in states.allowed(CaseState(case.state), Role.CITIZEN)


supplementable = may(Action.SUPPLEMENT)


async def pick(
    talk: Talk, command: Command, fits: Callable[[CaseRow], bool], nothing: str
) -> CaseRow | Reply:
    """The case that ``command`` is about, or the question which one; ``nothing`` is the text's key where no
    case fits. Raises ``NotFound`` for a number that is not the citizen's own."""
    if command.number:
        try:
            number = normal_form(command.number)
        except BadNumber:
            return Reply(say("bad_number"))
        return await reporter.own_case(talk.desk, talk.reporter_id, number)
    rows = await talk.desk.unit.cases.of_reporter(talk.reporter_id)
    fitting = [row for row in rows if fits(row)][:SHOWN]
    if not fitting:
        return Reply(say(nothing))
    if len(fitting) == 1:
        return await reporter.own_case(talk.desk, talk.reporter_id, fitting[0].tracking_no)
    return choose(talk, command, fitting)


def choose(talk: Talk, command: Command, rows: list[CaseRow]) -> Reply:
    """Ask which of several cases is meant; the number in the list or the link answers."""
    rows = rows[:SHOWN]
    numbers = [row.tracking_no for row in rows]
    talk.state.pending = Pending(Asked.CASE, action=command.word.value, numbers=numbers, words=command.rest)
    stars = f" {command.rest}" if command.word is Word.RATE and command.rest else ""
    offered = tuple(
        Button(
            say("choice", n=n, what=matter(row), state=state_name(row.state)), f"{command.word}{stars} {no}"
        )
        for n, (row, no) in enumerate(zip(rows, numbers, strict=True), 1)
    )
    return Reply(say("choose_case", action=command.word.value), offered)


def chosen(pending: Pending, place: int) -> Command | None:
    """The command that waits, about the case at ``place`` of the list (from 1)."""
    if not 1 <= place <= len(pending.numbers):
        return None
    return Command(Word(pending.action), rest=pending.words, number=pending.numbers[place - 1])


def with_waiting_words(talk: Talk, command: Command) -> Command:
    """A chosen case's link carries the number alone: what had been said with the word goes along. A vote
    without a code is one in the poll that was shown."""
    pending = talk.state.pending
    if pending is not None and pending.asked is Asked.POLL and command.word in _VOTES and not command.rest:
        return Command(command.word, rest=pending.numbers[0])
    if pending is None or pending.asked is not Asked.CASE or command.rest:
        return command
    if pending.action != command.word or command.number not in pending.numbers:
        return command
    return Command(command.word, rest=pending.words, number=command.number)


async def asked_case(talk: Talk) -> CaseRow | None:
    """The case whose unit asked something since the citizen last wrote, but for questions that were answered
    at once: what comes now answers it."""
    state = talk.state
    only_asked = state.pending is not None and state.pending.asked is Asked.SOLVED
    if state.draft is not None or (state.pending is not None and not only_asked):
        return None
    found = []
    for case in await open_cases(talk):
        question = await open_question(talk.desk, case) if case.state == CaseState.HANDLING else None
        fresh = only_asked or state.updated_at is None
        if question is not None and (fresh or question.asked_at > (state.updated_at or talk.now)):
            found.append(case)
    return found[0] if len(found) == 1 else None
