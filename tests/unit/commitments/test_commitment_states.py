"""The table of commitments: complete, closed, and nothing else than domain 2 says."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.commitments.actions import ACTIONS
from intake.commitments.states import (
    FINAL,
    STATE_NAMES,
    STEP_NAMES,
    TABLE,
    Standing,
    allowed,
    missing_steps,
    roles_of,
    rule_for,
)
from storage.vocab import CommitmentAction, CommitmentState, Role, Step

A, S = CommitmentAction, CommitmentState
SET_OF_STEPS = st.sets(st.sampled_from(Step)).map(lambda found: tuple(s for s in Step if s in found))
STANDINGS = st.builds(
    Standing,
    st.sampled_from(S),
    SET_OF_STEPS,
    st.booleans(),
    st.sampled_from([None, "change", "end"]),
    st.booleans(),
    st.booleans(),
)


def reachable(start: CommitmentState) -> set[CommitmentState]:
    seen, todo = set(), [start]
    while todo:
        state = todo.pop()
        if state not in seen:
            seen.add(state)
            todo += [rule.target for (s, _), rule in TABLE.items() if s is state and rule.target]
    return seen


@pytest.mark.parametrize("state", S)
def test_every_state_is_reached_and_reaches_a_final_one(state: CommitmentState) -> None:
    assert state in reachable(S.DRAFT)
    assert reachable(state) & FINAL


def test_everything_has_a_name_and_every_action_a_command() -> None:
    assert set(STATE_NAMES) == set(S)
    assert list(STEP_NAMES) == list(Step)
    assert set(ACTIONS) == {action for _, action in TABLE} == set(A) - {A.CREATE}


@given(STANDINGS, st.sampled_from(A), st.sampled_from(Role))
def test_what_is_allowed_is_what_the_table_lists(
    standing: Standing, action: CommitmentAction, role: Role
) -> None:
    rule = rule_for(standing.state, action)
    lawful = rule is not None and role in rule.roles and all(standing.has(need) for need in rule.needs)
    assert (action in allowed(standing, role)) == lawful
    if action in (A.PUBLISH, A.END) and lawful:
        assert standing.open_steps == ()
    if lawful:
        assert missing_steps(standing, action) == ()


def test_nobody_leaves_a_final_state_and_nobody_acts_without_an_office() -> None:
    after = {action: rule.target for (state, action), rule in TABLE.items() if state in FINAL}
    assert after == {A.DETACH: None}, "a paper that nobody should read can be taken away"
    for action, role in product(
        ACTIONS, (Role.CITIZEN, Role.ADMIN, Role.AUDITOR, Role.LIAISON, Role.CUSTODIAN)
    ):
        assert role not in roles_of(action)


def test_the_unit_claims_the_supervisor_judges_and_the_leader_approves() -> None:
    for action in (A.CONFIRM_FULFILLED, A.REFUSE_FULFILLED, A.DECLARE_BROKEN):
        assert roles_of(action) == {Role.SUPERVISOR}
    for action in (A.APPROVE_CHANGE, A.APPROVE_END, A.REFUSE):
        assert roles_of(action) == {Role.LEADER}
    for action in (A.SUBMIT, A.CLAIM_FULFILLED, A.PROPOSE_CHANGE, A.PROPOSE_END):
        assert roles_of(action) == {Role.HEAD}
    assert roles_of(A.PUBLISH) == roles_of(A.PREDISCLOSE) == {Role.DISPATCHER}
