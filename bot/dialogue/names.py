"""What types, modes, outcomes and the like are called, and a matter in few words."""

from bot.dialogue.texts import say
from intake.cases.states import STATE_NAMES
from storage.stores.cases import CaseRow
from storage.vocab import CaseState

SHORT, LONG = 16, 60


def name_of(family: str, value: str) -> str:
    """The name of a value of ``storage.vocab``; families: type, mode, outcome, decline, file, kind, stars."""
    return say(f"{family}_{value}")


def state_name(state: str) -> str:
    return STATE_NAMES[CaseState(state)]


def brief(text: str, limit: int = SHORT) -> str:
    """The beginning of ``text`` in one line, ending in … where something was left out."""
    line = " ".join(text.split())
    return line if len(line) <= limit else line[: limit - 1] + "…"


def matter(case: CaseRow) -> str:
    """What a case is about, in few words."""
    return brief(case.transcript or case.text)
