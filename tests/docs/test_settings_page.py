"""docs/settings.md names every setting with its default, and nothing else."""

import re
from pathlib import Path

from pydantic import SecretStr

from bot.settings import PREFIX, ROOT, Settings

ROW = re.compile(rf"^\| `({PREFIX}[A-Z_]+)` \| (\S+) \| (.+) \|$", re.MULTILINE)


def documented() -> dict[str, str]:
    page = (ROOT / "docs" / "settings.md").read_text("utf-8")
    return {name: default.strip("`") for name, default, _ in ROW.findall(page)}


def shown(default: object) -> str:
    if isinstance(default, SecretStr):
        default = default.get_secret_value()
    if isinstance(default, Path):
        default = default.relative_to(ROOT)
    return str(default) or "空"


def test_every_setting_stands_on_the_page_with_its_default() -> None:
    fields = Settings.model_fields.items()
    assert documented() == {f"{PREFIX}{name.upper()}": shown(field.default) for name, field in fields}
