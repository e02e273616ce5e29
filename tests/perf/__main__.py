"""``make bench``: JSON on the last line. ``--write`` also notes the result in ``docs/measurements.md``."""

import argparse
import asyncio
import json
import sys
from collections.abc import Callable, Coroutine
from typing import Any

from tests.perf import (
    analysis,
    desks,
    following,
    imports,
    memory,
    reminders,
    search,
    throughput,
    understanding,
)
from tests.perf.ground import Ground, ground
from tests.perf.page import write

Measure = Callable[[Ground, argparse.Namespace], Coroutine[Any, Any, dict[str, Any]]]
CLOCKS, MANY, ASKED, COMMITMENTS, FOLLOWERS, ROWS = 10_000, 1_000_000, 1_200, 50_000, 10_000, 100_000
YEARS = {"sqlite": 100_000, "postgres": 1_000_000}
PARTS: dict[str, Measure] = {
    "sqlite": lambda on, asked: throughput.measure(on, "sqlite", asked.messages),
    "postgres": lambda on, asked: throughput.measure(on, "postgres", asked.messages),
    "memory": lambda on, asked: memory.measure(on, asked.memory_messages),
    "reminders": lambda on, _: reminders.measure(on, CLOCKS, MANY),
    "understanding": lambda on, _: understanding.measure(on, ASKED),
    "desks": lambda on, _: desks.measure(on),
    "following": lambda on, _: following.measure(on, FOLLOWERS),
    "imports": lambda on, _: imports.measure(on, ROWS),
    "analysis[sqlite]": lambda on, _: analysis.measure(on, "sqlite", YEARS["sqlite"]),
    "analysis[postgres]": lambda on, _: analysis.measure(on, "postgres", YEARS["postgres"]),
    "search": lambda on, _: search.measure(on, COMMITMENTS),
}


def run(asked: argparse.Namespace) -> dict[str, object]:
    """The parts asked for, by name."""
    found: dict[str, object] = {}
    with ground() as prepared:
        for part in asked.parts:
            print(f"bench: {part}", file=sys.stderr, flush=True)
            found[part] = asyncio.run(PARTS[part](prepared, asked))
    return found


def main() -> None:
    options = argparse.ArgumentParser(prog="python -m tests.perf", description=__doc__)
    options.add_argument("parts", nargs="*", default=list(PARTS), metavar="|".join(PARTS))
    options.add_argument("--messages", type=int, default=3_000, help="to each engine, and to its floor")
    options.add_argument("--memory-messages", type=int, default=10_000)
    options.add_argument("--write", action="store_true", help="note the result in docs/measurements.md")
    asked = options.parse_args()
    result = run(asked)
    if asked.write:
        write("bench", result)
    print(json.dumps(result, ensure_ascii=False))


if __name__ == "__main__":
    main()
