"""What each control word does at this point of the conversation."""

from collections.abc import Awaitable, Callable, Mapping

from bot.dialogue import (
    binding,
    choosing,
    correcting,
    entries,
    filing,
    follow,
    human,
    menu,
    owncase,
    poll,
    progress,
    rate,
    report,
    solved,
    steering,
)
from bot.dialogue.digits import read_digits, read_place
from bot.dialogue.talk import Talk
from bot.dialogue.words import Command, Word
from bot.message import Reply

Handler = Callable[[Talk, Command], Awaitable[Reply]]

#: Answered, and then back to what was being told.
DIGRESSIONS: Mapping[Word, Handler] = {
    Word.HUMAN: human.human,
    Word.HELP: menu.help_words,
    Word.PROGRESS: progress.progress,
    Word.NUMBER: progress.progress,
    Word.WHOLE: progress.whole,
    Word.URGE: owncase.urge,
    Word.WITHDRAW: owncase.withdraw,
    Word.APPEAL: owncase.appeal,
    Word.RATE: rate.rate,
    Word.DISSATISFIED: rate.dissatisfied,
    Word.SOLVED: solved.solved,
    Word.NOT_SOLVED: solved.not_solved,
    Word.FOLLOW: follow.follow,
    Word.UNFOLLOW: follow.unfollow,
    Word.FOLLOWED: follow.followed,
    Word.COMMITMENTS: follow.look_up,
    Word.VOTE: poll.vote,
    Word.AGREE: poll.cast,
    Word.AGAINST: poll.cast,
    Word.OPINION: poll.opinion,
    Word.BIND: binding.bind,
    Word.UNBIND: binding.unbind,
}
#: Part of the telling itself.
TELLING: Mapping[Word, Handler] = {
    Word.COMPLAINT: correcting.set_type,
    Word.INQUIRY: correcting.set_type,
    Word.SUGGESTION: correcting.set_type,
    Word.NAMED: correcting.set_mode,
    Word.CONFIDENTIAL: correcting.set_mode,
    Word.ANONYMOUS: correcting.set_mode,
    Word.CHANGE_TYPE: correcting.change,
    Word.CHANGE_UNIT: correcting.change,
    Word.CHANGE_TEXT: correcting.change,
    Word.ADD_CONTACT: correcting.change,
    Word.AS_ENTERPRISE: correcting.set_kind,
    Word.AS_PERSON: correcting.set_kind,
    Word.NO_UNIT: correcting.no_unit,
    Word.CHOOSE: entries.choose,
    Word.NONE_OF_THESE: entries.none_of,
    Word.SUPPLEMENT: steering.add,
    Word.THAT_PROMISE: correcting.that_one,
    Word.NOT_THAT: correcting.not_that,
}
STEERING = frozenset({Word.CONFIRM, Word.NO, Word.CANCEL, Word.BACK, Word.SKIP})
RESUMING: Mapping[Word, Callable[[Talk], Awaitable[Reply]]] = {
    Word.GO_ON: steering.go_on,
    Word.START_OVER: steering.start_over,
    Word.NEW_MATTER: steering.new_matter,
    Word.LINK: steering.link,
    Word.ME_TOO: filing.me_too,
}
ASKING_ON = STEERING - {Word.CANCEL}
OF_THE_DRAFT = frozenset(TELLING) - {Word.SUPPLEMENT}


async def run(talk: Talk, command: Command) -> Reply:
    """Do what a control word asks for."""
    state, word = talk.state, command.word
    if report.is_stale(talk) and (word in OF_THE_DRAFT or (word in ASKING_ON and state.pending is None)):
        return report.stale_offer(state)
    if word in (Word.DIGITS, Word.PLACE):
        meant = await (read_digits if word is Word.DIGITS else read_place)(talk, command.rest)
        return meant if isinstance(meant, Reply) else await run(talk, meant)
    if word in STEERING:
        return await steering.steer(talk, command)
    if word in RESUMING:
        return await RESUMING[word](talk)
    command = solved.about_the_asked(talk, choosing.with_waiting_words(talk, command))
    steering.drop_question(state)
    if word in TELLING:
        return await TELLING[word](talk, command)
    return await steering.after(talk, await DIGRESSIONS[word](talk, command))
