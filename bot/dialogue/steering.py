"""The words that steer: 确认, 不, 取消, 返回, 跳过, 继续, 重新来; and going back after a digression."""

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace

from bot.dialogue import correcting, entries, filing, menu, owncase, progress, report, smalltalk, solved
from bot.dialogue.state import Asked, Draft, Pending, State, Step
from bot.dialogue.talk import Talk, buttons, joined
from bot.dialogue.texts import say
from bot.dialogue.words import Command, Word, plain
from bot.message import Reply

NOT = "不是"
_NO_MORE = re.compile(r"^不(?:用|要|需要)?了")
_NO_NEED = re.compile(r"^不(?:用|要|需要|了|撤)")


async def steer(talk: Talk, command: Command) -> Reply:
    """The answer to whatever was asked last: a question beside the draft, or the draft's own."""
    word, pending = command.word, talk.state.pending
    if pending is None:
        return await entries.steered(talk, word) or await _PLAIN[word](talk)
    if pending.asked is Asked.STALE:
        return await _STALE.get(word, go_on)(talk)
    talk.state.pending = None
    if word is Word.CONFIRM:
        return await _agreed(talk, pending)
    if pending.asked is Asked.SOLVED and word is Word.NO and not _NO_NEED.search(plain(talk.said.text)):
        command = Command(Word.NOT_SOLVED, rest=pending.words, number=pending.numbers[0])
        return await after(talk, await solved.not_solved(talk, command))
    dropped = "not_withdrawn" if pending.asked is Asked.WITHDRAW else "question_dropped"
    return await after(talk, Reply(say(dropped)))


async def after(talk: Talk, reply: Reply) -> Reply:
    """After a digression: back to what was being told, unless the digression asks something itself."""
    state = talk.state
    if state.draft is None or (state.pending is not None and state.pending.asked is not Asked.STALE):
        return reply
    if report.is_stale(talk):
        return joined(reply, report.stale_offer(state))
    return joined(reply, await report.show_again(talk, say("back_to_draft")))


def drop_question(state: State) -> None:
    """Something else was said: what was asked beside the draft is not waited for any more."""
    if state.pending is not None and state.pending.asked is not Asked.STALE:
        state.pending = None


async def confirm(talk: Talk) -> Reply:
    """确认: file what was shown, or show first what has not been."""
    draft = talk.state.draft
    if draft is None:
        plainly = plain(talk.said.text).startswith(("确", "提交"))
        return Reply(say("nothing_to_confirm"), buttons(*menu.STARTS)) if plainly else Reply(say("all_right"))
    if draft.step is Step.CONFIRM:
        return await filing.file_draft(talk, draft)
    return await report.missing(talk, draft)


async def cancel(talk: Talk) -> Reply:
    """取消: nothing of the draft was recorded, and nothing is; right after filing, whether to withdraw."""
    state = talk.state
    had = state.draft is not None
    if not had and state.pending is None and report.just_filed(talk):
        return await owncase.withdraw(talk, Command(Word.WITHDRAW, number=state.filed))
    state.draft, state.pending, state.later = None, None, []
    return Reply(say("cancelled" if had else "nothing_to_cancel"))


async def go_on(talk: Talk) -> Reply:
    """继续: the draft's question in full; an empty one that was begun beside it is let go."""
    state = talk.state
    state.pending = None
    state.later = [draft for draft in state.later if draft.text or draft.files]
    shown = await report.show_step(talk)
    return shown or Reply(say("nothing_to_resume"), buttons(*menu.STARTS))


async def start_over(talk: Talk) -> Reply:
    """重新来: the newer matter, or an empty one, instead of the old draft."""
    state = talk.state
    if state.draft is not None:
        state.draft = state.later.pop(0) if state.later else Draft()
    return await go_on(talk)


async def new_matter(talk: Talk) -> Reply:
    """新的事: what is sent next does not belong to the case that was just filed."""
    state = talk.state
    state.filed, state.filed_at, state.pending = "", None, None
    state.draft = state.draft or Draft()
    return await report.missing(talk, state.draft)


async def link(talk: Talk) -> Reply:
    """挂到我的微信: yes to the offer after a case was opened by its code."""
    return await after(talk, await progress.link(talk))


async def add(talk: Talk, command: Command) -> Reply:
    """补充: to the draft where one is being told, else to a case."""
    draft = talk.state.draft
    if command.number or draft is None or not draft.text:
        return await after(talk, await owncase.supplement(talk, command))
    if not command.rest:
        return Reply(say("ask_more"))
    talk.said = replace(talk.said, text=command.rest)
    return await report.take(talk, draft)


async def _agreed(talk: Talk, pending: Pending) -> Reply:
    """确认 to a question beside the draft; most have another answer, then it means the draft."""
    if pending.asked is Asked.WITHDRAW:
        return await after(talk, await owncase.withdraw_now(talk, pending))
    if pending.asked is Asked.LINK:
        talk.state.pending = pending
        return await link(talk)
    if pending.asked is Asked.SOLVED:
        command = Command(Word.SOLVED, number=pending.numbers[0])
        return await after(talk, await solved.solved(talk, command))
    return await confirm(talk)


async def no(talk: Talk) -> Reply:
    """不用了 lets a draft go; 不是 answers the commitment that was named; 不对 says that something in it
    is wrong."""
    draft = talk.state.draft
    if draft is not None and draft.suggested and plain(talk.said.text) == NOT:
        return await correcting.not_that(talk, Command(Word.NOT_THAT))
    if draft is not None and _NO_MORE.search(plain(talk.said.text)):
        return await cancel(talk)
    return await smalltalk.wrong(talk)


_Step = Callable[[Talk], Awaitable[Reply]]
_PLAIN: Mapping[Word, _Step] = {
    Word.CONFIRM: confirm,
    Word.NO: no,
    Word.CANCEL: cancel,
    Word.BACK: correcting.back,
    Word.SKIP: correcting.skip,
}
_STALE: Mapping[Word, _Step] = {Word.CANCEL: cancel, Word.NO: start_over}
