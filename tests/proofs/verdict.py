"""What the office has to say to somebody who wants something of a case: the contract's order of errors over
what domain 3 and 6 demand."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from intake.actor import Actor
from storage.stores.cases import CaseRow
from tests.proofs import paper
from tests.proofs.paper import MOVES, Paper
from tests.soak.reckoning import SECOND

DONE = frozenset({"done"})
ALL_SEEING = frozenset({"dispatcher", "supervisor", "auditor", "custodian"})
CITIZENS_ALONE = frozenset({"rate", "supplement", "urge", "appeal"})
LINKED_TOO = frozenset({"unmerge", "withdraw", "follow_up"})
TOWARDS = dict.fromkeys(("dispatch", "ask_unit", "rule_return"), "department")


@dataclass(frozen=True)
class Look:
    """Everything that decides. ``hidden``: units that must not see the case; ``barred``: units that must not
    get it, for those that follow it either; ``lead``: the case that it is to follow."""

    actor: Actor
    action: str
    body: dict[str, Any]
    case: CaseRow
    on: Paper
    hidden: set[str]
    barred: set[str]
    lead: CaseRow | None
    answer_due: datetime | None
    now: datetime
    bad: bool
    stale: bool

    @property
    def takes(self) -> frozenset[str]:
        """The roles from which the case's state takes the action."""
        return MOVES.get((self.on.state, self.action), (frozenset(), None))[0]

    @property
    def of_another_unit(self) -> bool:
        return self.actor.department is not None and self.actor.department != self.case.department


def verdict(look: Look) -> frozenset[str]:
    """The codes that are right here; more than one where several rights are spent at once."""
    role = look.actor.role.value
    if not sees(look):
        return frozenset({"not_found"})
    if role == "citizen":
        return _to_the_reporter(look)
    if look.action in CITIZENS_ALONE:
        return frozenset({"not_found"})
    if role not in frozenset().union(*(roles for (_, a), (roles, _) in MOVES.items() if a == look.action)):
        return frozenset({"role"})
    if look.of_another_unit and look.action != "note":
        return frozenset({"role"})
    if look.bad or look.stale:
        return frozenset({"invalid" if look.bad else "stale_version"})
    if role not in look.takes or not _now(look):
        return frozenset({"state_refuses"})
    if _towards_the_accused(look):
        return frozenset({"accused_unit"})
    return frozenset({"merged"}) if look.on.merged and look.action not in LINKED_TOO else DONE


def sees(look: Look) -> bool:
    """Domain 6: everything, one's own, one's unit's (and what it gave back or helps with), nothing."""
    actor, role = look.actor, look.actor.role.value
    if actor.department is not None:
        mine = {look.case.department, *look.on.helpers, *look.on.gave_back}
        return actor.department in mine - look.hidden
    if role == "citizen":
        return actor.reporter_id == look.case.reporter_id
    return role in ALL_SEEING or (role == "leader" and look.case.supervised)


def _to_the_reporter(look: Look) -> frozenset[str]:
    on, spent = look.on, False
    if look.bad:
        return frozenset({"invalid"})
    if look.action == "rate":
        spent = on.rating is not None
    elif look.action == "reopen":
        spent = on.by_right > 0
    elif look.action == "appeal":
        spent = on.appeals > 0
    elif look.action == "urge":
        spent = on.urged is not None and on.urged >= paper.working_day(look.now)
    wrong = {"state_refuses"} if "citizen" not in look.takes else set[str]()
    return frozenset(wrong | ({"once_only"} if spent else set())) or DONE


def _now(look: Look) -> bool:
    """What the requests, rights and limits so far leave possible."""
    on, action, case = look.on, look.action, look.case
    if look.of_another_unit:
        return look.actor.department in on.helpers
    if action == "request_return":
        return (
            on.request is None
            and case.dispatched_at is not None
            and paper.returnable(case.dispatched_at, look.now)
        )
    if action == "request_extension":
        in_time = look.answer_due is not None and look.now < look.answer_due + SECOND
        return on.request is None and not on.extended and in_time
    if action in ("rule_return", "rule_extension"):
        return on.request is not None and on.request.action == action.replace("rule", "request")
    return {
        "answer_now": case.type == "inquiry" and not case.linked,
        "ask_citizen": on.asked is None,
        "reply_citizen": on.asked is not None,
        "transcribe": case.awaits_transcript,
        "close": on.rating is not None or on.reached,
        "merge": not on.merged,
        "unmerge": on.merged,
    }.get(action, True)


def _towards_the_accused(look: Look) -> bool:
    if look.action == "merge":
        return look.lead is not None and look.lead.department in look.barred
    return look.body.get("approve", True) and look.body.get(TOWARDS.get(look.action, "")) in look.barred
