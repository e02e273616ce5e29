"""The commands about learning and models: ``python -m bot learning export``, ``python -m bot model …``.

They act as the administrator of the machine they run on.
"""

import argparse
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from bot.commands import operator, seeded, within
from bot.nlu.trained import offered, stored
from intake import model_choice
from intake.desk import Desk
from storage.stores.learning import ExampleRow

Asked = argparse.Namespace


async def learning_export(asked: Asked) -> int:
    """Write the accepted examples as Rasa reads them; ``make nlu-train`` takes nlu_data/learned/*.yml."""
    async with seeded() as database, database.read() as unit:
        rows = await unit.learning.accepted()
        sectors = {row.code: row.sector for row in await unit.departments.all()}
    count = write_examples(asked.file, rows, sectors)
    sys.stderr.write(f"导出 {count} 个例句。\n")
    return 0


def write_examples(file: Path, rows: list[ExampleRow], sectors: Mapping[str, str]) -> int:
    """The examples by intent, with the sector of the unit that people chose; how many.

    ``sectors`` are those of the units by code. A row of which only the unit was corrected counts for the
    intent that was heard. The file appears whole or not at all.
    """
    by_intent: dict[str, dict[str, str]] = {}
    for row in rows:
        if intent := row.intent or row.said_intent:
            known = by_intent.setdefault(intent, {})
            sector = sectors.get(row.department or "") or known.get(_plain(row.text), "")
            known[_plain(row.text)] = sector
    nlu = [
        {"intent": intent, "examples": [_example(text, sector) for text, sector in texts.items()]}
        for intent, texts in sorted(by_intent.items())
    ]
    text = yaml.safe_dump({"version": "3.1", "nlu": nlu}, allow_unicode=True, sort_keys=False, width=10**9)
    file.parent.mkdir(parents=True, exist_ok=True)
    beside = file.with_name(f".{file.name}.new")
    beside.write_text(text, encoding="utf-8")
    beside.replace(file)
    return sum(len(texts) for texts in by_intent.values())


def _example(text: str, sector: str) -> dict[str, Any]:
    """One example in Rasa's form; ``components.sectors`` reads the sector."""
    return {"text": text, **({"metadata": {"sector": sector}} if sector else {})}


def _plain(text: str) -> str:
    """One line in which nothing is Rasa's mark for an entity."""
    return " ".join(text.translate(str.maketrans("[]{}()", "【】｛｝（）")).split())


async def model_list(_asked: Asked) -> int:
    async with seeded() as database, database.read() as unit:
        choice = await unit.learning.choice()
    for one in stored():
        verdict = "可用" if one.offered else "没有通过检验" if one.gate else "没有检验"
        marks = [
            word for name, word in ((choice.wanted, "已选"), (choice.answering, "在用")) if name == one.name
        ]
        sys.stdout.write("\t".join([one.name, f"{one.trained_at:%Y-%m-%d %H:%M}Z", verdict, *marks]) + "\n")
    return 0


async def model_use(asked: Asked) -> int:
    """Choose a model; with ``--url`` also note that it answers there already."""

    async def choose(desk: Desk) -> None:
        await model_choice.want(desk, operator(), asked.name, offered=offered())
        if asked.url:
            await model_choice.answers_at(desk, asked.name, asked.url.rstrip("/"))

    await within(choose)
    sys.stderr.write(f"已选模型 {asked.name}。\n")
    return 0


async def model_back(asked: Asked) -> int:
    """Choose the model before; ``--url`` as for :func:`model_use`."""
    names: list[str] = []

    async def choose(desk: Desk) -> None:
        names.append(await model_choice.back(desk, operator()))
        if asked.url is not None:
            await model_choice.answers_at(desk, names[0], asked.url.rstrip("/"))

    await within(choose)
    sys.stderr.write(f"已换回{names[-1] or '程序自带的模型'}。\n")
    return 0


def add_learning(to: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """The commands' part of the command line."""
    learning = to.add_parser("learning", help="从更正中学习").add_subparsers(required=True)
    export = learning.add_parser(
        "export", help="导出已采用的例句（放到 nlu_data/learned/ 后 make nlu-train）"
    )
    export.add_argument("file", type=Path, metavar="FILE")
    export.set_defaults(command=learning_export)
    model = to.add_parser("model", help="语义模型：列出、换用、换回").add_subparsers(required=True)
    model.add_parser("list", help="列出模型").set_defaults(command=model_list)
    where = "它已经在这个地址应答（没有 make run 的启动器时用）；换回时留空表示设置里的地址"
    use = model.add_parser("use", help="换用一个通过检验的模型")
    use.add_argument("name", metavar="NAME")
    use.add_argument("--url", help=where)
    use.set_defaults(command=model_use)
    back = model.add_parser("back", help="换回上一个模型")
    back.add_argument("--url", help=where)
    back.set_defaults(command=model_back)
