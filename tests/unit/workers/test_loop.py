"""The workers' door: nothing that fails in a step ends the loop, and everything ends when it should."""

import asyncio

import pytest

from bot.metrics import metrics
from bot.workers.loop import Loop, run_all
from storage.engine import DatabaseAway
from storage.unit import Raced

HOUR = 3600.0


class Steps:
    """Does what it was told to, one thing a step."""

    def __init__(self, *plan: bool | Exception) -> None:
        self.plan = list(plan)
        self.rested, self.done = asyncio.Event(), asyncio.Event()

    async def __call__(self) -> bool:
        what = self.plan.pop(0)
        if not self.plan:
            self.done.set()
        if isinstance(what, Exception):
            raise what
        if not what:
            self.rested.set()
        return what


def failures() -> float:
    """What the metric of this loop says."""
    return metrics.registry.get_sample_value("jiannuo_unexpected_errors_total", {"door": "worker:test"}) or 0


def loop_over(steps: Steps, stopping: asyncio.Event | None = None) -> Loop:
    return Loop("test", steps, stopping or asyncio.Event(), asyncio.Event(), HOUR)


async def test_failures_are_counted_and_slept_over_ever_longer() -> None:
    failing = loop_over(
        Steps(*[ValueError("x")] * 2, Raced("z"), DatabaseAway("y"), True, ValueError("x"), False)
    )
    before = failures()

    pauses = [await failing.once() for _ in range(7)]

    assert pauses == [1.0, 2.0, 4.0, 8.0, 0.0, 1.0, HOUR]
    assert failures() - before == 3


async def test_a_loop_goes_on_while_there_is_more_and_when_it_is_woken() -> None:
    steps = Steps(True, True, False, False)
    loop = loop_over(steps)
    running = asyncio.create_task(loop.run())

    await asyncio.wait_for(steps.rested.wait(), 5)
    assert len(steps.plan) == 1
    loop.wake.set()
    await asyncio.wait_for(steps.done.wait(), 5)

    loop.stopping.set()
    await asyncio.wait_for(running, 5)
    assert steps.plan == []


async def test_a_step_that_runs_is_finished_and_one_that_hangs_is_cut_off() -> None:
    stopping, began, finished = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def short() -> bool:
        began.set()
        await stopping.wait()
        finished.set()
        return True

    async def hanging() -> bool:
        await asyncio.Event().wait()
        return False

    loops = [Loop(step.__name__, step, stopping, asyncio.Event(), HOUR) for step in (short, hanging)]
    running = asyncio.create_task(run_all(loops, stopping, grace=0.05))
    await began.wait()
    stopping.set()
    await asyncio.wait_for(running, 5)

    assert finished.is_set()


async def test_cancelling_ends_every_loop() -> None:
    cut = []

    async def hanging() -> bool:
        try:
            await asyncio.Event().wait()
        finally:
            cut.append(True)
        return False

    loops = [Loop(f"l{n}", hanging, asyncio.Event(), asyncio.Event(), HOUR) for n in range(3)]
    running = asyncio.create_task(run_all(loops, asyncio.Event(), grace=1))
    for _ in range(5):
        await asyncio.sleep(0)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running

    assert len(cut) == 3
