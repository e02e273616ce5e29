"""Learn the weights of bot/nlu/promise_grams.py from promises.yml and the labelled messages.

Run ``nlu_data/.venv/bin/python nlu_data/learn_promise.py``: it needs the packages of this folder
(scikit-learn); the service itself needs none of them. Grams that weigh
next to nothing are left out, so that the file can be read by people.
"""

import random
import re
import sys
from collections import Counter
from pathlib import Path

import numpy as np
import yaml
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from expand import labelled  # noqa: E402

from bot.nlu.promise_grams import ALWAYS, WEIGHTS, flat, grams, share  # noqa: E402
from bot.nlu.promise_rules import CLASSES, by_rule  # noqa: E402

INTENTS = ("complaint", "inquiry", "suggestion", "supplement", "emergency")
SLOT = re.compile(r"\{[a-z_]+\}|\[|\]\([^)]*\)|\]\{[^}]*\}")
#: Below these log odds of the rules an example of a sector counts as an ordinary grievance.
UNHEARD = -1.5
#: So many long messages of either kind are put together from the short ones.
LONG = 500
AT_LEAST_IN = 4
LEAST_WEIGHT = 0.7
C_ABOUT, C_BREACH = 10.0, 20.0


def main() -> None:
    """Learn, write the file, and say how large it is."""
    about, others = _told()
    found = [grams(flat(text)) for text, _ in about] + [grams(flat(text)) for text in others]
    known = known_grams(found, AT_LEAST_IN)
    table = matrix(found, known)
    is_about = np.array([True] * len(about) + [False] * len(others))
    judge = _fitted(C_ABOUT, table, is_about)
    broken = [row for row, (_, key) in enumerate(about) if key != "none"]
    kinds = [about[row][1].split("/")[0] for row in broken]
    sorter = _fitted(C_BREACH, table[broken], np.array(kinds))
    order = [list(sorter.classes_).index(code) for code in CLASSES]
    weights = np.vstack([judge.coef_, sorter.coef_[order]])
    always = np.concatenate([judge.intercept_, sorter.intercept_[order]])
    kept = [
        (gram, weights[:, at]) for at, gram in enumerate(known) if abs(weights[:, at]).max() >= LEAST_WEIGHT
    ]
    lines = ["\t".join(("gram", "about", *CLASSES)), _line(ALWAYS, always)]
    WEIGHTS.write_text("\n".join(lines + [_line(*one) for one in kept]) + "\n", encoding="utf-8")
    print(f"{len(about)} about, {len(others)} not, {len(kept)} of {len(known)} grams kept")


def _told() -> tuple[list[tuple[str, str]], list[str]]:
    """Messages about a promise with their class, and others: those written for this, the labelled ones, the
    sectors' examples in which no rule hears a promise, and long messages put together from both."""
    said = yaml.safe_load((HERE / "promises.yml").read_text(encoding="utf-8"))
    chance = random.Random(LONG)
    about = [(text, key) for key, texts in said["about"].items() for text in texts]
    others = [text for texts in said["not_about"].values() for text in texts]
    plain = [text for text in _examples() if by_rule(flat(text))[0] < UNHEARD]
    for text, key in chance.choices(about, k=LONG // 5):
        parts = [text, *chance.choices(plain, k=chance.randint(1, 4))]
        chance.shuffle(parts)
        about.append(("。".join(parts), key))
    more = ["。".join(chance.choices(plain + others, k=chance.randint(2, 9))) for _ in range(LONG)]
    whole = [one for one in labelled(HERE / "labelled") if one.intent in INTENTS]
    about += [(one.text, one.breach or "none") for one in whole if one.about]
    others += [one.text for one in whole if not one.about]
    return about, others + plain + more


def _examples() -> list[str]:
    """Complaints, inquiries and suggestions of the intent examples, without their slots."""
    texts: list[str] = []
    for path in sorted((HERE / "nlu").glob("*.yml")):
        for part in yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]:
            if part.get("intent") in INTENTS:
                lines = (line.removeprefix("- ") for line in part["examples"].splitlines())
                texts += [SLOT.sub("", line).strip() for line in lines]
    return [text for text in texts if text]


def known_grams(found: list[frozenset[str]], at_least: int) -> list[str]:
    """The grams that stand in so many messages, sorted."""
    times = Counter(gram for one in found for gram in one)
    return sorted(gram for gram, count in times.items() if count >= at_least and gram.strip())


def matrix(found: list[frozenset[str]], known: list[str]) -> csr_matrix:
    """Messages by grams; each gram weighs its share of the message."""
    place = {gram: at for at, gram in enumerate(known)}
    cells = [
        (row, place[gram], share(len(one))) for row, one in enumerate(found) for gram in one if gram in place
    ]
    rows, columns, values = zip(*cells, strict=True)
    return csr_matrix((values, (rows, columns)), shape=(len(found), len(known)))


def _fitted(strength: float, table: csr_matrix, labels: np.ndarray) -> LogisticRegression:
    return LogisticRegression(C=strength, class_weight="balanced", max_iter=3000).fit(table, labels)


def _line(gram: str, weights: np.ndarray) -> str:
    return "\t".join((gram, *(f"{weight:.2f}" for weight in weights)))


if __name__ == "__main__":
    main()
