"""``make bench``: JSON on the last line. ``--write`` also notes the result in ``docs/measurements.md``."""

import argparse
import asyncio
import json
import sys

from tests.perf import desks, memory, reminders, throughput, understanding
from tests.perf.ground import ground
from tests.perf.page import write

PARTS = ("sqlite", "postgres", "memory", "reminders", "understanding", "desks")
CLOCKS, MANY, ASKED = 10_000, 1_000_000, 1_200


def run(parts: list[str], messages: int, memory_messages: int) -> dict[str, object]:
    """The parts asked for, by name."""
    found: dict[str, object] = {}
    with ground() as prepared:
        for part in parts:
            print(f"bench: {part}", file=sys.stderr, flush=True)
            if part == "memory":
                found[part] = asyncio.run(memory.measure(prepared, memory_messages))
            elif part == "reminders":
                found[part] = asyncio.run(reminders.measure(prepared, CLOCKS, MANY))
            elif part == "desks":
                found[part] = asyncio.run(desks.measure(prepared))
            elif part == "understanding":
                found[part] = asyncio.run(understanding.measure(prepared, ASKED))
            else:
                found[part] = asyncio.run(throughput.measure(prepared, part, messages))
    return found


def main() -> None:
    options = argparse.ArgumentParser(prog="python -m tests.perf", description=__doc__)
    options.add_argument("parts", nargs="*", default=list(PARTS), metavar="|".join(PARTS))
    options.add_argument("--messages", type=int, default=3_000, help="to each engine, and to its floor")
    options.add_argument("--memory-messages", type=int, default=10_000)
    options.add_argument("--write", action="store_true", help="note the result in docs/measurements.md")
    asked = options.parse_args()
    result = run(asked.parts, asked.messages, asked.memory_messages)
    if asked.write:
        write("bench", result)
    print(json.dumps(result, ensure_ascii=False))


if __name__ == "__main__":
    main()
