"""Welcome, help, and the account's menu."""

from bot.dialogue import follow, human, progress, report
from bot.dialogue.state import Draft
from bot.dialogue.talk import Talk, buttons
from bot.dialogue.texts import say
from bot.dialogue.words import Command, Word
from bot.message import Reply
from storage.vocab import CaseType

STARTS = (Word.COMPLAINT, Word.INQUIRY, Word.SUGGESTION, Word.PROGRESS)
_REPORTS = {
    "report_complaint": CaseType.COMPLAINT,
    "report_inquiry": CaseType.INQUIRY,
    "report_suggestion": CaseType.SUGGESTION,
}


def welcome(talk: Talk) -> Reply:
    """To somebody who has just followed the account."""
    links = ((say("link_notices"), talk.page("notices")),)
    return Reply(say("welcome", city=talk.desk.city.name), buttons(*STARTS, Word.HELP), links)


async def help_words(talk: Talk, command: Command) -> Reply:
    return Reply(say("help"), buttons(*STARTS, Word.COMMITMENTS, Word.HUMAN))


async def clicked(talk: Talk, key: str) -> Reply | None:
    """A click on the account's menu; None for a key that is not ours."""
    if key in _REPORTS:
        return await _begin(talk, _REPORTS[key])
    if key == "progress":
        return await progress.progress(talk, Command(Word.PROGRESS))
    if key == "commitments":
        return await follow.look_up(talk, Command(Word.COMMITMENTS))
    if key == "human":
        return await human.human(talk, Command(Word.HUMAN))
    return await help_words(talk, Command(Word.HELP)) if key == "help" else None


async def _begin(talk: Talk, kind: CaseType) -> Reply:
    """A new matter; one that was begun with words is not thrown away without asking."""
    state = talk.state
    state.pending = None
    if state.draft is not None and (state.draft.text or state.draft.voiced):
        state.later.insert(0, Draft(type=kind.value))
        return report.stale_offer(state)
    if state.draft is not None:
        state.draft.type = kind.value
        return await report.missing(talk, state.draft)
    return report.begin(talk, kind)
