"""Ask a running Rasa, through the service's own understanding, about messages written apart.

Started by ``build.py test`` with the tree's interpreter (not Rasa's), from the tree's top:
``python -m nlu_data.apart --url http://127.0.0.1:5005``. For each of :data:`SETS`, the folders ``eval/NAME``,
it writes ``eval/report/NAME.json`` and ``NAME.md``.
"""

import argparse
import asyncio
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import aiohttp
import yaml

from bot.nlu.rasa import RasaClient
from bot.nlu.understand import Understander
from bot.web.api.understanding import told
from intake.city import City
from intake.commitments.matching import CommitmentIndex
from intake.deadlines.workdays import Workdays
from intake.profiles import load_profile
from nlu_data import measures

HERE = Path(__file__).resolve().parent
EVAL, REPORT = HERE / "eval", HERE / "eval" / "report"
SETS = ("apart", "fresh", "third", "fourth", "fifth", "sixth", "letters")
PROFILE = HERE.parent / "intake" / "profiles" / "xinxiang.yml"
TODAY = date(2026, 11, 23)
KINDS = ("department", "place", "tracking_no", "phone", "due_date", "amount_yuan")
MATTERS = ("complaint", "inquiry", "suggestion")
LONG, WORST = 200, 30

Thing = tuple[str, str]


@dataclass(frozen=True)
class Labelled:
    """One message and what was written beside it; ``entities`` is None where nobody looked for them.

    ``sectors`` are those that a careful dispatcher could choose.
    """

    text: str
    intent: str
    about: bool | None = None
    breach: str = ""
    sectors: tuple[str, ...] = ()
    entities: dict[str, list[str]] | None = None
    seems_urgent: bool = False

    def kinds(self) -> tuple[str, ...]:
        """The kinds that are measured: all in a short message, in a long one those that were labelled."""
        if self.entities is None:
            return ()
        return tuple(self.entities) if len(self.text) >= LONG else KINDS


@dataclass
class Judged:
    """All messages with what ``POST /understand`` answers of them in the sample city, in one order."""

    messages: list[Labelled]
    answers: list[dict[str, Any]] = field(default_factory=list)
    model: str = ""

    def both(self) -> Iterator[tuple[Labelled, dict[str, Any]]]:
        return zip(self.messages, self.answers, strict=True)


def read(folder: Path) -> list[Labelled]:
    """Every message of the folder's files, in the order of their names."""
    found = []
    for path in sorted(folder.glob("*.yml")):
        for group in yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader):
            found += [labelled(group["intent"], entry) for entry in group["messages"]]
    return found


def labelled(intent: str, entry: str | dict[str, Any]) -> Labelled:
    """A message from its line: a bare text, or a mapping with labels."""
    if isinstance(entry, str):
        return Labelled(entry, intent)
    about = None if "about" not in entry else entry["about"] == "true"
    return Labelled(
        text=entry["text"],
        intent=intent,
        about=about,
        breach=entry.get("breach", ""),
        sectors=tuple(entry.get("sectors") or filter(None, [entry.get("sector")])),
        entities=entry.get("entities"),
        seems_urgent="hazard" in entry,
    )


def sample_city() -> City:
    """The city as it is seeded: no database is asked."""
    profile = load_profile(PROFILE)
    units = {unit.code: unit for unit in profile.departments}
    return City(profile.name, units, profile.places, profile.rules, "sample", Workdays({}))


async def ask(url: str, token: str, messages: list[Labelled]) -> Judged:
    """One message after the other, so that a slow machine spoils nothing."""
    judged, city, none = Judged(messages), sample_city(), CommitmentIndex(())
    async with aiohttp.ClientSession() as session:
        understander = Understander(RasaClient(url, token, session, timeout=10))
        for message in messages:
            heard = await understander.understand(message.text, today=TODAY)
            judged.model = heard.model
            judged.answers.append(told(heard, message.text, city, none))
    return judged


def figures(judged: Judged) -> dict[str, Any]:
    """Everything that is measured; shares from 0 to 1."""
    pairs = [(m.intent, a["intent"]) for m, a in judged.both()]
    f1 = measures.f1_by_label(pairs)
    three = [(gold, got) for gold, got in pairs if gold in MATTERS]
    two = [(gold, got) for gold, got in three if gold != "suggestion"]
    sure = [(a["confidence"], m.intent == a["intent"]) for m, a in judged.both()]
    return {
        "n": len(pairs),
        "by_rules": sum(a["source"] == "rules" for a in judged.answers),
        "accuracy": measures.accuracy(pairs),
        "macro_f1": measures.mean(f1.values()),
        "three_classes": measures.accuracy(three),
        "complaint_vs_inquiry": measures.accuracy(two),
        "long": measures.accuracy([(m.intent, a["intent"]) for m, a in judged.both() if len(m.text) >= LONG]),
        **alarms(judged),
        "out_of_scope_f1": f1.get("out_of_scope", 0.0),
        **named(judged),
        **promises(judged),
        **routed(judged),
        "calibration_error": measures.calibration_error(sure),
        "calibration": [
            [n, round(said, 3), round(right, 3)] for n, said, right in measures.calibration(sure)
        ],
        "f1": f1,
        "by_intent": measures.precision_and_recall(pairs),
    }


