"""From what people wrote by hand (``nlu/``, ``patterns/``) to the examples that Rasa is trained on.

``nlu/*.yml`` holds plain examples in Rasa's own format, one file a matter or an intent. They may contain
slots, ``{place}``, whose values stand in ``patterns/slots.yml``. Messages about matters (complaint,
inquiry, suggestion) are also put together as people put them together: a salutation, who is writing, one
or more of the file's sentences, what was tried before, what is wanted, thanks. The frames are
``patterns/frames.yml``; long letters are told chapter by chapter (``patterns/chapters.yml``), short lines
get what people say before and after them (``patterns/talk.yml``). ``labelled/*.tsv`` holds whole messages
with every label, which are learned as they stand. Deterministic: the same files give the same examples,
whatever the machine.
"""

import random
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

SLOT = re.compile(r"\{([a-z_]+)\}")
POINTS = re.compile(r"[，。！？、；：,.!?;:~“”\"（）()…]+")
#: A line of so many characters is a whole message already: it is not put together with others.
WHOLE = 50
#: How many lines also yield a heap of sentences, how many a letter, and the most that one line may make up.
LONG, LETTER, SHARE = 0.08, 0.14, 0.03
#: How many lines of an intent of ``talk.yml`` are also wrapped in what stands around them.
WRAPPED = 0.7
FRAMED = ("complaint", "inquiry", "suggestion")
#: Files with sentences about many matters; every other one that is framed is named after its sector.
MIXED = frozenset(
    (
        "open_problem",
        "stories",
        "plain_words",
        "plain_questions",
        "near_danger",
        "foreign",
        "proposals",
        "units",
    )
)
RENAMED = {"safety": "emergency"}
MARKED = re.compile(r"\[([^\]]+)\]\([^)]+\)")


@dataclass(frozen=True)
class Example:
    """One training message. ``pattern`` names the written line it grew from: ``file:intent:number``;
    ``sector`` is a value of ``storage.vocab.Sector`` or empty; ``whole``: it is a labelled message."""

    intent: str
    text: str
    pattern: str
    sector: str = ""
    whole: bool = False


@dataclass(frozen=True)
class Labelled:
    """A whole message with what people say of it: a line of ``labelled/*.tsv``.

    ``sector`` and ``breach`` may be empty; ``about`` whether it is about a public body's promise.
    """

    intent: str
    sector: str
    about: bool
    breach: str
    text: str
    pattern: str


def load(path: Path) -> dict:
    """A YAML file with every scalar as text: ``88`` and ``no`` are things that people say."""
    return yaml.load(
        path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader
    )  # plain text only, nothing is built


def lines(block: str) -> list[str]:
    """The items of a Rasa ``examples: |`` block."""
    return [row[2:].strip() for row in block.splitlines() if row.startswith("- ") and row[2:].strip()]


def written(folder: Path) -> dict[tuple[str, str], list[str]]:
    """``{(matter, intent): [sentence]}`` of every file, the matter being the file's name."""
    found: dict[tuple[str, str], list[str]] = {}
    for path in sorted(folder.glob("*.yml")):
        for entry in load(path)["nlu"]:
            if "intent" in entry:
                plain = (MARKED.sub(r"\1", line) for line in lines(entry["examples"]))
                found.setdefault((path.stem, entry["intent"]), []).extend(plain)
    return found


def annotated(folder: Path) -> dict[str, list[str]]:
    """``{intent: [line]}`` of lines with ``[words](entity)``: they tell Rasa which entities exist."""
    found: dict[str, list[str]] = {}
    entries = (
        entry for path in sorted(folder.glob("*.yml")) for entry in load(path)["nlu"] if "intent" in entry
    )
    for entry in entries:
        found.setdefault(entry["intent"], []).extend(x for x in lines(entry["examples"]) if MARKED.search(x))
    return found


@dataclass(frozen=True)
class Kin:
    """What a line is put together with: the matter's lines of its intent, and of its complaints."""

    lines: list[str]
    facts: list[str]


