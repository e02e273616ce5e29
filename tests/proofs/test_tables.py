"""The pure tables under any sequence of actions by anybody keep to the domain: states, clocks and dates.

The office here is the state table and the clock rules alone, without commands or rows; what it comes to is
compared with a case on paper after every step.
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any, ClassVar

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from intake.cases import states
from intake.deadlines import clocks
from intake.deadlines.workdays import Workdays
from intake.profiles.schema import load_profile
from storage.vocab import Action, CaseState, CaseType, ClockKind, Role
from tests.proofs import paper
from tests.proofs.paper import CHINA, Paper, Step
from tests.support.city import PROFILE

RULES, WORKDAYS = load_profile(PROFILE).rules, Workdays({})
PAIRS = [(action, role) for action in Action for role in Role]
EXAMPLES, STEPS = 560, 100
AT_LEAST = 50_000
ANSWERS = frozenset({ClockKind.ANSWER, ClockKind.REWORK})
RULINGS = frozenset({Action.RULE_RETURN, Action.RULE_EXTENSION})
Drawn = tuple[int, int, int]

small = st.integers(0, 127)
courses = st.tuples(small, small, st.lists(st.tuples(small, small, small), min_size=STEPS, max_size=STEPS))


@dataclass
class Running:
    """A clock that has not ended, with its date by the product's rules and what moved it."""

    kind: ClockKind
    started: datetime
    due: datetime
    moves: list[dict[str, Any]] = field(default_factory=list)
    paused: bool = False


@dataclass
class Office:
    """One case by the state table and the clock rules of the product."""

    type: CaseType
    urgent: bool
    now: datetime
    state: CaseState = CaseState.RECEIVED
    running: list[Running] = field(default_factory=list)
    dispatched: datetime | None = None
    asked: datetime | None = None

    def start(self, *kinds: ClockKind) -> None:
        for kind in kinds:
            due = clocks.deadline(kind, self.now, RULES, WORKDAYS, case_type=self.type, urgent=self.urgent)
            self.running.append(Running(kind, self.now, due.due_at))

    def end(self, *kinds: ClockKind) -> None:
        self.running = [one for one in self.running if one.kind not in kinds]

    def move(self, step: dict[str, clocks.Moved]) -> None:
        """Move the answer's date, counted anew from its start."""
        for one in (one for one in self.running if one.kind in ANSWERS):
            one.moves.append(step)
            first = clocks.deadline(
                one.kind, one.started, RULES, WORKDAYS, case_type=self.type, urgent=self.urgent
            )
            one.due = clocks.replayed(first, one.moves, RULES, WORKDAYS).due_at

    def pause(self, paused: bool) -> None:
        for one in (one for one in self.running if one.kind in ANSWERS):
            one.paused = paused

    def take(self, action: Action, said: dict[str, Any], target: CaseState | None) -> None:
        """What ``intake.cases.moves`` makes of one step, and the few clocks that commands add."""
        rule = states.rule_for(self.state, action)
        assert rule is not None
        again = action is Action.DISPATCH and self.state is not CaseState.RECEIVED
        if again or (said.get("ruling") == "同意" and action is Action.RULE_RETURN):
            self.running = [one for one in self.running if one.kind is ClockKind.SUPERVISION]
        self.state = target or rule.target or self.state
        self.end(*(list(ClockKind) if self.state in states.FINAL else rule.ends))
        self.start(*(rule.starts if target in (None, rule.target) else ()))
        if action is Action.RULE_RETURN and target:
            self.start(ClockKind.SIGN, ClockKind.ANSWER)
        if action is Action.SUPERVISE and self.state not in states.FINAL:
            self.end(ClockKind.SUPERVISION)
            self.running.append(Running(ClockKind.SUPERVISION, self.now, clocks.on(self.now.date()).due_at))
        if said.get("rating", 5) <= 2:
            self.end(ClockKind.RATING, ClockKind.CONTACT)
            self.start(ClockKind.CONTACT)
        if self.state is CaseState.DISPATCHED and (rule.target or target):
            self.dispatched = self.now


