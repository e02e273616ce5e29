"""The town that all browser tests share, and browsers in it that watch every page they open."""

from collections.abc import Callable, Iterator
from contextlib import AbstractAsyncContextManager

import pytest
from playwright.async_api import Browser, Page

from tests.browser.town import Town, build
from tests.browser.watch import watched
from tests.support.service import Stand

Visit = Callable[..., AbstractAsyncContextManager[Page]]


@pytest.fixture(scope="session")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    folder = tmp_path_factory.mktemp("town")
    stand = Stand(folder)
    try:
        yield build(stand, folder)
    finally:
        stand.close()


@pytest.fixture
def visit(chromium: Browser, town: Town) -> Visit:
    """``async with visit(WIDE) as page``; see :func:`tests.browser.watch.watched`."""

    def opened(size: tuple[int, int], **more: object) -> AbstractAsyncContextManager[Page]:
        return watched(chromium, town.url, size, **more)

    return opened
