"""Measure the trained model: held-out messages, cross-validation, speed. Started by ``build.py test``.

Cross-validation asks about the labelled messages and the lines of conversation, as they were written, each
of them by a model that learned nothing that grew from it. The report is ``eval/report/report.json`` and
``report.md``. Exit code 1 when a figure is below its bound. The confusions of the messages written apart
(:mod:`apart`, asked about before) are drawn as ``confusion.png``, how sure the model was and how right as
``calibration.png``.
"""

import argparse
import asyncio
import json
import logging
import statistics
import time
from collections import Counter
from collections.abc import Callable
from itertools import chain
from pathlib import Path
from typing import Any

import matplotlib
import numpy as np
import yaml
from components import messages, sectors
from components.messages import MessageClassifier
from components.sectors import SectorClassifier
from components.temperature import Told
from expand import Example, examples
from joblib import Parallel, delayed
from matplotlib import pyplot
from rasa.core.agent import load_agent
from rasa.utils.log_utils import configure_structlog
from sklearn.metrics import ConfusionMatrixDisplay, classification_report
from sklearn.model_selection import GroupKFold

matplotlib.use("agg")
HERE = Path(__file__).resolve().parent
REPORT = HERE / "eval" / "report"
MATTERS = ("complaint", "inquiry", "suggestion")
#: The set whose confusions are drawn: the latest one.
DRAWN = "sixth"
#: What cross-validation asks about is harder than what people send: a third was written to be mistaken.
BOUNDS = {
    "held_out accuracy": 0.9,
    "held_out complaint_vs_inquiry": 0.9,
    "cross_validation accuracy": 0.82,
    "cross_validation complaint_vs_inquiry": 0.9,
}
#: Folds, and how many of them are asked at once.
PARTS, AT_ONCE = 5, 2

Pairs = list[tuple[str, str]]