class Walk:
    """One course: a case of the product's tables beside the same case on paper."""

    taken = 0
    refused = 0
    seen: ClassVar[Counter[str]] = Counter()

    def __init__(self, kind: int, day: int) -> None:
        start = datetime(2025, 1, 2, 9, tzinfo=CHINA) + timedelta(days=day * 2, hours=kind % 9)
        self.office = Office(list(CaseType)[kind % 3], kind % 4 == 0, start.astimezone(UTC))
        self.paper, self.rights = Paper(), 0
        self.office.start(ClockKind.DISPATCH)
        self.paper.take(Step("file", "citizen", "received", self.office.now))

    def step(self, drawn: Drawn) -> None:
        which, how, wait = drawn
        self.office.now += timedelta(minutes=1 + (wait % 16) ** 3)
        offered = offered_in(self.office.state)
        rulings = [pair for pair in offered if pair[0] in RULINGS]
        likely = rulings if how % 4 == 1 and self.paper.request and rulings else offered
        pairs = PAIRS if how % 4 == 0 else likely
        action, role = pairs[(which * 32 + how // 4) % len(pairs)]
        self.agree(action, role)
        if (action, role) in offered and not self.refuses(action, role, how):
            self.do(action, role, how)
            Walk.seen[action] += 1
        else:
            Walk.refused += 1
        Walk.taken += 1
        self.holds()

    def agree(self, action: Action, role: Role) -> None:
        """Table and domain say the same of who may do this here, and where it leads."""
        rule = states.rule_for(self.office.state, action)
        told = paper.MOVES.get((self.office.state.value, action.value))
        assert (rule is None) == (told is None), (self.office.state, action)
        if rule is not None and told is not None:
            assert {one.value for one in rule.roles} == told[0]
            assert (rule.target.value if rule.target else None) == told[1]
        assert (action in states.allowed(self.office.state, role)) == (told is not None and role in told[0])

    def refuses(self, action: Action, role: Role, how: int) -> bool:
        """What the requests, rights and limits so far refuse, by the product's rules where they are pure."""
        on, office = self.paper, self.office
        if action is Action.REQUEST_RETURN:
            if office.dispatched is None:  # answered at once and reopened
                return True
            window = clocks.return_window(office.dispatched, RULES, WORKDAYS).due_at
            assert clocks.overdue(window, office.now) != paper.returnable(office.dispatched, office.now)
            return clocks.overdue(window, office.now) or on.request is not None
        if action is Action.REQUEST_EXTENSION:
            late = any(one.kind in ANSWERS and clocks.overdue(one.due, office.now) for one in office.running)
            return late or on.request is not None or on.extended or not self.days(how % 13)
        if action in (Action.RULE_RETURN, Action.RULE_EXTENSION):
            kind = action.value.replace("rule", "request")
            return on.request is None or on.request.action != kind
        if action in (Action.ASK_CITIZEN, Action.REPLY_CITIZEN):
            return (on.asked is None) == (action is Action.REPLY_CITIZEN)
        if action is Action.URGE:
            day = paper.working_day(office.now)
            assert WORKDAYS.is_workday(day)
            return on.urged is not None and on.urged >= day
        spent = {Action.RATE: on.rating is not None, Action.APPEAL: bool(on.appeals)}
        return spent.get(action, action is Action.REOPEN and role is Role.CITIZEN and bool(on.by_right))

    def days(self, days: int) -> bool:
        """Whether an extension of so many days is within the limit; the pure rule agrees."""
        try:
            clocks.extended(self.office.now, days, RULES, WORKDAYS)
        except ValueError:
            assert not 1 <= days <= paper.EXTENSION_DAYS
            return False
        assert 1 <= days <= paper.EXTENSION_DAYS
        return True

    def do(self, action: Action, role: Role, how: int) -> None:
        said, target, office = self.said(action, how), None, self.office
        if said.get("rating", 0) >= 3:
            target = CaseState.CLOSED
        if action is Action.RULE_RETURN and said["ruling"] == "同意":
            target = CaseState.DISPATCHED
        asked, request = self.paper.asked, self.paper.request
        office.take(action, said, target)
        step = Step(action.value, role.value, office.state.value, office.now, said)
        self.paper.take(step)
        if action is Action.ASK_CITIZEN:
            office.pause(True)
        elif asked is not None and self.paper.asked is None:
            office.pause(False)
            if action in (Action.REPLY_CITIZEN, Action.ANSWER):
                office.move(clocks.pause(asked.at, office.now))
        if action is Action.RULE_EXTENSION and said["ruling"] == "同意" and request is not None:
            office.move(clocks.extension(request.said["days"]))

    def said(self, action: Action, how: int) -> dict[str, Any]:
        if action in (Action.RATE, Action.FOLLOW_UP):
            return {"rating": 1 + how % 5}
        if action in (Action.RULE_RETURN, Action.RULE_EXTENSION):
            return {"ruling": "同意" if how % 3 else "不同意", "department": "jiaoyu"}
        if action is Action.ASK_UNIT:
            return {"name": "jiaoyu"}
        if action is Action.MERGE:
            return {"taken": "another case"}
        if action is Action.UNMERGE:
            return {"let_go": "another case"}
        return {"days": how % 13, "department": "zhujian"}

    def holds(self) -> None:
        """One state, the clocks that the history demands and no other, dates moved by nothing else."""
        office, on = self.office, self.paper
        assert office.state.value == on.state
        kinds = Counter(one.kind.value for one in office.running)
        demanded = Counter({kind: n for kind, n in on.running.items() if ":" not in kind})
        assert kinds == demanded, (office.state, kinds, demanded)
        assert max(kinds.values(), default=1) == 1, "one clock of a kind"
        assert any(one.paused for one in office.running) == (on.asked is not None) == ("pause" in kinds)
        for one in (one for one in office.running if one.kind not in clocks.DATED):
            due = paper.due(one.kind.value, office.type.value, office.urgent, one.started, one.moves)
            assert one.due == due, (one, due)
        assert reaches_an_end(office.state)


@cache
def offered_in(state: CaseState) -> list[tuple[Action, Role]]:
    """What somebody may do in a state, by the product's table."""
    return [(action, role) for role in Role for action in states.allowed(state, role)]


@cache
def reaches_an_end(state: CaseState) -> bool:
    """Whether people and time can bring a case from here to a final state."""
    seen, todo = set[CaseState](), {state}
    while todo:
        seen |= todo
        todo = {r.target for (s, _), r in states.TABLE.items() if s in seen and r.target} - seen
    return bool(seen & states.FINAL)


@settings(
    max_examples=EXAMPLES,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
@given(courses)
def walk(course: tuple[int, int, list[Drawn]]) -> None:
    kind, day, steps = course
    one = Walk(kind, day)
    for drawn in steps:
        one.step(drawn)


def test_any_sequence_of_actions_by_anybody_keeps_the_case_in_order() -> None:
    walk()
    assert Walk.taken >= AT_LEAST
    assert Walk.refused > AT_LEAST // 10
    tabled = {action for _, action in states.TABLE}
    assert set(Walk.seen) == tabled, tabled - set(Walk.seen)
