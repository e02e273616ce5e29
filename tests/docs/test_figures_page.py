"""docs/figures.md is what the console says, and every figure is defined."""

from bot.console.defining import definitions, page
from bot.console.words import words
from bot.settings import ROOT
from intake.analysis.reckoning import RATES
from storage.vocab import Figure


def test_the_page_is_up_to_date() -> None:
    assert (ROOT / "docs" / "figures.md").read_text("utf-8") == page(), "run: make docs"


def test_every_figure_and_every_rate_is_defined_once() -> None:
    assert set(definitions()["figures"]) == {one.value for one in Figure}
    assert set(definitions()["rates"]) == set(words()["rate"]) == set(RATES)
