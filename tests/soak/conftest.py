"""Long runs: a tenth of their size in ``make test``, whole with ``JIANNUO_SOAK`` set (``make soak``).

What a run measured goes to ``noted``; the last line of ``make soak`` is all of it as JSON, and
``docs/measurements.md`` keeps the last whole run.
"""

import json
import os
from collections.abc import Callable
from typing import Any

import pytest

from tests.perf.page import write

WHOLE = "JIANNUO_SOAK" in os.environ
PROPERTY = "soak"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    passed = terminalreporter.stats.get("passed", [])
    found = dict(value for report in passed for name, value in report.user_properties if name == PROPERTY)
    if not found:
        return
    if WHOLE:
        write("soak", found)
    terminalreporter.write_line(json.dumps(found, ensure_ascii=False))


@pytest.fixture
def size() -> Callable[[int], int]:
    """A number of the whole run, or its tenth."""
    return lambda whole: whole if WHOLE else whole // 10


@pytest.fixture
def noted(
    request: pytest.FixtureRequest, record_property: Callable[[str, object], None]
) -> Callable[..., None]:
    """``noted(citizens=500, …)`` under the test's name."""

    def note(**measured: Any) -> None:
        record_property(PROPERTY, (request.node.name, measured))

    return note
