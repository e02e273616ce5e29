"""关注, 取关, 我的关注: being told what becomes of a commitment; and a commitment by its name."""

import re
from datetime import timedelta
from urllib.parse import quote

from bot.dialogue.dates import day_said
from bot.dialogue.names import brief
from bot.dialogue.state import Asked, Pending
from bot.dialogue.talk import Talk
from bot.dialogue.texts import say
from bot.dialogue.words import Command, Word, plain
from bot.message import Button, Reply
from intake.cases.informing import source_of
from intake.commitments import following, polls
from intake.commitments.states import STATE_NAMES
from intake.registry import is_overdue
from storage.stores.registry import CommitmentRow
from storage.vocab import CommitmentState

JUST_NOW = timedelta(hours=1)
LISTED = 8
TITLE = 24
ALL = "全部"
_TELL_ME = re.compile(r"关注|订阅|提醒|通知|推送|告诉|消息")
_NO_MORE = re.compile(
    r"(?:别|不要|不想|不用|不再|停止)再?[^，。]{0,3}(?:发|推送|通知|提醒|告诉|关注|订阅|收(?!费|钱|取))|取消(?:关注|订阅)"
)
_AROUND_A_NAME = re.compile(
    r"(?:请|麻烦|帮我|给我|我们|我|俺)|(?:别|不要|不想|不用|不再|停止)再?|(?:想要|想|要)?(?:持续|取消)?(?:关注|订阅|收到)|"
    r"发(?!展)(?=[^，。]{0,9}消息)|推送|通知|提醒|告诉|一声|一下|(?:的|有)*(?:最新)?(?:进展|进度|情况|动态|消息)|"
    r"的?(?:这项|那项|这个|那个)?承诺|的?[了吧啊呢吗]*$"
)


async def follow(talk: Talk, command: Command) -> Reply:
    """``关注 名称或编号``: at once where it is clear which, else up to five to choose from."""
    said = said_with(command) or await _spoken_of(talk)
    if not said:
        return Reply(say("follow_what"), links=(_search(talk, ""),))
    found, sure = await following.named(talk.desk, said)
    if not found:
        return nothing_like(talk, said)
    if len(found) > 1 or not sure:
        return choose(talk, Word.FOLLOW, found)
    row, new = await following.follow(talk.desk, talk.reporter_id, found[0].code)
    text = say("followed" if new else "followed_before", title=brief(row.title, TITLE))
    notices = (say("link_notices"), talk.page("notices"))
    return Reply(text, (_button(Word.UNFOLLOW, row), Button(Word.FOLLOWED, Word.FOLLOWED)), (notices,))


async def unfollow(talk: Talk, command: Command) -> Reply:
    """``取关``: the only one, the one that is named or has this place in the list, or one to be chosen."""
    said, mine = said_with(command), await following.followed(talk.desk, talk.reporter_id)
    if said == ALL:
        return await _drop(talk, mine)
    if said and await following.unfollow(talk.desk, talk.reporter_id, said):
        title = next((row.title for row in mine if row.code == said), said)
        return Reply(say("unfollowed", title=brief(title, TITLE)))
    meant = [row for n, row in enumerate(mine, 1) if not said or said == str(n) or _means(row, said)]
    if not meant:
        return Reply(say("not_followed" if mine else "follows_nothing"), links=(_search(talk, ""),))
    return await _drop(talk, meant) if len(meant) == 1 else choose(talk, Word.UNFOLLOW, meant)


async def followed(talk: Talk, command: Command) -> Reply:
    """``我的关注``: each with how it stands."""
    mine = await following.followed(talk.desk, talk.reporter_id)
    if not mine:
        return Reply(say("follows_nothing"), links=(_search(talk, ""),))
    lines = [say("follows_head", n=len(mine))]
    lines += [
        say("follows_one", n=n, title=brief(row.title, TITLE), state=stands(talk, row))
        for n, row in enumerate(mine[:LISTED], 1)
    ]
    if len(mine) > LISTED:
        lines.append(say("follows_more", n=len(mine) - LISTED))
    page = (say("link_follows"), talk.page("follows"))
    return Reply("\n".join(lines), (Button(Word.UNFOLLOW, Word.UNFOLLOW),), (page,))


async def look_up(talk: Talk, command: Command) -> Reply:
    """``查承诺``: the page of them all; with a name or code, how that one stands."""
    said = said_with(command)
    if not said:
        return Reply(say("commitments"), links=(_search(talk, ""),))
    found, sure = await following.named(talk.desk, said)
    if not found:
        return nothing_like(talk, said)
    if len(found) > 1 or not sure:
        return choose(talk, Word.COMMITMENTS, found)
    return await _shown(talk, found[0])


