"""A few cases and everybody who may want something of them, through the office's own commands."""

from collections import Counter
from dataclasses import dataclass, field, replace
from random import Random
from typing import Any

from intake.actor import SYSTEM, Actor, citizen
from intake.cases import actions, reporter, timers
from intake.cases.urging import urge
from intake.clock import local
from intake.desk import Desk
from intake.errors import Refused
from intake.reporters import add_person
from storage.stores.cases import CaseRow
from storage.stores.clocks import ClockRow
from storage.vocab import CaseType
from tests.flows.intake.people import filed, meet
from tests.proofs import paper
from tests.proofs.people import CITIZENS_ACTIONS, MATTERS, OF_UNITS, STAFF, Filled, Scene, filled, refused
from tests.proofs.standing import History, clocks_of, digest, governed, hidden_of, history
from tests.proofs.verdict import DONE, LINKED_TOO, Look, verdict
from tests.support.time import HandClock

Drawn = tuple[int, int, int, int]
FOLLOWED = frozenset({"dispatch", "decline", "sign", "rule_return", "answer", "approve", "send_back"})
ACTIONS = sorted({action for _, action in paper.MOVES})
CASES = 3  # that are not over, at any time
ANYBODY, ONWARD, LIKELY, STALE = 0.2, 0.35, 0.6, 0.08
WEIGHTS = dict.fromkeys(
    ("note", "link_commitment", "supervise", "supplement", "urge", "set_claims", "assign"), 1
)
WEIGHTS |= dict.fromkeys(("ask_citizen", "transcribe", "decline", "appeal", "follow_up", "close"), 12)
WEIGHTS |= {"merge": 6, "unmerge": 2, "withdraw": 2}
OVER = {"closed": 1, "declined": 4, "withdrawn": 1}
AWAY = frozenset({"withdraw", "decline"})
SPOKEN_FOR = frozenset({"reply_citizen", "withdraw"})  # only where the reporter is not in WeChat
KEPT = (
    "state",
    "department",
    "assignee",
    "answer",
    "outcome",
    "planned_on",
    "answered_at",
    "rating",
    "claims",
)


@dataclass(frozen=True)
class Wish:
    """What somebody wants of a case, having looked at it now or (``stale``) before its last change."""

    actor: Actor
    action: str
    form: Filled
    stale: bool
    stars: int


@dataclass
class Tally:
    """What was tried in all walks: accepted by action, refused by code."""

    steps: int = 0
    done: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)


@dataclass
class Town:
    """The cases of one walk. ``diary`` tells what was done, for a failure to be understood."""

    tally: Tally
    clock: HandClock
    ids: list[str] = field(default_factory=list)
    diary: list[str] = field(default_factory=list)
    stood: dict[str, dict[str, Any]] = field(default_factory=dict)

    async def open(self, desk: Desk, n: int) -> None:
        """File a case; one reporter in three has WeChat."""
        in_wechat = n // len(MATTERS) % 3 == 0
        who = await meet(desk, f"{desk.now()} {len(self.ids)}") if in_wechat else await add_person(desk)
        case = (await filed(desk, who, **MATTERS[n % len(MATTERS)])).case
        self.ids.append(case.id)
        self.diary.append(f"{case.tracking_no} filed: {case.state} at {case.department}")

    async def take(self, desk: Desk, drawn: Drawn) -> None:
        """One step by somebody, some time later; what comes of it is exactly what the domain demands."""
        dice = Random(bytes((*drawn, len(self.diary) % 256)))
        await self._wait(desk, minutes=1 + dice.randrange(13) ** 3)
        rows = await self.rows(desk)
        while sum(row.state not in paper.FINAL for row in rows) < CASES:
            await self.open(desk, dice.randrange(100))
            rows = await self.rows(desk)
        case = dice.choices(rows, [OVER.get(row.state, 5) for row in rows])[0]
        past = await history(desk, case)
        actor, action = _chosen(past, rows, dice)
        form = filled(Scene(desk, actor, case, rows, dice.randrange(10_000)), action)
        if action in SPOKEN_FOR and actor.reporter_id is None and not await reporter.may_link(desk, case):
            form = replace(form, bad=True)
        wish = Wish(actor, action, form, stale=dice.random() < STALE, stars=dice.randint(1, 5))
        wanted = verdict(await self._look(desk, wish, past, rows))
        told = f"{local(desk.now()):%m-%d %H:%M} {rows.index(case)} {actor.name} {action} {form.body}"
        came = await self._came(desk, wish, past, doubtful=wanted != DONE)
        self.tally.steps += 1
        self.diary.append(f"{told}: {came}")
        assert came in wanted, (came, wanted, past.paper)
        if came == "done":
            await self._followed(desk, action, case, rows)

    async def _came(self, desk: Desk, wish: Wish, past: History, *, doubtful: bool) -> str:
        """What came of a wish; what is refused must leave every row as it was."""
        before = await digest(desk, self.ids) if doubtful else ""
        self._remember(wish.action, past)
        try:
            await _act(desk, past.case, wish)
        except Refused as error:
            came = refused(desk, error)
            assert not doubtful or await digest(desk, self.ids) == before, (came, "left something behind")
            self.tally.refused[came] += 1
            return came
        self.tally.done[wish.action] += 1
        self.tally.done[f"{wish.actor.role} {wish.action}"] += 1
        self.tally.done["asked to work on anew"] += wish.form.body.get("reopen") is True
        return "done"

    async def rows(self, desk: Desk) -> list[CaseRow]:
        found = await desk.unit.cases.by_ids(self.ids)
        return [found[one] for one in self.ids]

    async def check(self, desk: Desk, case: CaseRow) -> None:
        """The case holds, and so does every one that is worked on with it."""
        rows = await self.rows(desk)
        lead = next((row for row in rows if row.id == case.merged_into), case)
        group = [await history(desk, row) for row in rows if lead.id in (row.id, row.merged_into)]
        for one in group:
            one.check()
        first = next(one for one in group if one.case.id == lead.id)
        governed(first, [one for one in group if one is not first])

    async def _wait(self, desk: Desk, *, minutes: int) -> None:
        """Time goes by, and at the start of a day the office looks after what has run out."""
        day = local(desk.now()).date()
        self.clock.advance(minutes=minutes, seconds=7)
        if local(desk.now()).date() != day:
            done = await timers.end_pauses(desk) + await timers.close_unrated(desk)
            self.tally.done[SYSTEM.name] += done
            self.diary += [f"{local(desk.now()):%m-%d %H:%M} {done} clocks ran out"] if done else []

    async def _look(self, desk: Desk, wish: Wish, past: History, rows: list[CaseRow]) -> Look:
        into = wish.form.body.get("into")
        going = (c for c in past.clocks if c.kind in paper.ANSWERS and c.ended_at is None)
        body = dict(wish.form.body)
        if wish.action == "rule_return" and past.paper.request:
            body.setdefault("department", past.paper.request.said.get("proposed_department"))
        return Look(
            wish.actor,
            wish.action,
            body,
            past.case,
            past.paper,
            await hidden_of(desk, past.case),
            await desk.unit.cases.hidden_from(past.case.id),
            next((row for row in rows if row.tracking_no == into), None),
            next((c.due_at for c in going), None),
            desk.now(),
            wish.form.bad,
            wish.stale,
        )

    def _remember(self, action: str, past: History) -> None:
        """How a case stands before it follows another one: undoing that gives it all back."""
        if action == "merge" and past.case.merged_into is None:
            facts = {name: getattr(past.case, name) for name in KEPT}
            self.stood[past.case.id] = facts | {"clocks": _running(past.clocks)}

    async def _followed(self, desk: Desk, action: str, was: CaseRow, rows: list[CaseRow]) -> None:
        """What was done to a lead was done to those that stood where it stood; what is undone is undone."""
        now = await desk.unit.cases.by_ids(self.ids)
        case = now[was.id]
        await self.check(desk, case)
        for row in rows if action in FOLLOWED else ():
            if row.merged_into == case.id and row.state == was.state:
                assert (now[row.id].state, now[row.id].department) == (case.state, case.department)
        if action == "merge":
            lead = now[case.merged_into or ""]
            assert (case.state, case.department) == (lead.state, lead.department)
        if action == "unmerge":
            stood = self.stood[case.id]
            again = {name: getattr(case, name) for name in KEPT}
            again["clocks"] = _running(await clocks_of(desk, case))
            assert again == stood, {
                name: (stood[name], now) for name, now in again.items() if now != stood[name]
            }


