"""The push of a step as its reader will get it, from the same words that will be sent."""

from typing import Any

from bot.dialogue.pushes import push_reply
from bot.message import Reply
from intake.cases.actions import ACTIONS
from intake.cases.previewing import NOTICES, to_be_sent, told
from intake.desk import Desk
from intake.errors import NotFound
from intake.forms import checked
from storage.stores.cases import CaseRow
from storage.vocab import Action

__all__ = ["NOTICES", "of_approval", "shown"]


async def shown(desk: Desk, case: CaseRow, action: str, body: dict[str, Any]) -> Reply:
    """Raises :class:`Invalid` for what the form refuses, :class:`NotFound` for a step that tells nothing."""
    wanted = next((one for one in NOTICES if one == action), None)
    if wanted is None:
        raise NotFound("没有这个操作")
    asked = checked(ACTIONS[wanted].form, {name: value for name, value in body.items() if name != "version"})
    return push_reply(NOTICES[wanted], await told(desk, case, wanted, asked))


async def of_approval(desk: Desk, case: CaseRow) -> Reply:
    """The answer as it goes out once its head approves it."""
    return push_reply(NOTICES[Action.ANSWER], await to_be_sent(desk, case))
