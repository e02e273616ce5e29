"""Random courses of cases through a year: who does what when, one action after another."""

import heapq
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from intake.actor import SYSTEM, citizen
from intake.cases import reporter, seeing
from intake.cases.opening import NewCase, file_case
from intake.desk import Desk
from intake.errors import Refused
from intake.reporters import add_person
from storage.vocab import CaseType, Channel
from tests.flows.intake.people import DISPATCHER, SUPERVISOR, do, handler, head
from tests.perf.workload import matter

Step = Callable[[Desk], Awaitable[None]]
UNITS = ("jiaoyu", "zhujian", "jiaotong", "renshe")


@dataclass
class Diary:
    """What is to happen, as a heap, and what was extended when. ``refused``: what came too late;
    ``pressing``: a limit of a few hours began."""

    rng: random.Random
    plan: list[tuple[datetime, int, Step]] = field(default_factory=list)
    extensions: dict[str, list[tuple[datetime, int]]] = field(default_factory=dict)
    people: list[str] = field(default_factory=list)
    done: int = 0
    refused: int = 0
    pressing: bool = False
    _count: int = 0

    def at(self, moment: datetime, step: Step) -> None:
        self._count += 1
        heapq.heappush(self.plan, (moment, self._count, step))

    def after(self, desk: Desk, hours: tuple[float, float], step: Step) -> None:
        """Some time between so many hours from the desk's time on, to the second."""
        self.at(desk.now() + timedelta(seconds=int(self.rng.uniform(*hours) * 3600) + 1), step)

    def chance(self, percent: float) -> bool:
        return self.rng.random() * 100 < percent


class Course:
    """One case from its filing to wherever it goes."""

    def __init__(self, diary: Diary, number: int) -> None:
        self._diary, self._number = diary, number
        self._case, self._unit = "", ""
        self._urgent = diary.chance(5)

    async def file(self, desk: Desk) -> None:
        diary = self._diary
        if len(diary.people) < 20:
            diary.people.append(await add_person(desk, name="示例", phone=""))
        kind = diary.rng.choices(list(CaseType), (6, 3, 1))[0]
        new = NewCase(kind, Channel.HOTLINE, matter(self._number), diary.rng.choice(diary.people))
        filed = await file_case(desk, SYSTEM, replace(new, urgent=self._urgent))
        diary.pressing |= self._urgent
        self._case, self._unit = filed.case.tracking_no, filed.case.department or ""
        if diary.chance(3):
            diary.after(desk, (1, 240), self._withdraw)
        if filed.case.state == "received":
            if not diary.chance(3):
                diary.after(desk, (0.1, 30), self._dispatch)
            return
        self._received(desk)

    async def _dispatch(self, desk: Desk) -> None:
        self._unit = self._diary.rng.choice(UNITS)
        await do(desk, DISPATCHER, self._case, "dispatch", department=self._unit)
        self._received(desk)

    def _received(self, desk: Desk) -> None:
        diary = self._diary
        diary.pressing |= self._urgent
        if not diary.chance(12):
            diary.after(desk, (0.2, 80) if diary.chance(25) else (0.1, 20), self._sign)
        if diary.chance(4):
            diary.after(desk, (0.5, 40), self._ask_return)

    async def _sign(self, desk: Desk) -> None:
        await do(desk, handler(self._unit), self._case, "sign")
        if self._diary.chance(10):
            self._diary.after(desk, (1, 90), self._ask_extension)
        if self._diary.chance(65):
            self._diary.after(desk, (4, 460) if self._diary.chance(30) else (4, 160), self._answer)

    async def _ask_return(self, desk: Desk) -> None:
        other = self._diary.rng.choice([unit for unit in UNITS if unit != self._unit])
        asked = {"reason": "不归我们管", "basis": "示例依据", "proposed_department": other}
        await do(desk, handler(self._unit), self._case, "request_return", **asked)

        async def rule(desk: Desk) -> None:
            approve = self._diary.chance(60)
            await do(desk, DISPATCHER, self._case, "rule_return", approve=approve, reason="示例")
            if approve:
                self._unit = other
                self._received(desk)

        self._diary.after(desk, (1, 50), rule)

    async def _ask_extension(self, desk: Desk) -> None:
        days = self._diary.rng.randint(1, 10)
        await do(desk, handler(self._unit), self._case, "request_extension", reason="示例", days=days)

        async def rule(desk: Desk) -> None:
            approve = self._diary.chance(75)
            case = await do(desk, DISPATCHER, self._case, "rule_extension", approve=approve, reason="示例")
            if approve:
                self._diary.extensions.setdefault(case.id, []).append((desk.now(), days))

        self._diary.after(desk, (1, 30), rule)

    async def _answer(self, desk: Desk) -> None:
        await do(desk, handler(self._unit), self._case, "answer", text="示例答复", outcome="explained")
        if self._diary.chance(80):
            self._diary.after(desk, (0.1, 60) if self._diary.chance(10) else (0.1, 5), self._approve)

    async def _approve(self, desk: Desk) -> None:
        await do(desk, head(self._unit), self._case, "approve")
        if self._diary.chance(40):
            self._diary.after(desk, (0.5, 150), self._rate)

    async def _rate(self, desk: Desk) -> None:
        stars = self._diary.rng.choices((5, 4, 3, 2, 1), (8, 4, 2, 1, 2))[0]
        case = await seeing.find(desk, SUPERVISOR, self._case)
        await reporter.rate(desk, citizen(case.reporter_id), case, stars)
        if stars < 3 and self._diary.chance(60):
            self._diary.after(desk, (0.5, 60), self._reopen)

    async def _reopen(self, desk: Desk) -> None:
        case = await seeing.find(desk, SUPERVISOR, self._case)
        await reporter.reopen(desk, citizen(case.reporter_id), case, "示例")
        if not self._diary.chance(10):
            self._diary.after(desk, (4, 250), self._answer)

    async def _withdraw(self, desk: Desk) -> None:
        case = await seeing.find(desk, SUPERVISOR, self._case)
        await reporter.withdraw(desk, citizen(case.reporter_id), case)


async def take(diary: Diary, desk: Desk, step: Step) -> None:
    """One step; what has come too late for its case is counted, and nothing happens."""
    try:
        await step(desk)
        diary.done += 1
    except Refused:
        diary.refused += 1
