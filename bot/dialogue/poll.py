"""投票, 赞成, 反对, 提意见: what people think of a commitment before it is made."""

from bot.dialogue.dates import day_said
from bot.dialogue.follow import TITLE, choose, follow_button, nothing_like, said_with
from bot.dialogue.names import brief
from bot.dialogue.state import Asked, Pending
from bot.dialogue.talk import Talk, buttons
from bot.dialogue.texts import say
from bot.dialogue.words import Command, Word
from bot.message import Button, Reply
from intake.commitments import following, opinions, polls
from intake.errors import Invalid, OnceOnly, StateRefuses
from storage.stores.polls import PollRow
from storage.stores.registry import CommitmentRow
from storage.vocab import Choice

CHOICES = {Word.AGREE: Choice.AGREE, Word.AGAINST: Choice.AGAINST}
_SAID = {Choice.AGREE.value: Word.AGREE, Choice.AGAINST.value: Word.AGAINST}


async def vote(talk: Talk, command: Command) -> Reply:
    """``投票 编号``: the question and the choices; without a code, the polls that are open."""
    row = await _meant(talk, said_with(command))
    return row if isinstance(row, Reply) else await _shown(talk, row)


async def cast(talk: Talk, command: Command) -> Reply:
    """``赞成 编号``, ``反对 编号``: the vote; without a code, the poll that is meant is shown first."""
    row = await _meant(talk, said_with(command))
    if isinstance(row, Reply) or not said_with(command):
        return row if isinstance(row, Reply) else await _shown(talk, row)
    poll = await polls.of_round(talk.desk, row)
    if poll is None or not polls.is_open(talk.desk, poll):
        return await _shown(talk, row)
    await opinions.vote(talk.desk, talk.reporter_id, row.code, CHOICES[command.word])
    text = say(
        "voted", choice=command.word.value, title=brief(row.title, TITLE), date=day_said(poll.closes_on)
    )
    return Reply(text, (_opinion_button(row), *await follow_button(talk, row)))


async def opinion(talk: Talk, command: Command) -> Reply:
    """``提意见 编号 内容``; without the words they are asked for."""
    code, _, words = said_with(command).partition(" ")
    row = await _meant(talk, code)
    if isinstance(row, Reply):
        return row
    poll = await polls.of_round(talk.desk, row)
    if poll is None or not polls.is_open(talk.desk, poll):
        return await _shown(talk, row)
    if words.strip():
        return await give(talk, row.code, words)
    talk.state.pending = Pending(Asked.OPINION, numbers=[row.code])
    return Reply(say("ask_opinion", title=brief(row.title, TITLE)), buttons(Word.CANCEL))


async def give(talk: Talk, code: str, words: str) -> Reply:
    """Keep an opinion; one given before is replaced until it is answered."""
    try:
        row = await opinions.say(talk.desk, talk.reporter_id, code, words)
    except StateRefuses:
        return Reply(say("poll_over"))
    except OnceOnly:
        return Reply(say("opinion_was_answered"))
    except Invalid:
        return Reply(say("opinion_too_long", most=opinions.MAX_LENGTH))
    return Reply(say("opinion_kept", title=brief(row.title, TITLE)), await follow_button(talk, row))


async def _meant(talk: Talk, said: str) -> CommitmentRow | Reply:
    """The commitment that is meant, or what to say instead; without words the only one that is voted on."""
    if said:
        found, sure = await following.named(talk.desk, said)
        if not found:
            return nothing_like(talk, said)
    else:
        running = await polls.open_now(talk.desk, following.MOST)
        found, sure = running, True
        if not found:
            return Reply(say("no_poll"), buttons(Word.SUGGESTION))
    return found[0] if len(found) == 1 and sure else choose(talk, Word.VOTE, found)


async def _shown(talk: Talk, row: CommitmentRow) -> Reply:
    poll = await talk.desk.unit.polls.last(row.code)
    offer = await follow_button(talk, row)
    if poll is None:
        return Reply(say("no_poll_on_it", title=brief(row.title, TITLE)), offer)
    if not polls.is_open(talk.desk, poll):
        result = polls.in_words(poll, await polls.counted(talk.desk, poll), talk.desk)
        return Reply(say("poll_closed", title=brief(row.title, TITLE), result=result), offer)
    talk.state.pending = Pending(Asked.POLL, numbers=[row.code])
    choices = tuple(Button(word.value, f"{word} {row.code}") for word in CHOICES)
    return Reply(await _question(talk, row, poll), (*choices, _opinion_button(row), *offer))


async def _question(talk: Talk, row: CommitmentRow, poll: PollRow) -> str:
    given = await opinions.given(talk.desk, talk.reporter_id, row.code)
    lines = [
        say("poll", title=brief(row.title, 60), question=brief(poll.question, 200)),
        brief(row.text, 150),
        say("poll_until", date=day_said(poll.closes_on)),
    ]
    if given.choice:
        lines.append(say("poll_chosen", choice=_SAID[given.choice].value))
    return "\n".join(lines)


def _opinion_button(row: CommitmentRow) -> Button:
    return Button(say("button_opinion"), f"{Word.OPINION} {row.code}")