def held_out() -> list[tuple[str, str]]:
    """``(intent, text)`` of every held-out message."""
    data = yaml.load((HERE / "eval" / "held_out.yml").read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
    return [(intent, text) for intent, texts in data.items() for text in texts]


def figures(pairs: Pairs) -> dict[str, Any]:
    """Accuracy over all and over complaint against inquiry, and the commonest mistakes."""
    two = [(gold, got) for gold, got in pairs if gold in MATTERS[:2]]
    wrong = Counter(f"{gold} -> {got}" for gold, got in pairs if gold != got)
    report = classification_report(
        [g for g, _ in pairs], [p for _, p in pairs], output_dict=True, zero_division=0
    )
    return {
        "n": len(pairs),
        "accuracy": share(pairs),
        "complaint_vs_inquiry": share(two),
        "macro_f1": round(report["macro avg"]["f1-score"], 4),
        "f1": {name: round(row["f1-score"], 3) for name, row in report.items() if isinstance(row, dict)},
        "wrong": dict(wrong.most_common(15)),
    }


def share(pairs: Pairs) -> float:
    return round(sum(gold == got for gold, got in pairs) / len(pairs), 4) if pairs else 0.0


async def ask(model: Path, messages: list[tuple[str, str]]) -> tuple[Pairs, list[str]]:
    """The model's answers, and the misjudged messages."""
    agent = await load_agent(model_path=str(model))
    pairs, wrong = [], []
    for gold, text in messages:
        got = (await agent.parse_message(text))["intent"]["name"]
        pairs.append((gold, got))
        if got != gold:
            wrong.append(f"{gold} -> {got} | {text[:80]}")
    return pairs, wrong


async def speed(model: Path) -> dict[str, float]:
    """Milliseconds for messages of 1,500 characters, without HTTP."""
    agent = await load_agent(model_path=str(model))
    long = "".join(text for _, text in held_out())
    took = []
    for start in range(200):
        text = (long[start * 7 :] + long)[:1500]
        began = time.perf_counter()
        await agent.parse_message(text)
        took.append((time.perf_counter() - began) * 1e3)
    took.sort()
    return {"p50_ms": round(statistics.median(took), 1), "p99_ms": round(took[int(len(took) * 0.99)], 1)}


def in_folds(told: Told, answered: Callable[[list[int], list[int]], list[Any]]) -> list[Any]:
    """The answers of all folds, one after the other; what grew from one line stands in one fold."""
    folds = GroupKFold(PARTS).split(told.texts, told.labels, told.lines)
    return list(chain.from_iterable(Parallel(n_jobs=AT_ONCE)(delayed(answered)(*fold) for fold in folds)))


def cross_validated(found: list[Example]) -> Pairs:
    settings = MessageClassifier.get_default_config() | configured("MessageClassifier")
    told = messages.told_by(found, settings["whole_times"])
    written = {one.pattern: number for number, one in reversed(list(enumerate(found)))}
    wanted = [
        written[one.pattern] == number and (one.whole or one.intent not in MATTERS)
        for number, one in enumerate(found)
    ]

    def answered(learned: list[int], asked: list[int]) -> Pairs:
        model = messages.fitted(settings, told.part(learned))
        whole = told.part([i for i in asked if wanted[i]])
        return list(zip(whole.labels, map(str, model.predict(whole.texts)), strict=True))

    return in_folds(told, answered)


def sectors_cross_validated(found: list[Example]) -> dict[str, float]:
    """How often the sector model alone names a labelled message's sector first, and among the first three."""
    settings = SectorClassifier.get_default_config() | configured("SectorClassifier")
    known = [one for one in found if one.sector]
    told = sectors.told_by(known)

    def answered(learned: list[int], asked: list[int]) -> list[tuple[bool, bool]]:
        model = sectors.fitted(settings, told.part(learned))
        whole = told.part([i for i in asked if known[i].whole])
        best = model.classes_[np.argsort(-model.decision_function(whole.texts), axis=1)[:, :3]]
        return [(gold == top[0], gold in top) for gold, top in zip(whole.labels, best, strict=True)]

    right = np.array(in_folds(told, answered))
    return {"n": len(right), "top1": round(right[:, 0].mean(), 4), "top3": round(right[:, 1].mean(), 4)}


def configured(name: str) -> dict[str, Any]:
    """A classifier's settings in ``config.yml``."""
    pipeline = yaml.safe_load((HERE.parent / "config.yml").read_text(encoding="utf-8"))["pipeline"]
    own = next(part for part in pipeline if part["name"].endswith(name))
    return {key: value for key, value in own.items() if key != "name"}


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--model", required=True, type=Path)
    model = options.parse_args().model
    configure_structlog(logging.ERROR)
    found = examples(HERE)
    pairs, wrong = asyncio.run(ask(model, held_out()))
    report = {
        "model": model.name,
        "held_out": figures(pairs) | {"misjudged": wrong},
        "cross_validation": figures(cross_validated(found)),
        "cross_validation_of_sectors": sectors_cross_validated(found),
        "speed_1500_characters": asyncio.run(speed(model)),
    }
    write(report)
    draw(REPORT / f"{DRAWN}.json")
    low = [name for name, bound in BOUNDS.items() if lookup(report, name) < bound]
    for name, bound in BOUNDS.items():
        print(f"{name}: {lookup(report, name)} (at least {bound})")
    print(f"1,500 characters: {report['speed_1500_characters']}; report in nlu_data/eval/report")
    if low:
        raise SystemExit("below the bound: " + ", ".join(low))


def draw(asked: Path) -> None:
    """Who was taken for whom, and how right the model was when it was how sure; nothing when nobody asked."""
    if not asked.exists():
        return
    answers = json.loads(asked.read_text(encoding="utf-8"))
    pairs = answers["pairs"]
    shown = ConfusionMatrixDisplay.from_predictions(
        [gold for gold, _ in pairs], [got for _, got in pairs], xticks_rotation="vertical", colorbar=False
    )
    shown.figure_.set_size_inches(11, 11)
    shown.figure_.savefig(asked.with_name("confusion.png"), bbox_inches="tight", dpi=90)
    figure, axes = pyplot.subplots(figsize=(5, 5))
    said, right = [row[1] for row in answers["calibration"]], [row[2] for row in answers["calibration"]]
    axes.plot([0, 1], [0, 1], color="grey", linestyle=":")
    axes.plot(said, right, marker="o")
    axes.set(xlabel="said", ylabel="right", xlim=(0, 1), ylim=(0, 1))
    figure.savefig(asked.with_name("calibration.png"), bbox_inches="tight", dpi=90)


def lookup(report: dict[str, Any], name: str) -> float:
    section, figure = name.split(" ")
    return float(report[section][figure])


def write(report: dict[str, Any]) -> None:
    REPORT.mkdir(parents=True, exist_ok=True)
    text = json.dumps(report, ensure_ascii=False, indent=1)
    (REPORT / "report.json").write_text(text + "\n", encoding="utf-8")
    (REPORT / "report.md").write_text(f"# {report['model']}\n\n```json\n{text}\n```\n", encoding="utf-8")


if __name__ == "__main__":
    main()
