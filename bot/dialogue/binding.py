"""Staff bind their WeChat with a code of the console, so that reminders reach them here; and undo it."""

from bot.dialogue.talk import Talk
from bot.dialogue.texts import say
from bot.dialogue.words import Command
from bot.message import Reply
from intake.reach import binding
from intake.reach.binding import Tried

_SAID = {
    Tried.WRONG: "bind_wrong",
    Tried.USED: "bind_used",
    Tried.EXPIRED: "bind_expired",
    Tried.ANOTHER: "bind_another",
    Tried.TOO_MANY: "bind_too_many",
}


async def bind(talk: Talk, command: Command) -> Reply:
    """``绑定 123456``: what came of the code."""
    code = command.rest
    tried = await binding.bind(talk.desk, talk.reporter_id, code) if code else Tried.WRONG
    if tried is Tried.BOUND:
        return Reply(say("bound"), links=((say("link_staff_notices"), talk.page("notices?for=staff")),))
    return Reply(say(_SAID[tried]))


async def unbind(talk: Talk, command: Command) -> Reply:
    """``解绑``: this WeChat gets no reminders any more."""
    done = await binding.unbind_reporter(talk.desk, talk.reporter_id)
    return Reply(say("unbound" if done else "nothing_to_unbind"))
