"""What a digest says by each channel: numbers, clocks, dates, links; nothing of the citizen."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

from bot.message import Reply
from bot.wechat.notices import Notice, fill
from bot.wechat.render import plain_text
from intake.clock import local
from intake.yaml_file import read_yaml
from storage.stores.reminders import ReminderRow

FEW, MANY = 8, 200
"""Lines that fit into a chat message, and into a mail."""


@cache
def words() -> dict[str, Any]:
    read: dict[str, Any] = read_yaml(Path(__file__).with_name("words.yml"))
    return read


@dataclass(frozen=True, slots=True)
class Digest:
    """One person's digest. ``lines`` in the order of their deadlines, at least one; ``names``: of the
    reader and of those for whom they stand in, by login; ``console``: the address of the console."""

    lines: list[ReminderRow]
    reader: str
    names: Mapping[str, str]
    console: str

    @property
    def urgent(self) -> bool:
        return any(line.urgent for line in self.lines)

    def subject(self) -> str:
        return self._said("subject", count=len(self.lines), due=_moment(self.lines[0].due_at))

    def mail(self) -> str:
        return self._whole(MANY)

    def text(self) -> str:
        """For a customer-service message."""
        return plain_text(Reply(self._whole(FEW)))

    def markdown(self) -> str:
        """For a group robot."""
        shown = (
            f"> [{line.tracking_no}]({self._link(line)}){self._facts(line)}" for line in self.lines[:FEW]
        )
        return "\n".join([f"**{self._head()}**", *shown, f"[{self._tail(FEW)}]({self._all()})"])

    def card(self, template: Notice) -> dict[str, dict[str, str]]:
        """For a subscription notice or a template message; raises ``bot.wechat.notices.NoticeIncomplete``."""
        first = self.lines[0]
        return fill(
            template,
            {
                "tracking_no": first.tracking_no,
                "what": self._clock(first),
                "title": self._head(),
                "state": self._rung(first),
                "due": local(first.due_at).isoformat(timespec="minutes"),
                "date": local(first.at).date().isoformat(),
                "next": self._tail(1),
            },
        )

    def _whole(self, most: int) -> str:
        shown = [f"{line.tracking_no}{self._facts(line)}\n{self._link(line)}" for line in self.lines[:most]]
        return "\n".join([self._head(), *shown, self._tail(most), self._all()])

    def _head(self) -> str:
        return self._said("head", name=self.names[self.reader], count=len(self.lines))

    def _facts(self, line: ReminderRow) -> str:
        away = line.stands_for
        return str(words()["line"]).format(
            clock=self._clock(line),
            due=_moment(line.due_at),
            estimated=words()["estimated"] if line.estimated else "",
            rung=self._rung(line),
            stands_for=words()["stands_for"].format(name=self.names.get(away, away)) if away else "",
        )

    def _clock(self, line: ReminderRow) -> str:
        return str(words()["clock"][line.clock])

    def _rung(self, line: ReminderRow) -> str:
        return str(words()["rung"].get(line.rung, line.rung))

    def _tail(self, most: int) -> str:
        left = len(self.lines) - most
        return str(words()["more"]).format(count=left) if left > 0 else str(words()["all"])

    def _said(self, key: str, **facts: object) -> str:
        return str(words()[f"{key}_urgent" if self.urgent else key]).format(**facts)

    def _link(self, line: ReminderRow) -> str:
        kind = "commitments" if line.commitment else "cases"
        return f"{self.console}/{kind}/{quote(line.tracking_no)}"

    def _all(self) -> str:
        return f"{self.console}/reminders"


def _moment(at: datetime) -> str:
    return f"{local(at):%Y-%m-%d %H:%M}"