def _running(clocks: list[ClockRow]) -> list[tuple[object, ...]]:
    return [(one.id, one.due_at, one.state) for one in clocks if one.ended_at is None]


def _chosen(past: History, rows: list[CaseRow], dice: Random) -> tuple[Actor, str]:
    """Who does what: now and then anybody anything, else somebody what the state takes, often to lead on."""
    if dice.random() < ANYBODY:
        actor = dice.choice((*STAFF, *(citizen(row.reporter_id) for row in rows)))
        return actor, dice.choice(ACTIONS if actor.reporter_id is None else CITIZENS_ACTIONS)
    case = past.case
    takes = [(a, *rule) for (s, a), rule in paper.MOVES.items() if s == case.state and a in ACTIONS]
    onward = [one for one in takes if one[2] and one[0] not in AWAY and one[1] != {"system"}]
    awaited, linked = _awaited(past), LINKED_TOO | set(CITIZENS_ACTIONS)
    likely = onward if onward and dice.random() < ONWARD else takes
    if past.paper.merged and dice.random() < LIKELY:
        likely = [one for one in takes if one[0] in linked] or takes
    elif dice.random() < LIKELY:
        likely = [one for one in takes if one[0] in awaited] or likely
    weights = [WEIGHTS.get(one[0], 4) for one in likely]
    action, roles, _ = dice.choices(likely, weights)[0]
    people = [one for one in STAFF if one.role in roles and one.department in (None, case.department)]
    if "citizen" in roles and action in CITIZENS_ACTIONS:
        people = [*people, citizen(case.reporter_id)]
    return dice.choice(people or OF_UNITS), action


def _awaited(past: History) -> set[str]:
    """What somebody waits for: a ruling, a reply, an inquiry's answer."""
    on, case = past.paper, past.case
    ruling = {on.request.action.replace("request", "rule")} if on.request else set[str]()
    reply = {"reply_citizen", "supplement"} if on.asked else set[str]()
    return ruling | reply | ({"answer_now"} if case.type == CaseType.INQUIRY and not case.linked else set())


async def _act(desk: Desk, case: CaseRow, wish: Wish) -> None:
    actor, action, body = wish.actor, wish.action, wish.form.body
    if actor.reporter_id is None:
        version = {"version": case.version - wish.stale}
        await actions.perform(desk, actor, case.tracking_no, action, body | version)
        return
    own = await reporter.own_case(desk, actor.reporter_id, case.tracking_no)
    if action == "rate":
        await reporter.rate(desk, actor, own, wish.stars, "示例")
    elif action == "urge":
        await urge(desk, actor, own)
    elif action == "supplement":
        await reporter.supplement(desk, actor, own, body["text"])
    else:
        take = {"reopen": reporter.reopen, "withdraw": reporter.withdraw, "appeal": reporter.appeal}[action]
        await take(desk, actor, own, str(body.get("reason", "没有解决")))
