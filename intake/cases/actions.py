"""The staff's actions by name: one door for API and console, refusing in the contract's order."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from intake.actor import Actor
from intake.cases import (
    asking,
    attending,
    claims,
    extending,
    handling,
    helping,
    informing,
    merging,
    promised,
    questions,
    returning,
    seeing,
    states,
    triage,
)
from intake.clock import local
from intake.desk import Desk
from intake.errors import Merged, NotFound, Refused, StaleVersion, StateRefuses, WrongRole
from intake.forms import versioned
from intake.reporters import in_wechat
from storage.stores.cases import CaseRow
from storage.vocab import Action

Command = Callable[[Desk, Actor, CaseRow, Any], Awaitable[CaseRow]]
Check = Callable[[Desk, Actor, CaseRow, Any], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Offered:
    """What an action asks for, and the command that does it. ``check`` raises ``Invalid`` for what the form
    alone cannot know, before the version is looked at; ``spare`` raises ``AccusedUnit``."""

    form: type[BaseModel]
    command: Command
    check: Check | None = None
    spare: Check | None = None


ACTIONS: Mapping[Action, Offered] = {
    Action.DISPATCH: Offered(triage.Dispatch, triage.dispatch, triage.check_dispatch, triage.spare),
    Action.DECLINE: Offered(triage.Decline, triage.decline),
    Action.ANSWER_NOW: Offered(informing.AnswerNow, informing.answer_now, informing.check_answer_now),
    Action.TRANSCRIBE: Offered(triage.Transcribe, triage.transcribe),
    Action.SIGN: Offered(handling.Bare, handling.sign),
    Action.ANSWER: Offered(handling.Answer, handling.answer, handling.check_answer),
    Action.APPROVE: Offered(handling.Bare, handling.approve),
    Action.SEND_BACK: Offered(handling.Because, handling.send_back),
    Action.REQUEST_RETURN: Offered(
        returning.RequestReturn, returning.request_return, returning.check_request
    ),
    Action.RULE_RETURN: Offered(
        returning.RuleReturn, returning.rule_return, returning.check_ruling, returning.spare
    ),
    Action.REQUEST_EXTENSION: Offered(
        extending.RequestExtension, extending.request_extension, extending.check_request
    ),
    Action.RULE_EXTENSION: Offered(extending.RuleExtension, extending.rule_extension),
    Action.ASK_CITIZEN: Offered(questions.Question, questions.ask),
    Action.REPLY_CITIZEN: Offered(questions.Told, questions.write_down, questions.check_told),
    Action.SET_CLAIMS: Offered(claims.SetClaims, claims.set_claims),
    Action.CORRECT_ACCUSED: Offered(triage.Correct, triage.correct, triage.check_correct),
    Action.LINK_COMMITMENT: Offered(promised.LinkCommitment, promised.link, promised.check_link),
    Action.MERGE: Offered(merging.Merge, merging.merge, merging.check_merge, merging.spare),
    Action.UNMERGE: Offered(merging.Unmerge, merging.unmerge),
    Action.ASK_UNIT: Offered(helping.AskUnit, helping.ask_unit, helping.check_ask, helping.spare),
    Action.ASSIGN: Offered(attending.Assign, attending.assign, attending.check_assign),
    Action.CONTACTED: Offered(attending.Contacted, attending.contacted),
    Action.FOLLOW_UP: Offered(attending.FollowUp, attending.follow_up, attending.check_follow_up),
    Action.WITHDRAW: Offered(attending.TakeBack, attending.withdraw, attending.check_withdraw),
    Action.SUPERVISE: Offered(attending.Supervise, attending.supervise, attending.check_supervise),
    Action.CLOSE: Offered(handling.Bare, handling.close),
    Action.REOPEN: Offered(handling.Because, handling.reopen),
    Action.NOTE: Offered(handling.Note, handling.note),
}
OFFERED = frozenset(ACTIONS)
#: What a linked case keeps: its own reporter's steps, whoever writes them down, and being let go (domain 3).
KEPT = frozenset({Action.UNMERGE, Action.WITHDRAW, Action.FOLLOW_UP})
MOST_CHANGES = 20


async def perform(desk: Desk, actor: Actor, number: str, action: str, body: Mapping[str, Any]) -> CaseRow:
    """Do ``action`` to a case as it stood at ``body['version']``.

    Raises, in this order: :class:`NotFound`, :class:`WrongRole`, :class:`Invalid`, :class:`StaleVersion`,
    :class:`StateRefuses`, :class:`AccusedUnit`, :class:`Merged`; all but the first with the case's state and
    what is ``allowed``.
    """
    case = await seeing.find(desk, actor, number, lock=True)
    wanted = next((one for one in ACTIONS if one == action), None)
    if wanted is None:
        raise NotFound("没有这个操作")
    try:
        return await _performed(desk, actor, case, wanted, body)
    except Refused as refused:
        may = await may_do(desk, actor, case)
        refused.facts = {"state": case.state, "allowed": may} | refused.facts
        raise


async def _performed(
    desk: Desk, actor: Actor, case: CaseRow, wanted: Action, body: Mapping[str, Any]
) -> CaseRow:
    offered = ACTIONS[wanted]
    if actor.role not in states.roles_of(wanted):
        raise WrongRole("您的岗位不能做这一步")
    if not helping.has_it(actor, case) and wanted is not Action.NOTE:
        raise WrongRole("这件事由别的单位承办，您只能看")
    asked, version = versioned(offered.form, body)
    if offered.check is not None:
        await offered.check(desk, actor, case, asked)
    if version != case.version:
        changed = await _changed(desk, case, version)
        raise StaleVersion("这件事已经有了变化，请看过再办", version=case.version, changed=changed)
    may = await _state_takes(desk, actor, case)
    if wanted not in may:
        raise StateRefuses(case.state, may)
    if offered.spare is not None:
        await offered.spare(desk, actor, case, asked)
    if case.merged_into is not None and wanted not in KEPT:
        lead = await desk.unit.cases.get(case.merged_into)
        raise Merged("这件事已经并案，请在主件上办", into=lead.tracking_no if lead else None)
    moved: CaseRow = await offered.command(desk, actor, case, asked)
    return moved


async def may_do(desk: Desk, actor: Actor, case: CaseRow) -> list[Action]:
    """The actions that the actor is offered on this case: exactly those that it will take."""
    may = await _state_takes(desk, actor, case)
    return may if case.merged_into is None else [action for action in may if action in KEPT]


async def _state_takes(desk: Desk, actor: Actor, case: CaseRow) -> list[Action]:
    may = seeing.allowed_actions(actor, case, OFFERED)
    if not helping.has_it(actor, case):
        return [Action.NOTE] if Action.NOTE in may and await helping.helps(desk, actor, case) else []
    if Action.CLOSE in may and not handling.may_close(actor, case):
        may.remove(Action.CLOSE)
    if Action.ANSWER_NOW in may and not informing.answerable(case):
        may.remove(Action.ANSWER_NOW)
    if Action.WITHDRAW in may and await in_wechat(desk, case.reporter_id):
        may.remove(Action.WITHDRAW)
    refused = await asking.not_now(desk, case, may) | {
        Action.UNMERGE if case.merged_into is None else Action.MERGE
    }
    return [action for action in may if action not in refused]


async def _changed(desk: Desk, case: CaseRow, version: int) -> list[dict[str, Any]]:
    """What was done since a version: no more steps than versions lie between, the newest last."""
    steps = min(case.version - version, MOST_CHANGES)
    told = await desk.unit.events.of("case", case.id) if steps > 0 else []
    return [
        {"seq": one.seq, "at": local(one.at).isoformat(timespec="seconds"), "actor": one.actor}
        | {"action": one.action, "from": one.from_state, "to": one.to_state}
        for one in told[-steps:]
    ]
