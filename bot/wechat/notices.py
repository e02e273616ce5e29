"""Which template carries which notice, and its fields filled so that the platform takes them.

The mapping file (``JIANNUO_WECHAT_NOTICES``) names for each notice ``via`` (``subscribe`` for 订阅通知 or
``template`` for 模板消息), ``id`` (the template's) and ``fields``: the template's key and a text in which
``{fact}`` stands for a fact. A value that is a fact's name alone means that fact.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import yaml

from bot.wechat.template_values import fit, kind_of
from intake.yaml_file import read_yaml

NOTICES = (
    "filed",
    "dispatched",
    "date_changed",
    "question",
    "answered",
    "reopened",
    "closed",
    "declined",
    "commitment_news",
    "reminder",
)
STAFF = frozenset({"reminder"})
FACTS = ("tracking_no", "what", "state", "department", "due", "date", "next", "title")
SAMPLE = Path(__file__).with_name("notices.sample.yml")

_FACT = re.compile(r"\{([^{}]*)\}")
_MAX_FIELDS = 10


@dataclass(frozen=True, slots=True)
class Notice:
    """One notice's template. ``fields``: (key, text with ``{fact}``)."""

    name: str
    via: Literal["subscribe", "template"]
    template_id: str
    fields: tuple[tuple[str, str], ...]


class NoticesInvalid(ValueError):
    """The mapping file is wrong; ``faults`` has every fault, in Chinese."""

    def __init__(self, faults: tuple[str, ...]) -> None:
        super().__init__("；".join(faults))
        self.faults = faults


class NoticeIncomplete(ValueError):
    """No value fits the field ``key``: sending would be refused (47003). Names no value."""

    def __init__(self, notice: str, key: str) -> None:
        super().__init__(f"{notice}: nothing to put into {key}")
        self.notice = notice
        self.key = key


def load_notices(path: Path = SAMPLE) -> Mapping[str, Notice]:
    """The notices of a mapping file; one left out is not sent. Raises :class:`NoticesInvalid`."""
    try:
        content = read_yaml(path)
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise NoticesInvalid((f"{path.name}：无法读取（{type(error).__name__}）",)) from error
    if not isinstance(content, dict) or not content:
        raise NoticesInvalid((f"{path.name}：应为“通知: {{via, id, fields}}”的对照表",))
    faults = [fault for name, entry in content.items() for fault in _faults(str(name), entry)]
    if faults:
        raise NoticesInvalid(tuple(faults))
    return {name: _notice(name, entry) for name, entry in content.items()}


def fill(notice: Notice, facts: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """The template's data, each value cut and cleaned to its field's kind.

    ``facts``: any of :data:`FACTS`, days as ISO or 2026年3月31日. Raises :class:`NoticeIncomplete`.
    """
    data: dict[str, dict[str, str]] = {}
    for key, text in notice.fields:
        value = fit(key, _FACT.sub(lambda found: facts.get(found[1], ""), text))
        if not value:
            raise NoticeIncomplete(notice.name, key)
        data[key] = {"value": value}
    return data


def _notice(name: str, entry: Mapping[str, object]) -> Notice:
    fields = entry["fields"]
    assert isinstance(fields, dict)
    via: Literal["subscribe", "template"] = "subscribe" if entry["via"] == "subscribe" else "template"
    pairs = tuple((str(key), _text(str(value))) for key, value in fields.items())
    return Notice(name, via, str(entry["id"]), pairs)


def _text(value: str) -> str:
    return f"{{{value}}}" if value in FACTS else value


def _faults(name: str, entry: object) -> list[str]:
    if name not in NOTICES:
        return [f"{name}：没有这种通知，应为{'、'.join(NOTICES)}之一"]
    if not isinstance(entry, dict):
        return [f"{name}：应有via、id、fields"]
    faults = [f"{name}：不认识的项{key}" for key in entry if key not in {"via", "id", "fields"}]
    if entry.get("via") not in {"subscribe", "template"}:
        faults.append(f"{name}：via应为subscribe或template")
    if not isinstance(entry.get("id"), str) or not entry["id"].strip():
        faults.append(f"{name}：缺少模板id")
    fields = entry.get("fields")
    if not isinstance(fields, dict) or not 1 <= len(fields) <= _MAX_FIELDS:
        return [*faults, f"{name}：fields应有1至{_MAX_FIELDS}项"]
    return faults + [fault for key, value in fields.items() for fault in _field_faults(name, str(key), value)]


def _field_faults(name: str, key: str, value: object) -> list[str]:
    if kind_of(key) is None:
        return [f"{name}：模板没有{key}这样的字段"]
    if not isinstance(value, str) or not value.strip():
        return [f"{name}：{key}应为文字"]
    return [
        f"{name}：{key}里的{{{fact}}}不是可用的内容" for fact in _FACT.findall(value) if fact not in FACTS
    ]
