"""How every figure is reckoned, in words, from one file: for the page, the export and docs/figures.md."""

import sys
from functools import cache
from pathlib import Path
from typing import Any

from bot.console.words import word
from intake.yaml_file import read_yaml

HEAD = """# 这些数怎么算的

<!-- 由 `make docs` 根据 bot/console/figures.yml 生成，请勿手改 -->

工作台“分析”一页、它导出的表和接口 `GET /analysis` 用的是同一套数。
办件列表的 `figure` 条件用表里的代码：`GET /cases?figure=late&since=2026-11-01&until=2026-11-30`。
"""
PARTS = {
    "scope": "统计哪些件",
    "figures": "数",
    "rates": "率",
    "reading": "怎么看",
    "commitments": "承诺",
    "week": "近七天",
}


@cache
def definitions() -> dict[str, Any]:
    """Part → sentences, or code → sentence."""
    read: dict[str, Any] = read_yaml(Path(__file__).with_name("figures.yml"))
    return read


def lines() -> list[tuple[str, str, str]]:
    """Part, name and meaning of everything, in order; sentences have no name."""
    found = []
    for part, title in PARTS.items():
        told = definitions()[part]
        named = told.items() if isinstance(told, dict) else (("", one) for one in told)
        found += [(title, word(code, part.removesuffix("s")) if code else "", means) for code, means in named]
    return found


def page() -> str:
    """The page of the documentation."""
    text = [HEAD]
    for part, title in PARTS.items():
        told = definitions()[part]
        text.append(f"## {title}\n")
        if isinstance(told, dict):
            kind = part.removesuffix("s")
            rows = (f"| `{code}` | {word(code, kind)} | {means} |" for code, means in told.items())
            text.append("\n".join(["| 代码 | 名称 | 怎么算 |", "|---|---|---|", *rows]) + "\n")
        else:
            text.append("\n".join(f"- {one}" for one in told) + "\n")
    return "\n".join(text)


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(page(), encoding="utf-8")
