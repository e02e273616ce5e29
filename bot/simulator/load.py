"""Many citizens at once: how fast the account answers, and whether anybody sees the failure tip."""

import asyncio
import math
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from bot.simulator import drafts
from bot.simulator.deliver import Courier, Delivery
from bot.simulator.followers import Trigger, openid_of
from bot.simulator.platform import Platform

FIRST = 1_000_000
"""Number of the first citizen of a load: far from those of the chat page."""


@dataclass(frozen=True, slots=True)
class Load:
    """Times in seconds from push to answer, with retries. ``failures``: pushes without a proper answer."""

    messages: int
    seconds: float
    rate: float
    p50: float
    p99: float
    slowest: float
    failures: int
    tips: int
    retried: int
    statuses: dict[str, int]

    def shown(self) -> dict[str, object]:
        """As JSON."""
        return asdict(self)


async def load(
    platform: Platform,
    courier: Courier,
    *,
    citizens: int,
    messages: int,
    concurrency: int,
    texts: Sequence[str],
) -> Load:
    """``citizens`` send ``messages`` each, in order, at most ``concurrency`` citizens at a time.

    Texts are taken in turn. Nothing is written into the transcript.
    """
    waiting = iter(range(citizens))
    deliveries: list[Delivery] = []

    async def work() -> None:
        for number in waiting:
            openid = openid_of(FIRST + number)
            for turn in range(messages):
                platform.followers.contacted(openid, Trigger.MESSAGE)
                text = texts[(number * messages + turn) % len(texts)]
                deliveries.append(await courier.deliver(drafts.text(openid, text), record=False))

    began = time.monotonic()
    await asyncio.gather(*(work() for _ in range(min(concurrency, citizens))))
    return _measured(deliveries, time.monotonic() - began)


def _measured(deliveries: Sequence[Delivery], seconds: float) -> Load:
    times = sorted(delivery.seconds for delivery in deliveries)
    statuses = Counter(delivery.status.value for delivery in deliveries)
    proper = statuses["replied"] + statuses["silent"]
    return Load(
        messages=len(times),
        seconds=seconds,
        rate=len(times) / seconds if seconds else 0.0,
        p50=_percentile(times, 0.50),
        p99=_percentile(times, 0.99),
        slowest=times[-1] if times else 0.0,
        failures=len(times) - proper,
        tips=sum(delivery.tip for delivery in deliveries),
        retried=sum(delivery.attempts > 1 for delivery in deliveries),
        statuses=dict(statuses),
    )


def _percentile(times: Sequence[float], share: float) -> float:
    return times[max(0, math.ceil(share * len(times)) - 1)] if times else 0.0
