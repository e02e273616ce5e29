"""A case on paper: what domain 3 and 4 say of states, roles and clocks, told a second time and with nothing
of the office's own tables. Due dates are reckoned from the package `holidays` (``tests.soak.reckoning``)."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

from tests.soak.reckoning import CHINA, DAY, Days, Life, epochs

FINAL = frozenset({"closed", "declined", "withdrawn"})
OPEN = "received dispatched handling reviewing"
ALL = f"{OPEN} answered closed declined withdrawn"
_UNIT = "handler head"
_STAFF = f"dispatcher supervisor {_UNIT}"
MOVES: dict[tuple[str, str], tuple[frozenset[str], str | None]] = {
    (state, action): (frozenset(roles.split()), target)
    for states, actions, roles, target in (
        ("received", "dispatch", "dispatcher system", "dispatched"),
        ("dispatched handling reviewing", "dispatch", "system", "dispatched"),
        ("received", "decline", "dispatcher", "declined"),
        ("received", "answer_now", "system dispatcher", "answered"),
        ("dispatched", "sign", _UNIT, "handling"),
        ("dispatched handling", "request_return", _UNIT, None),
        ("dispatched handling", "rule_return", "dispatcher", None),
        ("handling", "request_extension", _UNIT, None),
        ("handling", "rule_extension", "dispatcher", None),
        ("handling", "ask_citizen", _UNIT, None),
        ("handling", "reply_citizen", f"citizen dispatcher system {_UNIT}", None),
        ("handling", "answer", _UNIT, "reviewing"),
        ("reviewing", "approve", "head", "answered"),
        ("reviewing", "send_back", "head", "handling"),
        ("answered", "rate", "citizen", None),
        ("answered", "follow_up", "dispatcher", None),
        ("answered", "reopen", "citizen dispatcher", "handling"),
        ("answered", "close", "dispatcher system", "closed"),
        ("closed", "reopen", "dispatcher", "handling"),
        ("declined", "appeal", "citizen", "received"),
        (OPEN, "withdraw", "citizen dispatcher", "withdrawn"),
        (OPEN, "urge supplement", "citizen", None),
        ("dispatched handling reviewing", "assign", _UNIT, None),
        ("dispatched handling", "ask_unit", f"dispatcher {_UNIT}", None),
        ("handling reviewing answered", "contacted", _UNIT, None),
        (OPEN, "set_claims transcribe", f"dispatcher {_UNIT}", None),
        (OPEN, "correct_accused", "dispatcher", None),
        (f"{OPEN} answered", "merge unmerge", "dispatcher", None),
        (ALL, "supervise", "supervisor", None),
        (ALL, "note", _STAFF, None),
        (ALL, "link_commitment", f"dispatcher {_UNIT}", None),
    )
    for state in states.split()
    for action in actions.split()
}
STARTS = {
    "file": "dispatch",
    "dispatch": "sign answer",
    "answer_now": "rating",
    "sign": "first_contact",
    "request_return": "ruling",
    "request_extension": "ruling",
    "ask_citizen": "pause",
    "approve": "rating",
    "reopen": "rework",
    "appeal": "dispatch",
}
ENDS = {
    "dispatch": "dispatch",
    "answer_now": "dispatch",
    "sign": "sign",
    "rule_return": "ruling",
    "rule_extension": "ruling",
    "reply_citizen": "pause",
    "answer": "pause",
    "approve": "answer rework ruling milestone supervision",
    "rate": "rating",
    "reopen": "rating contact",
    "contacted": "first_contact contact",
}
WORKED_ON = frozenset({"handling", "reviewing", "answered"})
WITH_A_UNIT = frozenset({"dispatched", "handling", "reviewing"})
ITS_OWN = frozenset({"rating", "contact"})  # clocks that start for a case also while it follows another one
ANSWERS = frozenset({"answer", "rework"})
CALENDAR = Days(range(2024, 2028))
PAUSE_DAYS, RETURN_DAYS, EXTENSION_DAYS = 5, 2, 10


@dataclass(frozen=True)
class Step:
    """One event of a case. ``unit``: of whoever acted; ``to``: the state after it."""

    action: str
    role: str
    to: str
    at: datetime
    said: dict[str, Any] = field(default_factory=dict)
    unit: str | None = None


@dataclass
class Paper:
    """Where a case stands after its steps: ``running`` are the kinds of the clocks that have not ended, and
    ``resting`` those of them that stand still while it follows another one."""

    state: str = "received"
    department: str | None = None
    running: Counter[str] = field(default_factory=Counter)
    resting: set[str] = field(default_factory=set)
    merged: bool = False
    asked: Step | None = None
    request: Step | None = None
    extended: bool = False
    appeals: int = 0
    by_right: int = 0
    urged: date | None = None
    dispatched: datetime | None = None
    rating: int | None = None
    reached: bool = False
    before_merge: dict[str, Any] = field(default_factory=dict)
    helpers: set[str] = field(default_factory=set)
    gave_back: set[str] = field(default_factory=set)

    def take(self, step: Step) -> None:
        """Write down one step; only what the domain demands of it follows."""
        before, self.state = self.state, step.to
        handed_back = step.to in ("dispatched", "received") and (
            step.said.get("ruling") == "同意"
            or (step.action == "dispatch" and before in ("dispatched", "handling", "reviewing"))
        )
        if handed_back:
            self._give_up(self.resting if self.merged else self.running.keys() - {"supervision"})
        self._clocks(step, handed_back)
        self._requests(step, handed_back)
        self._judgement(step)
        if step.action in ("merge", "unmerge"):
            self._merging(step)
        if step.to in FINAL:
            self.running = Counter({"milestone": self.running["milestone"]})
            self.asked = self.request = None
        if self.merged and self.state in WITH_A_UNIT and not self.running.keys() & ANSWERS:
            self.running["answer"] = (
                1  # due at all events, and at rest: the earliest of all governs on the lead
            )
            self.resting.add("answer")
        self.running += Counter()
        self.resting &= self.running.keys()

    def _give_up(self, kinds: Iterable[str]) -> None:
        for kind in set(kinds):
            del self.running[kind]

    def _clocks(self, step: Step, handed_back: bool) -> None:
        for kind in ENDS.get(step.action, "").split():
            del self.running[kind]
        starts = STARTS.get(step.action, "").split()
        if handed_back and not self.merged:
            starts = ["sign", "answer"] if step.to == "dispatched" else ["dispatch"]
        if step.action in ("rate", "follow_up") and (step.said.get("rating") or 5) <= 2:
            del self.running["rating"], self.running["contact"]
            starts = ["contact"]
        if step.action == "supervise" and step.to not in FINAL:
            del self.running["supervision"]
            starts = ["supervision"]
        if step.action == "approve" and step.said.get("planned_on") and not self.merged:
            starts = [*starts, "milestone"]
        if step.action == "ask_unit":
            starts = ["collaboration:" + step.said["name"]]
        for kind in ITS_OWN.intersection(starts) if self.merged else starts:
            self.running[kind] = 1 if self.merged else self.running[kind] + 1
        if step.action == "note" and step.unit and step.unit != self.department:
            del self.running["collaboration:" + step.unit]

    def _requests(self, step: Step, handed_back: bool) -> None:
        if step.action == "ask_unit":
            self.helpers.add(step.said["name"])
        if step.action == "rule_return" and handed_back and not self.merged:
            self.gave_back.add(self.department or "")
        if step.action in ("file", "dispatch", "rule_return") and "department" in step.said:
            self.department, self.dispatched = step.said["department"], step.at
        if handed_back or step.action in ("dispatch", "approve", "rule_return", "rule_extension"):
            self.request = None
        if handed_back or step.action in ("dispatch", "reply_citizen", "answer"):
            self.asked = None
        if step.action in ("request_return", "request_extension"):
            self.request = step
        if step.action == "ask_citizen":
            self.asked = step
        if step.action == "reply_citizen" and self.merged:
            self.before_merge["asked"] = None
            del self.before_merge["running"]["pause"]
        self.extended |= step.action == "rule_extension" and step.said.get("ruling") == "同意"

    def _judgement(self, step: Step) -> None:
        self.appeals += step.action == "appeal"
        self.by_right += step.action == "reopen" and step.role == "citizen"
        if step.action == "urge":
            self.urged = step.at.astimezone(CHINA).date()
        if step.action in ("approve", "reopen"):
            self.rating, self.reached = None, self.reached and step.action == "reopen"
        if step.action in ("rate", "follow_up"):
            self.rating = step.said.get("rating") or self.rating
            self.reached |= bool(step.said.get("reached"))

    def _merging(self, step: Step) -> None:
        if "into" in step.said:
            names = ("department", "dispatched", "asked", "request", "rating", "reached")
            self.before_merge = {name: getattr(self, name) for name in names}
            self.before_merge["running"], self.merged = Counter(self.running), True
            self.department = step.said["department"]
            self._catch_up()
            self.resting = set(self.running) - {"supervision"}
        elif "taken" not in step.said and "let_go" not in step.said:
            self.merged = False
            if step.said.get("alone"):
                self._give_up(self.resting)
                return
            self.resting.clear()
            for name, value in self.before_merge.items():
                setattr(self, name, value)

    def _catch_up(self) -> None:
        """What the lead has behind it is over."""
        if self.state != "received":
            del self.running["dispatch"]
        if self.state in WORKED_ON:
            del self.running["sign"]
        del self.running["rating"], self.running["contact"]


def replayed(steps: Iterable[Step]) -> Paper:
    """The case as its events tell it."""
    paper = Paper()
    for step in steps:
        paper.take(step)
    return paper


def due(kind: str, case_type: str, urgent: bool, started: datetime, moves: list[dict[str, Any]]) -> datetime:
    """When a clock runs out, after what moved it: an extension's ``days``, a pause's two moments, the due
    date of a case that joined."""
    if kind == "pause":
        reached = end_of(CALENDAR.count(started.astimezone(CHINA).date(), PAUSE_DAYS))
    else:
        life = Life(kind, case_type, urgent, started, None, [])
        reached = epochs(life, [(started - DAY, CALENDAR)])[-1].due
    for move in moves:
        if move["why"] == "joined":
            reached = min(reached, datetime.fromisoformat(move["due_at"]))
            continue
        n = move["days"] if move["why"] == "extension" else waited(move["asked_at"], move["replied_at"])
        reached = end_of(CALENDAR.count(reached.astimezone(CHINA).date(), n))
    return reached


def waited(asked: str, replied: str) -> int:
    """The working days after a question up to and including the reply, five at most."""
    first, last = (datetime.fromisoformat(at).astimezone(CHINA).date() for at in (asked, replied))
    days = (first + n * DAY for n in range(1, (last - first).days + 1))
    return min(PAUSE_DAYS, sum(CALENDAR.work(day) for day in days))


def returnable(dispatched: datetime, now: datetime) -> bool:
    """Within two working days after the dispatch."""
    return now <= end_of(CALENDAR.count(dispatched.astimezone(CHINA).date(), RETURN_DAYS))


def working_day(moment: datetime) -> date:
    """The moment's day, or the last working day before it."""
    day = moment.astimezone(CHINA).date()
    while not CALENDAR.work(day):
        day -= DAY
    return day


def end_of(day: date) -> datetime:
    return datetime.combine(day, time(23, 59, 59), CHINA)
