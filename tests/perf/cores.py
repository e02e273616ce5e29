"""Which processor core a process runs on, so that server and load do not take turns on one."""

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import psutil

SERVER, LOAD = 0, 1


@contextmanager
def on_core(core: int) -> Iterator[None]:
    """Processes started inside run on ``core`` alone, with all their threads; so does this thread."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {core} if core in before else before)
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def cpu_seconds(pids: Iterable[int]) -> float:
    """Processor time so far of these processes and all below them."""
    total = 0.0
    for pid in pids:
        top = psutil.Process(pid)
        total += sum(top.cpu_times()[:4])  # with the children that ended
        total += sum(sum(child.cpu_times()[:2]) for child in top.children(recursive=True))
    return total