class Writer:
    """Puts messages together; ``chance`` is seeded by the line, so one new line changes no other."""

    def __init__(self, patterns: Path) -> None:
        self.slots: dict[str, list[str]] = load(patterns / "slots.yml")
        self.frames: dict[str, dict[str, list[str]]] = load(patterns / "frames.yml")
        self.chapters: dict[str, list[list[str]]] = load(patterns / "chapters.yml")
        self.talk: dict[str, dict[str, list[str]]] = load(patterns / "talk.yml")

    def fill(self, text: str, chance: random.Random) -> str:
        while found := SLOT.search(text):
            text = text[: found.start()] + chance.choice(self.slots[found[1]]) + text[found.end() :]
        return text

    def part(self, intent: str, name: str, share: float, chance: random.Random) -> list[str]:
        return [chance.choice(self.frames[intent][name])] if chance.random() < share else []

    def body(self, intent: str, core: str, kin: Kin, size: int, chance: random.Random) -> list[str]:
        """The sentences of one message about a matter, ``size`` of them from the matter's own list."""
        others = [line for line in kin.lines if line != core]
        more = chance.sample(others, min(size - 1, len(others)))
        reasons: list[str] = []
        if intent == "suggestion" and kin.facts and chance.random() < 0.45:
            reasons = chance.sample(kin.facts, 1)
        if intent == "inquiry" and kin.facts and chance.random() < 0.2:
            reasons = chance.sample(kin.facts, 1)
        cores = [core, *more]
        chance.shuffle(cores)
        return [
            *self.part(intent, "opening", 0.45, chance),
            *self.part(intent, "who", 0.5, chance),
            *reasons,
            *self.part(intent, "background", 0.4, chance),
            *cores,
            *self.part(intent, "past", 0.4, chance),
            *self.part(intent, "demand", 0.55, chance),
            *self.part(intent, "close", 0.4, chance),
        ]

    def long(self, intent: str, core: str, kin: Kin, chance: random.Random) -> str:
        """A message of some hundred characters: many sentences, and several of each frame."""
        inner = [
            line for name in ("who", "background", "past") for line in self.several(intent, name, chance)
        ]
        cores = [core, *chance.sample(kin.lines, min(chance.randint(7, 14), len(kin.lines)))]
        middle = [*dict.fromkeys(cores), *inner]
        chance.shuffle(middle)
        ends = [*self.several(intent, "demand", chance), *self.part(intent, "close", 0.5, chance)]
        parts = [*self.part(intent, "opening", 0.8, chance), *middle, *ends]
        return join([self.fill(part, chance) for part in parts], chance)

    def letter(self, intent: str, core: str, kin: Kin, chance: random.Random) -> str:
        """A long message in the order of telling, the matter's sentences where ``{core}`` stands."""
        chapters = self.chapters[intent]
        told = [chance.choice(chapters[0])]
        for chapter in chapters[1:]:
            if chapter == ["{core}"]:
                told += self.matter(core, kin, chance)
            else:
                told += chance.sample(chapter, chance.choice((0, 1, 2, 3)))
        return join([self.fill(part, chance) for part in told], chance)

    def matter(self, core: str, kin: Kin, chance: random.Random) -> list[str]:
        """Two to six sentences of one matter, in any order."""
        others = [line for line in kin.lines if line != core and len(line) < WHOLE * 2]
        cores = [core, *chance.sample(others, min(chance.randint(1, 5), len(others)))]
        chance.shuffle(cores)
        return cores

    def wrapped(self, intent: str, core: str, chance: random.Random) -> str:
        """A short message with what people say before it, after it, or both."""
        around = self.talk[intent]
        before, after = chance.choice(((1, 0), (0, 1), (1, 1)))
        parts = [*chance.sample(around["before"], before), core, *chance.sample(around["after"], after)]
        filled = [part for part in (self.fill(part, chance) for part in parts) if part]
        return chance.choice(("，", "，", " ", "")).join(filled)

    def several(self, intent: str, name: str, chance: random.Random) -> list[str]:
        return chance.sample(self.frames[intent][name], chance.randint(1, 4))

    def framed(self, intent: str, core: str, kin: Kin, size: int, chance: random.Random) -> str:
        parts = [self.fill(part, chance) for part in self.body(intent, core, kin, size, chance)]
        return join(parts, chance)


def join(parts: list[str], chance: random.Random) -> str:
    """Sentences as people run them together: full stops, commas, or (voice to text) nothing at all."""
    style = chance.random()
    if style < 0.15:
        return "".join(POINTS.sub("", part) for part in parts)
    link = "，" if style < 0.4 else "。"
    return "".join(p if p[-1] in "。！？!?，：:~" else p + link for p in parts).rstrip("，：")


def sizes(intent: str, chance: random.Random) -> list[int]:
    """How many sentences of the matter each message of one line holds; few are long, as in life."""
    several = {"complaint": [1, 2, 3], "inquiry": [1, 1, 2, 2], "suggestion": [1, 1, 2, 3]}[intent]
    return several + ([chance.randint(4, 8)] if chance.random() < 0.1 else [])


