"""One step of a conversation: a message in, the reply and the new state out.

``converse`` runs inside the turn's open unit of work: it calls intake commands, never commits, and does no
I/O of its own. What the office refuses is answered in a citizen's words with the state left as it was.
"""

import copy
from dataclasses import replace

from bot.dialogue import commanded, events, evidence, freetext, report, smalltalk
from bot.dialogue.refusals import refused
from bot.dialogue.slots import takes_words
from bot.dialogue.state import State
from bot.dialogue.steering import after, drop_question
from bot.dialogue.talk import Spoken, Talk
from bot.dialogue.texts import say
from bot.dialogue.words import plain, read
from bot.message import Inbound, Kind, Reply
from intake import leaving
from intake.errors import Refused

__all__ = ["Spoken", "Talk", "converse", "needs_understanding"]


def needs_understanding(said: Inbound, state: State) -> bool:
    """Whether a message is free text whose sense must be found out before ``converse``. Pure."""
    if said.kind is not Kind.TEXT or not plain(said.text):
        return False
    return read(said.text) is None and not takes_words(state, said.sent_at)


async def converse(talk: Talk) -> Spoken:
    """Answer one message or event; the state handed in is not changed."""
    mine = replace(talk, state=copy.deepcopy(talk.state))
    mine.lying = report.lying(mine.state, mine.now)
    if report.silent(mine.state, mine.now):
        drop_question(mine.state)
    try:
        reply = await _answer(mine)
    except Refused as refusal:
        return await _refused(talk, refusal)
    if not _happened(mine.said) or reply is not None:
        mine.state.updated_at = mine.now
    return Spoken(reply, mine.state, mine.case_id)


async def _refused(talk: Talk, refusal: Refused) -> Spoken:
    """The words for a refusal, and back to what was being told; the state stays as it was."""
    again = replace(talk, state=copy.deepcopy(talk.state))
    return Spoken(await after(again, refused(refusal)), talk.state)


async def _answer(talk: Talk) -> Reply | None:
    said = talk.said
    if _happened(said):
        return await events.answer(talk)
    await _reachable_again(talk)
    if said.kind is Kind.TEXT:
        talk.state.media_at = None
        return await _written(talk)
    return Reply(say("unknown_kind")) if said.kind is Kind.UNKNOWN else await evidence.take(talk)


def _happened(said: Inbound) -> bool:
    """Whether this is an event, also one that nobody knows, and not something the citizen said."""
    return said.kind is Kind.EVENT or said.msg_type == "event"


async def _written(talk: Talk) -> Reply:
    """A text: a control word, free words, or nothing that can be read (emoji alone)."""
    if not plain(talk.said.text):
        return await report.show_again(talk) or smalltalk.unclear()
    command = read(talk.said.text)
    return await (freetext.answer(talk) if command is None else commanded.run(talk, command))


async def _reachable_again(talk: Talk) -> None:
    """Who writes can be reached, whatever the platform said before."""
    reporter = await talk.desk.unit.identities.get(talk.reporter_id)
    if reporter is not None and not reporter.reachable:
        await leaving.come_back(talk.desk, talk.reporter_id)
