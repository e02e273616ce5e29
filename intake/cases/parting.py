"""A case that follows another one goes its own way again, as it stands (domain 3, 并案)."""

from intake.actor import SYSTEM, Actor
from intake.cases.moves import Move, gather_clocks, mark
from intake.desk import Desk
from storage.stores.cases import CaseRow
from storage.vocab import Action


async def alone_again(desk: Desk, case: CaseRow) -> CaseRow:
    """A case with which something of its own happens goes its own way from here, as it stands."""
    if case.merged_into is None:
        return case
    lead_id = case.merged_into
    step = Move(
        Action.UNMERGE,
        {"alone": True, "department": case.department},
        changes={"merged_into": None, "before_merge": None},
    )
    case = await mark(desk, SYSTEM, case, step)
    await desk.unit.clocks.end_resting(case.id, at=desk.now())
    await let_go(desk, SYSTEM, lead_id, case)
    return case


async def let_go(desk: Desk, actor: Actor, lead_id: str, case: CaseRow) -> None:
    """Write to the lead that one case less follows it."""
    lead = await desk.unit.cases.get(lead_id)
    if lead is not None:
        step = Move(Action.UNMERGE, {"let_go": case.tracking_no}, changes={"linked": lead.linked - 1})
        await gather_clocks(desk, await mark(desk, actor, lead, step))
