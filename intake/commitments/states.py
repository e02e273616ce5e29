"""The table of what can be done to a commitment: (state, action) → rule. Pure; ``docs/states.md`` shows it.

Source: domain 2, and seed 二(二) for the procedure. What the table does not list is refused.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum

from storage.vocab import CommitmentAction, CommitmentState, Role, Step

A, S, R = CommitmentAction, CommitmentState, Role
FINAL = frozenset({S.FULFILLED, S.BROKEN, S.ENDED})
UNIT = frozenset({R.HANDLER, R.HEAD})
MAKERS = UNIT | {R.DISPATCHER}
"""Who may write down a commitment, and what was done of its procedure."""
CHANGE, END = "change", "end"
DECIDING = tuple(Step)[:6]
"""The steps that may be not applicable: those of the decision itself (seed 二(二)1)."""
BEFORE_PREDISCLOSURE = tuple(Step)[:8]


class Need(StrEnum):
    """What an action needs besides the state."""

    EIGHT_STEPS = "eight_steps"
    TEN_STEPS = "ten_steps"
    CLAIM = "claim"
    NO_CLAIM = "no_claim"
    PROPOSAL = "proposal"
    NO_PROPOSAL = "no_proposal"
    CHANGE_PROPOSED = "change_proposed"
    END_PROPOSED = "end_proposed"
    APPROVED = "approved"
    CHANGE_APPROVED = "change_approved"
    END_APPROVED = "end_approved"
    NO_POLL = "no_poll"
    OPINION = "opinion"
    PAPERS = "papers"


@dataclass(frozen=True, slots=True)
class Standing:
    """A commitment as the table sees it. ``proposal``: what the unit asks for, CHANGE or END, until it is
    done or refused; ``approved`` when the leader said yes. ``open_steps``: of the procedure in this round,
    the poll among them as long as people vote. ``polled``: there is a poll in this round; ``opinion``: one
    waits to be answered."""

    state: CommitmentState
    open_steps: tuple[Step, ...] = tuple(Step)
    claimed: bool = False
    proposal: str | None = None
    approved: bool = False
    polled: bool = False
    opinion: bool = False
    papers: bool = False

    def has(self, need: Need) -> bool:
        """Whether it has what an action needs."""
        asked = None if self.approved else self.proposal
        agreed = self.proposal if self.approved else None
        return {
            Need.EIGHT_STEPS: not set(self.open_steps) & set(BEFORE_PREDISCLOSURE),
            Need.TEN_STEPS: not self.open_steps,
            Need.CLAIM: self.claimed,
            Need.NO_CLAIM: not self.claimed,
            Need.PROPOSAL: self.proposal is not None,
            Need.NO_PROPOSAL: self.proposal is None,
            Need.CHANGE_PROPOSED: asked == CHANGE,
            Need.END_PROPOSED: asked == END,
            Need.APPROVED: agreed is not None,
            Need.CHANGE_APPROVED: agreed == CHANGE,
            Need.END_APPROVED: agreed == END,
            Need.NO_POLL: not self.polled,
            Need.OPINION: self.opinion,
            Need.PAPERS: self.papers,
        }[need]


@dataclass(frozen=True, slots=True)
class Rule:
    """What an action does to a state: ``target`` None leaves it."""

    roles: frozenset[Role]
    target: CommitmentState | None = None
    needs: tuple[Need, ...] = ()


def _by(*roles: Role) -> frozenset[Role]:
    return frozenset(roles)


TABLE: dict[tuple[CommitmentState, CommitmentAction], Rule] = {
    **{(s, A.REVISE): Rule(MAKERS) for s in (S.DRAFT, S.REVIEW)},
    **{(s, A.SET_MILESTONE): Rule(UNIT) for s in (S.DRAFT, S.REVIEW, S.PREDISCLOSURE, S.ACTIVE)},
    **{(s, A.RECORD_STEP): Rule(MAKERS) for s in (S.REVIEW, S.PREDISCLOSURE)},
    **{(s, A.ANSWER_OPINION): Rule(MAKERS, needs=(Need.OPINION,)) for s in (S.PREDISCLOSURE, S.ACTIVE)},
    (S.PREDISCLOSURE, A.OPEN_POLL): Rule(_by(R.DISPATCHER), needs=(Need.NO_POLL,)),
    (S.ACTIVE, A.OPEN_POLL): Rule(_by(R.DISPATCHER), needs=(Need.APPROVED, Need.NO_POLL)),
    **{(s, A.ATTACH): Rule(MAKERS) for s in S if s not in FINAL},
    # What should not be read by everybody can be taken away at any time.
    **{(s, A.DETACH): Rule(MAKERS, needs=(Need.PAPERS,)) for s in S},
    (S.DRAFT, A.SUBMIT): Rule(_by(R.HEAD), S.REVIEW),
    (S.REVIEW, A.PREDISCLOSE): Rule(_by(R.DISPATCHER), S.PREDISCLOSURE, (Need.EIGHT_STEPS,)),
    (S.PREDISCLOSURE, A.PUBLISH): Rule(_by(R.DISPATCHER), S.ACTIVE, (Need.TEN_STEPS,)),
    (S.ACTIVE, A.REPORT_PROGRESS): Rule(UNIT),
    (S.ACTIVE, A.CLAIM_FULFILLED): Rule(_by(R.HEAD), needs=(Need.NO_CLAIM,)),
    (S.ACTIVE, A.CONFIRM_FULFILLED): Rule(_by(R.SUPERVISOR), S.FULFILLED, (Need.CLAIM,)),
    (S.ACTIVE, A.REFUSE_FULFILLED): Rule(_by(R.SUPERVISOR), needs=(Need.CLAIM,)),
    (S.ACTIVE, A.DECLARE_BROKEN): Rule(_by(R.SUPERVISOR), S.BROKEN),
    (S.ACTIVE, A.PROPOSE_CHANGE): Rule(_by(R.HEAD), needs=(Need.NO_PROPOSAL,)),
    (S.ACTIVE, A.PROPOSE_END): Rule(_by(R.HEAD), needs=(Need.NO_PROPOSAL,)),
    (S.ACTIVE, A.APPROVE_CHANGE): Rule(_by(R.LEADER), needs=(Need.CHANGE_PROPOSED,)),
    (S.ACTIVE, A.APPROVE_END): Rule(_by(R.LEADER), needs=(Need.END_PROPOSED,)),
    (S.ACTIVE, A.REFUSE): Rule(_by(R.LEADER), needs=(Need.PROPOSAL,)),
    # What was approved goes through the procedure again; until then the promise stands as it was.
    (S.ACTIVE, A.RECORD_STEP): Rule(MAKERS, needs=(Need.APPROVED,)),
    (S.ACTIVE, A.PUBLISH): Rule(_by(R.DISPATCHER), needs=(Need.CHANGE_APPROVED, Need.TEN_STEPS)),
    (S.ACTIVE, A.END): Rule(_by(R.DISPATCHER), S.ENDED, (Need.END_APPROVED, Need.TEN_STEPS)),
}


def rule_for(state: CommitmentState, action: CommitmentAction) -> Rule | None:
    """The rule, or None where the state refuses the action."""
    return TABLE.get((state, action))


def roles_of(action: CommitmentAction) -> frozenset[Role]:
    """Every role that may take the action in some state."""
    return frozenset().union(*(rule.roles for (_, a), rule in TABLE.items() if a is action))


def allowed(
    standing: Standing, role: Role, among: Iterable[CommitmentAction] = CommitmentAction
) -> list[CommitmentAction]:
    """What a role may do to a commitment that stands so, in the order of ``CommitmentAction``."""
    return [
        action
        for action in among
        if (rule := TABLE.get((standing.state, action))) is not None
        and role in rule.roles
        and all(standing.has(need) for need in rule.needs)
    ]


def missing_steps(standing: Standing, action: CommitmentAction) -> tuple[Step, ...]:
    """The open steps that alone keep an action from being taken; none where something else does as well."""
    rule = rule_for(standing.state, action)
    lacking = {need for need in rule.needs if not standing.has(need)} if rule else set()
    if lacking == {Need.EIGHT_STEPS}:
        return tuple(step for step in standing.open_steps if step in BEFORE_PREDISCLOSURE)
    return standing.open_steps if lacking == {Need.TEN_STEPS} else ()


def in_words(steps: Collection[Step]) -> str:
    """Steps by their names, in the order of the procedure."""
    return "、".join(STEP_NAMES[step] for step in Step if step in steps)


STATE_NAMES = {
    S.DRAFT: "拟定",
    S.REVIEW: "程序中",
    S.PREDISCLOSURE: "预公开",
    S.ACTIVE: "履行中",
    S.FULFILLED: "已兑现",
    S.BROKEN: "未兑现",
    S.ENDED: "已终止",
}
STEP_NAMES = {
    Step.PUBLIC_PARTICIPATION: "公众参与",
    Step.EXPERT_REVIEW: "专家论证",
    Step.RISK_ASSESSMENT: "风险评估",
    Step.LEGALITY_REVIEW: "合法性审查",
    Step.INTEGRITY_REVIEW: "廉洁性评估",
    Step.COLLECTIVE_DECISION: "集体讨论决定",
    Step.DEPARTMENT_OPINIONS: "征求部门意见",
    Step.LEGAL_COUNSEL: "征求法律顾问意见",
    Step.PREDISCLOSURE: "预公开",
    Step.POLL: "民意调查",
}
