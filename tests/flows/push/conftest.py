"""A platform over real HTTP, citizens, and an outbox whose clock the test holds."""

from tests.flows.workers.conftest import outbox, process, tencent, town

__all__ = ["outbox", "process", "tencent", "town"]