def alarms(judged: Judged) -> dict[str, float]:
    """Emergencies heard, and alarms raised without one: among all messages and among the near ones."""
    heard = [a["intent"] == "emergency" for m, a in judged.both() if m.intent == "emergency"]
    false = [a["intent"] == "emergency" for m, a in judged.both() if m.intent != "emergency"]
    near = [a["intent"] == "emergency" for m, a in judged.both() if m.seems_urgent]
    return {
        "emergency_recall": measures.mean(heard),
        "false_alarms": measures.mean(false),
        "false_alarms_near": measures.mean(near),
    }


def named(judged: Judged) -> dict[str, Any]:
    """Entity F1 over all kinds and for each one; a unit counts by its words, the others by value."""
    gold: list[Thing] = []
    got: list[Thing] = []
    for number, (message, answer) in enumerate(judged.both()):
        for kind in message.kinds():
            gold += [
                (kind, f"{number}:{value}")
                for value in distinct(kind, (message.entities or {}).get(kind, []))
            ]
            found = answer["entities"][kind]
            said = [str(e["text"] if kind == "department" else e["value"]) for e in found]
            got += [(kind, f"{number}:{value}") for value in distinct(kind, said)]
    each = {
        kind: measures.f1_of_things([t for t in gold if t[0] == kind], [t for t in got if t[0] == kind])
        for kind in KINDS
    }
    return {"entity_f1": measures.f1_of_things(gold, got), "entity_f1_by_kind": each}


def distinct(kind: str, values: list[str]) -> list[str]:
    """Each value once (who names 管委会 twice names one unit), numbers written alike."""
    return list(dict.fromkeys(f"{float(v):g}" if kind == "amount_yuan" else v for v in values))


def promises(judged: Judged) -> dict[str, float]:
    """Whether promises were told from other matters, and the breach class of those that were labelled."""
    scored = [(m.about, a["about_commitment"]) for m, a in judged.both() if m.about is not None]
    classes = [
        (m.breach, a["breach"][0]["code"] if a["breach"] else "") for m, a in judged.both() if m.breach
    ]
    return {
        "about_commitment_auc": measures.area_under_curve(scored),
        "breach_top1": measures.accuracy(classes),
        "breach_n": len(classes),
    }


def routed(judged: Judged) -> dict[str, float]:
    """How often the routing names the right sector first, and among the first three."""
    first, three = [], []
    for message, answer in judged.both():
        if message.intent in MATTERS and message.sectors:
            named = [unit["sector"] for unit in answer["departments"]]
            first.append(named[0] in message.sectors)
            three.append(not set(message.sectors).isdisjoint(named[:3]))
    return {
        "routing_top1": measures.mean(first),
        "routing_top3": measures.mean(three),
        "routing_n": len(first),
    }


def errors(judged: Judged) -> list[dict[str, Any]]:
    """The misjudged messages, those first about which the model was surest."""
    wrong = [(a["confidence"], m, a) for m, a in judged.both() if a["intent"] != m.intent]
    wrong.sort(key=lambda item: -item[0])
    return [
        {"expected": m.intent, "answered": a["intent"], "confidence": c, "text": m.text[:80]}
        for c, m, a in wrong
    ]


def write(name: str, judged: Judged) -> dict[str, Any]:
    """The report beside the others: figures, pairs for the picture, the worst errors."""
    REPORT.mkdir(parents=True, exist_ok=True)
    found, wrong = figures(judged), errors(judged)
    pairs = [[m.intent, a["intent"]] for m, a in judged.both()]
    whole = {"model": judged.model, **found, "wrong": wrong, "pairs": pairs}
    (REPORT / f"{name}.json").write_text(
        json.dumps(whole, ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
    )
    rows = [f"| {name} | {value} |" for name, value in found.items() if not isinstance(value, dict | list)]
    worst = [f"- {w['expected']} → {w['answered']} ({w['confidence']}): {w['text']}" for w in wrong[:WORST]]
    parts = [f"# {judged.model}", "", "| 项 | 值 |", "|---|---|", *rows, "", "## 最有把握的错", "", *worst]
    (REPORT / f"{name}.md").write_text("\n".join(parts) + "\n", encoding="utf-8")
    return found


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--url", required=True)
    options.add_argument("--token", default="")
    chosen = options.parse_args()
    for name in SETS:
        found = write(name, asyncio.run(ask(chosen.url, chosen.token, read(EVAL / name))))
        told = {k: v for k, v in found.items() if k != "calibration"}
        print(json.dumps({name: told}, ensure_ascii=False, indent=1))


if __name__ == "__main__":
    main()
