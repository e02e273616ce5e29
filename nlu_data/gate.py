"""Whether a newly trained model may be offered: ``gate.py --model NEW --against OLD``, in Rasa's environment.

Both are asked about the held-out messages and the hard cases. The new one passes when its accuracy on each
file is no lower than :data:`ACCURACY` or the old one's, whichever is lower, and no intent's F1 over all of
them is worse by more than :data:`WORSE`. The result lies beside the model as ``NAME.gate.json``.
"""

import argparse
import asyncio
import json
import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import measures
import yaml

HERE = Path(__file__).resolve().parent
EVAL = HERE / "eval"
SETS = ("apart", "fresh", "third", "fourth", "fifth", "sixth", "hard")
FILES = ("held_out*.yml", "hard*.yml", *(f"{name}/*.yml" for name in SETS))
WORSE = 0.02
ACCURACY = 0.9
ENDING = ".tar.gz"

Messages = list[tuple[str, str]]
Pairs = list[tuple[str, str]]


def read(path: Path) -> Messages:
    """``(intent, text)`` of a file: a mapping of intents to texts, or a list of groups."""
    data = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
    groups = list(data.items()) if isinstance(data, dict) else [(g["intent"], g["messages"]) for g in data]
    return [(i, one["text"] if isinstance(one, dict) else one) for i, texts in groups for one in texts]


def sets(folder: Path = EVAL) -> dict[str, Messages]:
    """The messages that decide, by the name of their file or folder."""
    found: dict[str, Messages] = {}
    for pattern in FILES:
        for path in sorted(folder.glob(pattern)):
            name = path.parent.name if path.parent != folder else path.stem
            found.setdefault(name, []).extend(read(path))
    return found


def judged(new: Mapping[str, Pairs], old: Mapping[str, Pairs]) -> dict[str, Any]:
    """The verdict over both models' answers, with what speaks against the new one.

    An old one that other code trained answers nothing: then only :data:`ACCURACY` decides.
    """
    against = []
    shares = {}
    for name, pairs in new.items():
        now, then = measures.accuracy(pairs), measures.accuracy(old[name]) if old else ACCURACY
        shares[name] = [then, now]
        if now < min(ACCURACY, then):
            against.append(f"{name}: accuracy {now}, before {then}")
    f1 = _by_intent(new, old) if old else {}
    for intent, (then, now) in f1.items():
        if round(then - now, 4) > WORSE:
            against.append(f"{intent}: F1 {now}, before {then}")
    return {"passed": not against, "against": against, "accuracy": shares, "f1": f1}


def _by_intent(new: Mapping[str, Pairs], old: Mapping[str, Pairs]) -> dict[str, tuple[float, float]]:
    then = measures.f1_by_label([pair for pairs in old.values() for pair in pairs])
    now = measures.f1_by_label([pair for pairs in new.values() for pair in pairs])
    return {intent: (then[intent], now[intent]) for intent in then}


async def answers(model: Path, asked: Mapping[str, Messages]) -> dict[str, Pairs]:
    """What a model answers to each file: ``(expected, answered)``; nothing where it cannot be loaded."""
    from rasa.core.agent import load_agent

    agent = await load_agent(model_path=str(model))
    found: dict[str, Pairs] = {}
    for name, messages in asked.items() if agent.is_ready() else ():
        found[name] = [(gold, (await agent.parse_message(text))["intent"]["name"]) for gold, text in messages]
    return found


def main() -> None:
    from rasa.utils.log_utils import configure_structlog

    options = argparse.ArgumentParser()
    options.add_argument("--model", required=True, type=Path)
    options.add_argument("--against", required=True, type=Path)
    chosen = options.parse_args()
    configure_structlog(logging.ERROR)
    asked = sets()
    new, old = asyncio.run(answers(chosen.model, asked)), asyncio.run(answers(chosen.against, asked))
    if not new:
        raise SystemExit(f"{chosen.model.name} cannot be loaded")
    verdict = {"against_model": chosen.against.name.removesuffix(ENDING), **judged(new, old)}
    text = json.dumps(verdict, ensure_ascii=False, indent=1) + "\n"
    name = chosen.model.name.removesuffix(ENDING)
    chosen.model.with_name(f"{name}.gate.json").write_text(text, encoding="utf-8")
    print("gate: " + ("passed" if verdict["passed"] else "; ".join(verdict["against"])))


if __name__ == "__main__":
    main()
