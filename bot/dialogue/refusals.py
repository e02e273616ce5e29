"""What the office refuses, in a citizen's words."""

from bot.dialogue.names import state_name
from bot.dialogue.texts import say
from bot.message import Reply
from intake.errors import Refused
from storage.vocab import CaseState


def refused(refusal: Refused) -> Reply:
    """The words for a refusal's stable code; a code without words of its own gets the general ones."""
    if refusal.code == "state_refuses" and refusal.facts["state"] in set(CaseState):
        return Reply(say("refused_state", state=state_name(refusal.facts["state"])))
    keys = {"not_found": "not_found", "once_only": "once_only", "too_many_tries": "too_many_tries"}
    return Reply(say(keys.get(refusal.code, "refused")))
