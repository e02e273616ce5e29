"""Whether the next words are simply what was asked for, so that nothing needs to be understood. Pure."""

from datetime import datetime, timedelta

from bot.dialogue.state import FREE_WORDS, State, Step

PATIENCE = timedelta(hours=2)  # after that, words are a new matter and not the answer to an old question
_SLOTS = frozenset({Step.UNIT, Step.CONTACT})


def takes_words(state: State, at: datetime) -> bool:
    """Whether free text at ``at`` is taken as it stands."""
    if state.updated_at is not None and at - state.updated_at > PATIENCE:
        return False
    if state.pending is not None and state.pending.asked in FREE_WORDS:
        return True
    return state.pending is None and state.draft is not None and state.draft.step in _SLOTS
