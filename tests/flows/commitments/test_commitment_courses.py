"""Whatever people try on a commitment, in whatever order: only the lawful happens, and all is archived."""

import asyncio
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from intake import archive
from intake.actor import Actor
from intake.commitments import actions, making
from intake.commitments.moves import standing_of
from intake.commitments.states import BEFORE_PREDISCLOSURE
from intake.desk import Desk
from intake.errors import StateRefuses, WrongRole
from storage.engine import Database
from storage.stores.registry import CommitmentRow
from storage.vocab import Category, CommitmentAction, Role, Step
from tests.flows.commitments.office import CONSULTED, NEW, UNIT, WHO
from tests.support import city
from tests.support.time import HandClock

A = CommitmentAction
TODAY = "2026-03-03"
BODIES: dict[str, dict[str, Any]] = {
    A.REVISE: NEW,
    A.SET_MILESTONE: {"due_on": "2026-06-30", "title": "主体封顶"},
    A.REPORT_PROGRESS: {"percent": 40, "text": "已过半"},
    A.REFUSE_FULFILLED: {"reason": "没有做到"},
    A.DECLARE_BROKEN: {"reason": "not_done"},
    A.PROPOSE_CHANGE: {**CONSULTED, "target": "另一个目标"},
    A.PROPOSE_END: CONSULTED,
    A.REFUSE: {"reason": "不同意"},
    A.ANSWER_OPINION: {"opinion": 1, "adopted": True, "why": "示例"},
}
OTHERS = st.sampled_from(
    [a for a in actions.ACTIONS if a not in (A.RECORD_STEP, A.DECLARE_BROKEN, A.ATTACH, A.DETACH)]
)


class Courses(RuleBasedStateMachine):
    """One commitment; every step is a unit of work of its own, as at the doors."""

    url = ""

    def __init__(self) -> None:
        super().__init__()
        self._runner = asyncio.Runner()
        self._database = Database(self.url)
        self._clock, self._vault = HandClock(), city.make_vault()
        self.row: CommitmentRow = self._run(self._create)

    @rule(action=OTHERS, role=st.sampled_from(Role))
    def somebody_tries(self, action: CommitmentAction, role: Role) -> None:
        self._try(action, role)

    @rule(action=OTHERS)
    def whoever_may_goes_on(self, action: CommitmentAction) -> None:
        self._try(action, WHO.get(action, Role.HANDLER))

    @rule(step=st.sampled_from(Step))
    def a_step_is_recorded(self, step: Step) -> None:
        self._record(step)

    @rule(but=st.sampled_from([None, *Step]))
    def all_steps_are_recorded(self, but: Step | None) -> None:
        for step in Step:
            if step is not but:
                self._record(step)

    @rule()
    def the_supervisor_finds_it_broken(self) -> None:
        if self.row.version > 30:
            self._try(A.DECLARE_BROKEN, Role.SUPERVISOR)

    @invariant()
    def what_stands_is_what_was_last_done(self) -> None:
        assert self._run(self._read) == self.row

    def teardown(self) -> None:
        assert self._run(self._faults) == []
        self._runner.run(self._database.close())
        self._runner.close()

    def _record(self, step: Step) -> None:
        done = {"step": step.value, "done_on": TODAY, "outcome": "同意", "document": "示例"}
        self._try(A.RECORD_STEP, Role.HANDLER, done)

    def _try(self, action: CommitmentAction, role: Role, body: dict[str, Any] | None = None) -> None:
        before = self.row

        async def work(desk: Desk) -> CommitmentRow:
            open_steps = set((await standing_of(desk, before)).open_steps)
            may = await actions.may_do(desk, self._actor(role), before)
            try:
                moved = await actions.perform(
                    desk,
                    self._actor(role),
                    before.code,
                    action,
                    {"version": before.version, **self._body(action, body)},
                )
            except (StateRefuses, WrongRole):
                assert action not in may
                return before
            assert action in may
            assert action not in (A.PUBLISH, A.END) or not open_steps
            assert action is not A.PREDISCLOSE or not open_steps & set(BEFORE_PREDISCLOSURE)
            assert moved.version == before.version + 1
            return moved

        self.row = self._run(work)

    def _body(self, action: CommitmentAction, body: dict[str, Any] | None) -> dict[str, Any]:
        return body or BODIES.get(action, {})

    def _actor(self, role: Role) -> Actor:
        unit = UNIT if role in (Role.HANDLER, Role.HEAD) else None
        return Actor(role, f"示例{role.value}", unit)

    def _run(self, work: Any) -> Any:
        async def in_unit() -> Any:
            async with self._database.write() as unit:
                return await work(Desk(unit, self._clock, self._vault, await city.snapshot(unit)))

        return self._runner.run(in_unit())

    async def _create(self, desk: Desk) -> CommitmentRow:
        asked = making.NewCommitment(**NEW | {"category": Category.LIVELIHOOD})  # type: ignore[arg-type]
        return await making.create(desk, self._actor(Role.HANDLER), asked)

    async def _read(self, desk: Desk) -> CommitmentRow | None:
        return await desk.unit.commitments.get(self.row.code)

    async def _faults(self, desk: Desk) -> list[archive.Fault]:
        return await archive.verify(desk.unit, desk.vault.archive_key)


def test_no_course_of_a_commitment_leaves_the_law(database_url: str) -> None:
    machine = type("CoursesHere", (Courses,), {"url": database_url})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=8,
            stateful_step_count=40,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            derandomize=True,
        ),
    )
