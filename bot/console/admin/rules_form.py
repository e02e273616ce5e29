"""The rules as a form: numbers in fields, hours and reminders a line each; and how two versions differ.

A reminder's line is ``name | working days from the due date, or 超时即发 | to | cc | 线索``.
"""

import re
from typing import Any

from pydantic import ValidationError

from bot.console.words import word
from intake.errors import Invalid
from intake.forms import in_words
from intake.profiles.schema import Audience, Rules, Rung
from storage.vocab import CaseType, ClockKind

Typed = dict[str, str]
HOURS = ("dispatch_hours", "sign_hours")
DAYS = (
    "return_days",
    "extension_days",
    "pause_days",
    "rework_days",
    "first_contact_days",
    "contact_days",
    "ruling_days",
    "rating_days",
)
KINDS = tuple(kind for kind in ClockKind if kind not in (ClockKind.ANSWER, ClockKind.REWORK))
LADDERS = ("ladder", *(f"reminders-{kind.value}" for kind in KINDS))
LEAD, LATE = "线索", "超时即发"
_PERIOD = re.compile(r"(\d{1,2}:\d{2})\s*[-–—至到~]\s*(\d{1,2}:\d{2})")
_AUDIENCES = {word(audience.value, "audience"): audience for audience in Audience}


def typed_of(rules: Rules) -> Typed:
    """What stands, as the inputs show it."""
    typed = {name: str(getattr(rules, name)) for name in DAYS}
    for name in HOURS:
        limit = getattr(rules, name)
        typed |= {f"{name}-normal": str(limit.normal), f"{name}-urgent": str(limit.urgent)}
    for kind in CaseType:
        typed[f"answer_days-{kind.value}"] = str(rules.answer_days[kind])
        typed[f"urgent_answer_days-{kind.value}"] = str(rules.urgent_answer_days.get(kind, ""))
    typed["office"] = "\n".join(f"{one.start:%H:%M}-{one.until:%H:%M}" for one in rules.office)
    typed["ladder"] = _lines(rules.ladder)
    return typed | {f"reminders-{kind.value}": _lines(rules.reminders.get(kind, ())) for kind in KINDS}


def rules_of(typed: Typed, name: str) -> Rules:
    """The rules that were typed; raises :class:`Invalid` naming every input."""
    faults: dict[str, str] = {}
    values: dict[str, Any] = {"name": name, **{one: _number(typed, one, faults) for one in DAYS}}
    for one in HOURS:
        values[one] = {part: _number(typed, f"{one}-{part}", faults) for part in ("normal", "urgent")}
    values["answer_days"] = {
        kind.value: _number(typed, f"answer_days-{kind.value}", faults) for kind in CaseType
    }
    urgent = {kind.value: f"urgent_answer_days-{kind.value}" for kind in CaseType}
    values["urgent_answer_days"] = {
        kind: _number(typed, given, faults) for kind, given in urgent.items() if typed.get(given, "").strip()
    }
    values["office"] = _office(typed.get("office", ""), faults)
    values["ladder"] = _rungs(typed, "ladder", faults)
    values["reminders"] = {
        kind.value: rungs for kind in KINDS if (rungs := _rungs(typed, f"reminders-{kind.value}", faults))
    }
    if faults:
        raise Invalid("填写有误", fields=faults)
    try:
        return Rules.model_validate(values)
    except ValidationError as error:
        told = {key.replace(".", "-", 1): words for key, words in in_words(error).items()}
        raise Invalid("填写有误：" + "；".join(told.values()), fields=told) from None


def diff(before: Rules, after: Rules) -> list[tuple[str, str, str]]:
    """What differs, in words: label, before, after."""
    old, new = told(before), told(after)
    labels = [*old, *(label for label in new if label not in old)]
    return [
        (label, old.get(label, "没有"), new.get(label, "没有"))
        for label in labels
        if old.get(label) != new.get(label)
    ]


