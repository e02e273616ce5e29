"""docs/states.md is what the table says today."""

from bot.settings import ROOT
from intake.cases.diagram import page


def test_the_page_is_up_to_date() -> None:
    assert (ROOT / "docs" / "states.md").read_text("utf-8") == page(), "run: make docs"
