"""The command line within the test's own process: starting another one takes a second more."""

import io
import logging
import os
from contextlib import redirect_stderr, redirect_stdout
from unittest import mock

import structlog

from bot.__main__ import main
from tests.support.service import Settings


def command(settings: Settings, *words: str) -> tuple[int, str]:
    """Run ``python -m bot`` with ``words``; its exit code and what it wrote. Blocks: call it in a thread."""
    shown, root, logs = io.StringIO(), logging.getLogger(), structlog.get_config()
    handlers, level = root.handlers[:], root.level
    try:
        with (
            mock.patch.dict(os.environ, settings.environment(), clear=True),
            redirect_stdout(shown),
            redirect_stderr(shown),
        ):
            return main(list(words)), shown.getvalue()
    finally:
        root.handlers[:], root.level = handlers, level
        structlog.configure(**logs)
