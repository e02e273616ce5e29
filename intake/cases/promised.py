"""关联承诺: which registered commitment a case is about, as the reporter or the office says."""

from dataclasses import replace
from typing import Any

from pydantic import BaseModel, Field

from intake.actor import Actor
from intake.cases import states
from intake.cases.accusing import facts_of, hide, lead_around
from intake.cases.moves import Move, move
from intake.cases.opening import promises
from intake.cases.triage import correction
from intake.desk import Desk
from intake.errors import Invalid
from intake.routing.match import rank
from storage.stores.cases import CaseRow
from storage.stores.registry import CommitmentRow
from storage.vocab import Action, CaseState, CaseType, Role

LINKING = states.roles_of(Action.LINK_COMMITMENT)
NONE = "无"


class LinkCommitment(BaseModel):
    """``code``: of the commitment; left out, the case is about none. What was confirmed is changed only with
    a reason."""

    code: str | None = Field(default=None, max_length=64)
    reason: str = Field(default="", max_length=1000)


async def check_link(desk: Desk, actor: Actor, case: CaseRow, asked: LinkCommitment) -> None:
    """Raises :class:`Invalid` for a commitment that is not there, where nothing would change, and for
    changing what was confirmed without a reason."""
    code, fields = _code(asked), {}
    if code is None and case.commitment is None:
        fields["code"] = "要填写承诺的编号"
    elif code is not None and await desk.unit.commitments.get(code) is None:
        fields["code"] = "没有这个编号的承诺"
    elif code == case.commitment and not by_reporter(case):
        fields["code"] = "已经关联了这项承诺"
    elif case.commitment not in (None, code) and not asked.reason.strip():
        fields["reason"] = "改掉已经确认的，要写明理由"
    if fields:
        raise Invalid("填写有误", fields=fields)


async def link(desk: Desk, actor: Actor, case: CaseRow, asked: LinkCommitment) -> CaseRow:
    """Say which commitment a case is about, or that it is about none.

    A complaint about a promise accuses the unit that made it (domain 6): until it is answered, one that goes
    around such a unit is led around it at once.
    """
    code = _code(asked)
    row = await desk.unit.commitments.get(code) if code else None
    changes: dict[str, Any] = {"commitment": code, "commitment_by": actor.name if code else None}
    changes["about_commitment"] = 1.0 if code else await _about_before(desk, case)
    payload = {
        "commitment": f"{row.title}（{row.code}）" if row else NONE,
        "code": code,
        "was": case.commitment,
        "about_before": case.about_commitment,
        "reason": asked.reason.strip(),
    }
    before, after = facts_of(case), facts_of(case)
    if row is not None and case.type == CaseType.COMPLAINT and CaseState(case.state) in states.BEFORE_ANSWER:
        after = replace(before, accused=tuple(dict.fromkeys((*before.accused, row.department))))
    if after != before:
        await hide(desk, case, after)
        payload |= correction(desk, before, after)
        changes["accused"] = list(after.accused)
    case = await move(desk, actor, case, Move(Action.LINK_COMMITMENT, payload, changes=changes))
    return await lead_around(desk, case)


async def told(desk: Desk, case: CaseRow) -> dict[str, Any] | None:
    """The commitment that a case is about, for staff; None where nobody has said."""
    row = await desk.unit.commitments.get(case.commitment) if case.commitment else None
    return {"code": row.code, "title": row.title, "confirmed_by": case.commitment_by} if row else None


async def suggested(desk: Desk, actor: Actor, case: CaseRow) -> list[dict[str, Any]]:
    """Up to three commitments that a complaint may be about, best first, for who may say so; nothing once
    somebody of the office has."""
    confirmed = case.commitment is not None and not by_reporter(case)
    if case.type != CaseType.COMPLAINT or confirmed or actor.role not in LINKING:
        return []
    text = case.transcript or case.text
    found = await promises(desk, rank(text, desk.city.index, case_type=CaseType.COMPLAINT), text)
    denied = await _denied(desk, case)
    return [one | {"denied": one["code"] in denied} for one in found if one["code"] != case.commitment]


async def start_from(desk: Desk, actor: Actor, case: CaseRow, row: CommitmentRow) -> CaseRow:
    """Link a case to the commitment that was just written down from it."""
    return await link(desk, actor, case, LinkCommitment(code=row.code, reason="由这件登记为承诺"))


def by_reporter(case: CaseRow) -> bool:
    """Whether nobody but the reporter has said what the case is about."""
    return case.commitment_by == Role.CITIZEN


def _code(asked: LinkCommitment) -> str | None:
    return (asked.code or "").strip() or None


async def _about_before(desk: Desk, case: CaseRow) -> float:
    """How much the case seemed to be about a promise before anybody of the office said so."""
    for event in await desk.unit.events.of("case", case.id):
        if event.action == Action.LINK_COMMITMENT and event.body:
            return float(event.body["about_before"])
    return case.about_commitment


async def _denied(desk: Desk, case: CaseRow) -> frozenset[str]:
    """The commitments of which the reporter said, when filing, that it is not these."""
    filed = next(iter(await desk.unit.events.of("case", case.id)), None)
    return frozenset((filed.body or {}).get("commitment_denied", ()) if filed else ())
