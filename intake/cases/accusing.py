"""Whom a case accuses, as it becomes known after filing: by a transcript, a supplement, an officer.

What is added can only accuse more; an officer may correct in both directions, and each correction stands in
the archive. Units that are hidden from lose the case at once, the one that handles it included.
"""

from dataclasses import replace

from intake.actor import SYSTEM
from intake.cases.moves import Move, move, start_clocks
from intake.cases.parting import alone_again
from intake.desk import Desk
from intake.routing.around import CaseFacts, handling_unit, shut_out
from intake.routing.match import Ranking, rank
from storage.stores.cases import CaseRow
from storage.vocab import Action, CaseState, CaseType, ClockKind, Mode

WITH_A_UNIT = frozenset({CaseState.DISPATCHED, CaseState.HANDLING, CaseState.REVIEWING})


def facts_of(case: CaseRow) -> CaseFacts:
    """What decides whether the case goes around, as it is known now."""
    return CaseFacts(CaseType(case.type), Mode(case.mode), tuple(case.accused), case.accuses_people)


def widened(case: CaseRow, ranking: Ranking) -> CaseFacts:
    """The same with what further words accuse besides."""
    known = facts_of(case)
    accused = tuple(dict.fromkeys((*known.accused, *ranking.accused)))
    return replace(known, accused=accused, accuses_people=known.accuses_people or ranking.accuses_people)


async def hide(desk: Desk, case: CaseRow, facts: CaseFacts) -> frozenset[str]:
    """Hide the case from those it accuses by ``facts``, and from nobody else; their codes."""
    hidden = shut_out(facts, desk.city.units)
    await desk.unit.cases.hide_from(case.id, sorted(hidden))
    return hidden


async def heard_more(desk: Desk, case: CaseRow, words: str) -> CaseRow:
    """Read what a reporter adds to a case; raises what :func:`lead_around` raises."""
    facts = widened(case, rank(words, desk.city.index, case_type=CaseType(case.type)))
    if facts == facts_of(case):
        return case
    await hide(desk, case, facts)
    case = await desk.unit.cases.change(
        case, {"accused": list(facts.accused), "accuses_people": facts.accuses_people}
    )
    return await lead_around(desk, case)


async def lead_around(desk: Desk, case: CaseRow) -> CaseRow:
    """Take a case away from a unit that it turns out to accuse; the citizen is told where it went.

    What that unit had drafted is dropped and its clocks end as returned. With nobody to go to, the case is
    the dispatcher's again.
    """
    facts = facts_of(case)
    hidden = shut_out(facts, desk.city.units)
    if case.department not in hidden or CaseState(case.state) not in WITH_A_UNIT:
        return case
    case = await alone_again(desk, case)
    route = handling_unit(
        rank(case.text, desk.city.index, case_type=facts.case_type),
        case_type=facts.case_type,
        mode=facts.mode,
        about_commitment=case.about_commitment,
        units=desk.city.units,
        accused=facts.accused,
        accuses_people=facts.accuses_people,
    )
    await desk.unit.clocks.hand_back(case.id, at=desk.now())
    nowhere = route.department is None
    step = Move(
        Action.DISPATCH,
        {
            "department": route.department,
            "name": desk.city.unit_name(route.department),
            "reason": route.reason,
        },
        changes={
            "department": route.department,
            "route_reason": route.reason[:300],
            "dispatched_at": None if nowhere else desk.now(),
            "assignee": None,
            "answer": None,
            "outcome": None,
            "planned_on": None,
        },
        target=CaseState.RECEIVED if nowhere else None,
        quiet=nowhere,
    )
    case = await move(desk, SYSTEM, case, step)
    if nowhere:
        await start_clocks(desk, case, [ClockKind.DISPATCH], desk.now())
    return case
