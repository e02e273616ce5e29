"""Addresses as people type them."""

import pytest

from tests.flows.console.reader import Browser


@pytest.mark.parametrize("path", ["/m/privacy", "/guides", "/commitments", "/departments/jiaoyu", "/readyz"])
async def test_a_slash_at_the_end_leads_to_the_page(anybody: Browser, path: str) -> None:
    await anybody.open(f"{path}/?q=%E8%AF%81")
    assert anybody.status == 200
    assert anybody.at.startswith(f"{path}?q=")


@pytest.mark.parametrize("path", ["/nothing/", "//example.com/", "/%2Fexample.com/", "/m/cases/x/y/"])
async def test_what_is_not_there_is_not_there_with_a_slash(anybody: Browser, path: str) -> None:
    await anybody.open(path)
    assert anybody.status == 404
