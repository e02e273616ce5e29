"""The table of states: complete, closed, and nothing else than domain 3 says."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.cases.states import FINAL, STATE_NAMES, TABLE, allowed, roles_of, rule_for
from storage.vocab import Action, CaseState, Role


def reachable(start: CaseState) -> set[CaseState]:
    seen, todo = set(), [start]
    while todo:
        state = todo.pop()
        if state in seen:
            continue
        seen.add(state)
        todo += [rule.target for (s, _), rule in TABLE.items() if s is state and rule.target]
    return seen


@pytest.mark.parametrize("state", CaseState)
def test_every_state_reaches_a_final_one(state: CaseState) -> None:
    assert reachable(state) & FINAL


@pytest.mark.parametrize("state", [state for state in CaseState if state is not CaseState.RECEIVED])
def test_every_state_is_reached_from_filing(state: CaseState) -> None:
    assert state in reachable(CaseState.RECEIVED)


def test_every_state_has_a_name_for_people() -> None:
    assert set(STATE_NAMES) == set(CaseState)


@given(st.sampled_from(CaseState), st.sampled_from(Action), st.sampled_from(Role))
def test_what_the_table_does_not_list_is_refused(state: CaseState, action: Action, role: Role) -> None:
    rule = rule_for(state, action)
    assert (action in allowed(state, role)) == (rule is not None and role in rule.roles)


def test_nobody_leaves_withdrawn_and_only_the_dispatcher_leaves_closed() -> None:
    moves = {(s, a): r for (s, a), r in TABLE.items() if r.target not in (None, s)}
    assert not [key for key in moves if key[0] is CaseState.WITHDRAWN]
    assert {a: r.roles for (s, a), r in moves.items() if s is CaseState.CLOSED} == {
        Action.REOPEN: frozenset({Role.DISPATCHER})
    }


def test_only_the_head_approves_and_only_citizens_rate_and_appeal() -> None:
    assert roles_of(Action.APPROVE) == {Role.HEAD}
    assert roles_of(Action.WITHDRAW) == {Role.CITIZEN, Role.DISPATCHER}
    for action in (Action.RATE, Action.APPEAL, Action.SUPPLEMENT, Action.URGE):
        assert roles_of(action) == {Role.CITIZEN}


def test_those_without_sight_of_cases_have_no_action() -> None:
    for state in CaseState:
        for role in (Role.AUDITOR, Role.ADMIN, Role.LIAISON, Role.CUSTODIAN, Role.LEADER):
            assert allowed(state, role) == []