def variants(line: str, writer: Writer, chance: random.Random) -> Iterator[str]:
    """A short message as it stands, without its points, and with other slot values."""
    yield writer.fill(line, chance)
    if POINTS.search(line):
        yield POINTS.sub("", writer.fill(line, chance))
    for _ in range(2 if SLOT.search(line) else 0):
        yield writer.fill(line, chance)


def told(intent: str, core: str, kin: Kin, writer: Writer, chance: random.Random) -> Iterator[str]:
    """All messages that grow from one line, the plainest first."""
    yield from variants(core, writer, chance)
    if intent in writer.talk and len(core) > 1 and chance.random() < WRAPPED:
        yield writer.wrapped(intent, core, chance)
        yield writer.wrapped(intent, core, chance)
    if intent not in FRAMED or len(core) >= WHOLE:
        return
    for size in sizes(intent, chance):
        yield writer.framed(intent, core, kin, size, chance)
    if chance.random() < LONG:
        yield writer.long(intent, core, kin, chance)
    if chance.random() < LETTER:
        yield writer.letter(intent, core, kin, chance)


def allowed(groups: dict[tuple[str, str], list[str]]) -> dict[str, int]:
    """How many messages one line of each intent may yield: never more than 3 % of the intent's lines."""
    counts: dict[str, int] = {}
    for (_matter, intent), own in groups.items():
        counts[intent] = counts.get(intent, 0) + len(own)
    return {intent: max(1, int(SHARE * count)) for intent, count in counts.items()}


def labelled(folder: Path) -> list[Labelled]:
    """``labelled/*.tsv``: intent, sector, about, breach, text; ``-`` for none, ``\\n`` for a line's end."""
    found = []
    for path in sorted(folder.glob("*.tsv")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines()):
            intent, sector, about, breach, text = line.split("\t")
            found.append(
                Labelled(
                    intent=intent,
                    sector="" if sector == "-" else sector,
                    about=about == "1",
                    breach="" if breach == "-" else breach,
                    text=text.replace("\\n", "\n"),
                    pattern=f"{path.stem}:{intent}:{number}",
                )
            )
    return found


def examples(here: Path) -> list[Example]:
    """Every training message, each text once."""
    writer = Writer(here / "patterns")
    groups = written(here / "nlu")
    most = allowed(groups)
    found: dict[str, Example] = {}
    for (matter, intent), own in groups.items():
        kin = Kin(own, groups.get((matter, "complaint"), []))
        for number, core in enumerate(own):
            chance = random.Random(zlib.crc32(core.encode()))
            pattern = f"{matter}:{intent}:{number}"
            texts = list(told(intent, core, kin, writer, chance))
            for text in texts[: most[intent]]:
                if text:
                    found.setdefault(text, Example(intent, text, pattern, sector_of(matter, intent)))
    for one in labelled(here / "labelled"):
        found[one.text] = Example(one.intent, one.text, one.pattern, one.sector, whole=True)
    return list(found.values())


def sector_of(matter: str, intent: str) -> str:
    """The sector that a file of sentences about a matter is about; empty for the other files."""
    return RENAMED.get(matter, matter) if intent in FRAMED and matter not in MIXED else ""


def write_expanded(here: Path, folder: Path) -> Path:
    """Write the examples and the entity lists where Rasa reads them; returns the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.yml"):
        old.unlink()
    by_intent: dict[str, list[str]] = {}
    for example in examples(here):
        by_intent.setdefault(example.intent, []).append(" ".join(example.text.split()))
    for intent, marked in annotated(here / "nlu").items():
        by_intent[intent].extend(marked)
    nlu = [{"intent": i, "examples": "".join(f"- {t}\n" for t in texts)} for i, texts in by_intent.items()]
    dump(folder / "intents.yml", nlu)
    entities = [e for p in sorted((here / "nlu").glob("*.yml")) for e in load(p)["nlu"] if "intent" not in e]
    for table in sorted((here / "lookups").glob("*.txt")):
        rows = (row.strip() for row in table.read_text(encoding="utf-8").splitlines())
        names = sorted({row for row in rows if row and not row.startswith("#")}, key=lambda n: (-len(n), n))
        entities.append({"lookup": table.stem, "examples": "".join(f"- {name}\n" for name in names)})
    dump(folder / "entities.yml", entities)
    return folder


def dump(path: Path, nlu: list[dict]) -> None:
    text = yaml.safe_dump({"version": "3.1", "nlu": nlu}, allow_unicode=True, sort_keys=False, width=10**9)
    path.write_text(text, encoding="utf-8")