def choose(talk: Talk, word: Word, rows: list[CommitmentRow]) -> Reply:
    """Ask which of several commitments is meant; the number in the list or the link answers."""
    rows = rows[: following.MOST]
    talk.state.pending = Pending(Asked.COMMITMENT, action=word.value, numbers=[row.code for row in rows])
    offered = tuple(
        Button(
            say("choice", n=n, what=brief(row.title, TITLE), state=stands(talk, row)), f"{word} {row.code}"
        )
        for n, row in enumerate(rows, 1)
    )
    return Reply(say("choose_commitment", action=word.value), offered)


def chosen(pending: Pending, place: int) -> Command | None:
    """The command that waits, about the commitment at ``place`` of the list (from 1)."""
    if not 1 <= place <= len(pending.numbers):
        return None
    return Command(Word(pending.action), rest=pending.numbers[place - 1])


def in_words(text: str) -> Command:
    """关注 and 取关 in a citizen's own words, with the name that stands in them; without any word of the kind
    it is how a commitment stands that is asked."""
    word = Word.FOLLOW if _TELL_ME.search(text) else Word.COMMITMENTS
    word = Word.UNFOLLOW if _NO_MORE.search(text) else word
    name = _AROUND_A_NAME.sub("", plain(text)).removesuffix("的")
    return Command(word, rest=name if len(name) > 1 else "")


async def _spoken_of(talk: Talk) -> str:
    """The code of the commitment that was just spoken of: named in a confirmation, or answered from."""
    draft = talk.state.draft
    if draft is not None:
        return draft.commitment or draft.suggested
    newest = await talk.desk.unit.cases.of_reporter(talk.reporter_id, 1)
    recent = [case for case in newest if talk.now - case.created_at <= JUST_NOW]
    code = source_of(recent[0]) if recent else ""
    found, _ = await following.named(talk.desk, code)
    return found[0].code if found else ""


def said_with(command: Command) -> str:
    """What stood behind the word; a code may look like a tracking number."""
    return f"{command.number} {command.rest}".strip()


def nothing_like(talk: Talk, said: str) -> Reply:
    """No public commitment is like what was said; the page to look for one."""
    return Reply(say("no_such_commitment", what=brief(said)), links=(_search(talk, said),))


def stands(talk: Talk, row: CommitmentRow) -> str:
    """How a commitment stands, in a word."""
    return say("overdue") if is_overdue(talk.desk, row) else STATE_NAMES[CommitmentState(row.state)]


async def follow_button(talk: Talk, row: CommitmentRow) -> tuple[Button, ...]:
    """The offer to follow a commitment that one was told of, unless one does."""
    mine = await following.followed(talk.desk, talk.reporter_id)
    return () if row.code in {one.code for one in mine} else (_button(Word.FOLLOW, row),)


async def _shown(talk: Talk, row: CommitmentRow) -> Reply:
    unit = talk.desk.city.unit_name(row.department)
    lines = [say("commitment", title=brief(row.title, 60), state=stands(talk, row), unit=unit)]
    if row.due_on:
        lines.append(say("commitment_due", date=day_said(row.due_on)))
    if row.progress_text:
        lines.append(say("news_progress", percent=row.progress, text=brief(row.progress_text, 80)))
    poll = await polls.of_round(talk.desk, row)
    voting = (_button(Word.VOTE, row),) if poll is not None and polls.is_open(talk.desk, poll) else ()
    page = (say("link_commitment"), talk.page(f"commitments/{quote(row.code)}"))
    return Reply("\n".join(lines), (*voting, *await follow_button(talk, row)), (page,))


async def _drop(talk: Talk, rows: list[CommitmentRow]) -> Reply:
    for row in rows:
        await following.unfollow(talk.desk, talk.reporter_id, row.code)
    if len(rows) != 1:
        return Reply(say("unfollowed_all" if rows else "follows_nothing"))
    return Reply(say("unfollowed", title=brief(rows[0].title, TITLE)))


def _means(row: CommitmentRow, said: str) -> bool:
    return said.lower() == row.code.lower() or said in row.title


def _button(word: Word, row: CommitmentRow) -> Button:
    return Button(word.value, f"{word} {row.code}")


def _search(talk: Talk, said: str) -> tuple[str, str]:
    return say("link_commitments"), talk.page(f"commitments?q={quote(said)}" if said else "commitments")
