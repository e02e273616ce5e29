"""Asking for a person: a message for the dispatcher, answered from console or API."""

from bot.dialogue.state import Asked, Pending
from bot.dialogue.talk import Talk, buttons
from bot.dialogue.texts import say
from bot.dialogue.words import Command, Word
from bot.message import Reply
from intake import messages


async def human(talk: Talk, command: Command) -> Reply:
    """``人工``: the next message is kept for a person."""
    talk.state.pending = Pending(Asked.HUMAN)
    return Reply(say("ask_human"), buttons(Word.CANCEL))


async def leave(talk: Talk, words: str) -> Reply:
    """Keep the words for a person."""
    await messages.leave(talk.desk, talk.reporter_id, words)
    return Reply(say("left_for_human"))