def told(rules: Rules) -> Typed:
    """Rules in words, by label."""
    typed, lines = typed_of(rules), dict[str, str]()
    for name in HOURS:
        what = word(name, "admin_field")
        lines[f"{what}（小时）"] = typed[f"{name}-normal"]
        lines[f"{what}，紧急件（小时）"] = typed[f"{name}-urgent"]
    for kind in CaseType:
        what = word(kind.value, "type")
        lines[f"答复{what}（工作日）"] = typed[f"answer_days-{kind.value}"]
        lines[f"答复{what}，紧急件（工作日）"] = typed[f"urgent_answer_days-{kind.value}"] or "同上"
    lines |= {label_of(name): typed[name] for name in DAYS}
    lines["办公时间"] = typed["office"]
    lines["答复和重办的提醒"] = typed["ladder"] or "没有"
    return lines | {
        f"{word(kind.value, 'clock')}的提醒": typed[f"reminders-{kind.value}"] or "没有" for kind in KINDS
    }


def label_of(name: str) -> str:
    """A limit in days with its unit."""
    return f"{word(name, 'admin_field')}（{'天' if name == 'rating_days' else '工作日'}）"


def _lines(rungs: tuple[Rung, ...]) -> str:
    return "\n".join(_line(rung) for rung in rungs)


def _line(rung: Rung) -> str:
    when = LATE if rung.offset is None else str(rung.offset)
    people = ["、".join(word(one.value, "audience") for one in group) for group in (rung.to, rung.cc)]
    parts = [rung.name, when, *people, LEAD if rung.event else ""]
    while not parts[-1]:
        parts.pop()
    return " | ".join(parts)


def _number(typed: Typed, name: str, faults: dict[str, str]) -> int:
    text = typed.get(name, "").strip()
    if not (text.isascii() and text.isdigit() and 0 < len(text) < 4):
        faults[name] = "要填整数"
        return 1
    return int(text)


def _office(text: str, faults: dict[str, str]) -> list[dict[str, str]]:
    periods = []
    for line in filter(None, map(str.strip, text.split("\n"))):
        found = _PERIOD.fullmatch(line)
        if found is None:
            faults["office"] = f"“{line}”要写成 08:30-12:00"
            return []
        periods.append({"start": found[1].zfill(5), "until": found[2].zfill(5)})
    ends = [moment for one in sorted(periods, key=lambda one: one["start"]) for moment in one.values()]
    if not periods:
        faults["office"] = "至少一段"
    elif ends != sorted(set(ends)):
        faults["office"] = "每段从早到晚，各段不能重叠"
    return periods


def _rungs(typed: Typed, name: str, faults: dict[str, str]) -> list[dict[str, Any]]:
    rungs: list[dict[str, Any]] = []
    for line in filter(None, map(str.strip, typed.get(name, "").replace("｜", "|").split("\n"))):
        parts = [part.strip() for part in line.split("|")]
        parts += [""] * (5 - len(parts))
        to, cc = _people(parts[2]), _people(parts[3])
        dated = re.fullmatch(r"[+-]?\d{1,2}", parts[1])
        if len(parts) > 5 or not parts[0] or not to or cc is None or not (dated or parts[1] in ("", LATE)):
            faults[name] = f"看不懂这一行：“{line}”"
            return []
        offset = int(parts[1]) if dated else None
        event = "lead_proposed" if parts[4] == LEAD else ""
        if parts[0] in {rung["name"] for rung in rungs}:
            faults[name] = f"“{parts[0]}”写了两遍"
        rungs.append({"name": parts[0], "offset": offset, "to": to, "cc": cc, "event": event})
    return rungs


def _people(text: str) -> list[Audience] | None:
    """Who is named; None where somebody is that nobody knows."""
    names = [name.strip() for name in re.split("[、，,]", text) if name.strip()]
    return [_AUDIENCES[name] for name in names] if set(names) <= set(_AUDIENCES) else None
