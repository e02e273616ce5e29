"""The table of what can be done to a case: (state, action) → rule. Pure; the diagram in docs is made from it.

Source: domain 3, "States and actions". What the table does not list is refused.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from storage.vocab import Action, CaseState, ClockKind, Role

A, S, R = Action, CaseState, Role
FINAL = frozenset({S.CLOSED, S.DECLINED, S.WITHDRAWN})
BEFORE_ANSWER = (S.RECEIVED, S.DISPATCHED, S.HANDLING, S.REVIEWING)
STAFF = frozenset({R.DISPATCHER, R.HANDLER, R.HEAD, R.SUPERVISOR})
UNIT = frozenset({R.HANDLER, R.HEAD})


@dataclass(frozen=True, slots=True)
class Rule:
    """What an action does to a state.

    ``target`` None leaves the state. ``starts`` and ``ends`` are clocks (a final state ends every one);
    ``notice`` is what the citizen is told. Conditions that need more than the state (once by right, a
    recorded follow-up) stand in the command.
    """

    roles: frozenset[Role]
    target: CaseState | None = None
    starts: tuple[ClockKind, ...] = ()
    ends: tuple[ClockKind, ...] = ()
    notice: str | None = None


def _by(*roles: Role) -> frozenset[Role]:
    return frozenset(roles)


_ANSWER_CLOCKS = (ClockKind.ANSWER, ClockKind.REWORK)

TABLE: dict[tuple[CaseState, Action], Rule] = {
    (S.RECEIVED, A.DISPATCH): Rule(
        _by(R.DISPATCHER, R.SYSTEM),
        S.DISPATCHED,
        starts=(ClockKind.SIGN, ClockKind.ANSWER),
        ends=(ClockKind.DISPATCH,),
        notice="dispatched",
    ),
    (S.RECEIVED, A.DECLINE): Rule(_by(R.DISPATCHER), S.DECLINED, notice="declined"),
    (S.RECEIVED, A.ANSWER_NOW): Rule(
        _by(R.SYSTEM, R.DISPATCHER), S.ANSWERED, starts=(ClockKind.RATING,), ends=(ClockKind.DISPATCH,)
    ),
    (S.DISPATCHED, A.SIGN): Rule(UNIT, S.HANDLING, starts=(ClockKind.FIRST_CONTACT,), ends=(ClockKind.SIGN,)),
    (S.DISPATCHED, A.REQUEST_RETURN): Rule(UNIT, starts=(ClockKind.RULING,)),
    (S.DISPATCHED, A.RULE_RETURN): Rule(_by(R.DISPATCHER), ends=(ClockKind.RULING,)),
    (S.HANDLING, A.REQUEST_RETURN): Rule(UNIT, starts=(ClockKind.RULING,)),
    (S.HANDLING, A.RULE_RETURN): Rule(_by(R.DISPATCHER), ends=(ClockKind.RULING,)),
    (S.HANDLING, A.REQUEST_EXTENSION): Rule(UNIT, starts=(ClockKind.RULING,)),
    (S.HANDLING, A.RULE_EXTENSION): Rule(_by(R.DISPATCHER), ends=(ClockKind.RULING,), notice="date_changed"),
    (S.HANDLING, A.ASK_CITIZEN): Rule(UNIT, starts=(ClockKind.PAUSE,), notice="question"),
    (S.HANDLING, A.REPLY_CITIZEN): Rule(UNIT | {R.CITIZEN, R.DISPATCHER, R.SYSTEM}, ends=(ClockKind.PAUSE,)),
    (S.HANDLING, A.ANSWER): Rule(UNIT, S.REVIEWING, ends=(ClockKind.PAUSE,)),
    (S.REVIEWING, A.APPROVE): Rule(
        _by(R.HEAD),
        S.ANSWERED,
        starts=(ClockKind.RATING,),
        ends=(*_ANSWER_CLOCKS, ClockKind.RULING, ClockKind.MILESTONE, ClockKind.SUPERVISION),
        notice="answered",
    ),
    (S.REVIEWING, A.SEND_BACK): Rule(_by(R.HEAD), S.HANDLING),
    (S.ANSWERED, A.RATE): Rule(_by(R.CITIZEN), ends=(ClockKind.RATING,)),
    (S.ANSWERED, A.FOLLOW_UP): Rule(_by(R.DISPATCHER)),
    (S.ANSWERED, A.REOPEN): Rule(
        _by(R.CITIZEN, R.DISPATCHER),
        S.HANDLING,
        starts=(ClockKind.REWORK,),
        ends=(ClockKind.RATING, ClockKind.CONTACT),
        notice="reopened",
    ),
    (S.ANSWERED, A.CLOSE): Rule(_by(R.SYSTEM, R.DISPATCHER), S.CLOSED, notice="closed"),
    (S.CLOSED, A.REOPEN): Rule(_by(R.DISPATCHER), S.HANDLING, starts=(ClockKind.REWORK,), notice="reopened"),
    (S.DECLINED, A.APPEAL): Rule(_by(R.CITIZEN), S.RECEIVED, starts=(ClockKind.DISPATCH,)),
    **{  # away from a unit that the case turns out to accuse (domain 6)
        (s, A.DISPATCH): Rule(
            _by(R.SYSTEM), S.DISPATCHED, starts=(ClockKind.SIGN, ClockKind.ANSWER), notice="dispatched"
        )
        for s in (S.DISPATCHED, S.HANDLING, S.REVIEWING)
    },
    **{(s, A.WITHDRAW): Rule(_by(R.CITIZEN, R.DISPATCHER), S.WITHDRAWN) for s in BEFORE_ANSWER},
    **{(s, A.SUPPLEMENT): Rule(_by(R.CITIZEN)) for s in BEFORE_ANSWER},
    **{(s, A.URGE): Rule(_by(R.CITIZEN)) for s in BEFORE_ANSWER},
    **{(s, A.ASSIGN): Rule(UNIT) for s in (S.DISPATCHED, S.HANDLING, S.REVIEWING)},
    **{(s, A.ASK_UNIT): Rule(UNIT | {R.DISPATCHER}) for s in (S.DISPATCHED, S.HANDLING)},
    **{
        (s, A.CONTACTED): Rule(UNIT, ends=(ClockKind.FIRST_CONTACT, ClockKind.CONTACT))
        for s in (S.HANDLING, S.REVIEWING, S.ANSWERED)
    },
    **{(s, A.SET_CLAIMS): Rule(UNIT | {R.DISPATCHER}) for s in BEFORE_ANSWER},
    **{(s, A.CORRECT_ACCUSED): Rule(_by(R.DISPATCHER)) for s in BEFORE_ANSWER},
    **{(s, A.MERGE): Rule(_by(R.DISPATCHER)) for s in (*BEFORE_ANSWER, S.ANSWERED)},
    **{(s, A.UNMERGE): Rule(_by(R.DISPATCHER)) for s in (*BEFORE_ANSWER, S.ANSWERED)},
    **{(s, A.SUPERVISE): Rule(_by(R.SUPERVISOR)) for s in S},
    **{(s, A.NOTE): Rule(STAFF) for s in S},
    **{(s, A.LINK_COMMITMENT): Rule(UNIT | {R.DISPATCHER}) for s in S},
    **{(s, A.TRANSCRIBE): Rule(UNIT | {R.DISPATCHER}, notice="transcribed") for s in BEFORE_ANSWER},
}


def rule_for(state: CaseState, action: Action) -> Rule | None:
    """The rule, or None where the state refuses the action."""
    return TABLE.get((state, action))


def roles_of(action: Action) -> frozenset[Role]:
    """Every role that may take the action in some state."""
    return frozenset().union(*(rule.roles for (_, a), rule in TABLE.items() if a is action))


def allowed(state: CaseState, role: Role, among: Iterable[Action] = Action) -> list[Action]:
    """What a role may do in a state, in the order of ``Action``."""
    return [
        action for action in among if (rule := TABLE.get((state, action))) is not None and role in rule.roles
    ]


STATE_NAMES = {
    S.RECEIVED: "已登记待受理",
    S.DISPATCHED: "已派单待签收",
    S.HANDLING: "办理中",
    S.REVIEWING: "答复待审核",
    S.ANSWERED: "已答复待评价",
    S.CLOSED: "已办结",
    S.DECLINED: "不予受理",
    S.WITHDRAWN: "已撤回",
}
