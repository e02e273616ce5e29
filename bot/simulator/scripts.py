"""Conversations written down: what a citizen does and what must be read on the phone.

A script is a YAML list of steps. A step holds at most one act and any checks::

    - say: 示例路施工没有按承诺完工        # also choose, photo, voice, video, location, link, file, event
      expect: [已收到, 单号]               # all of them, in the reply or the message in its place
      not_expect: [错误]
      remember: {number: '单号：(\\S+)'}    # ${number} stands for it in later steps
    - advance: 48h                         # 30s, 15m, 48h, 7d
    - expect_push: [已转交, '${number}']   # a message the account sends by itself
    - as: 乙                               # another citizen from here on; the first one is 甲
    - consent: accept                      # answers the consent window for notices
    - faults: {calls: [{path: custom/send, errcode: 45015}]}
    - say: 你好
      expect_tip: true                     # otherwise the failure tip fails the script

``run`` plays one; the failure names the step and shows the chat's last lines.
"""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from bot.simulator.remote import Json, Remote
from bot.simulator.transcript import PUSHES
from intake.yaml_file import read_yaml

ACTS = ("say", "choose", "photo", "voice", "video", "location", "link", "file", "event", "raw")
BESIDE = ("key", "url", "scene", "revoked", "name", "fields", "menu_id", "short")
CHECKS = ("expect", "not_expect", "expect_push", "expect_tip", "remember")
OTHERS = ("as", "advance", "consent", "faults")
UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
SHOWN = 8
Step = Mapping[str, Any]


class ScriptFailure(AssertionError):
    """A step whose expectation was not met; ``why`` alone, without the step and the chat."""

    def __init__(self, told: str, why: str) -> None:
        super().__init__(told)
        self.why = why


def read(path: Path) -> list[Step]:
    """The steps of a file. Raises ValueError for what is no script."""
    return checked(read_yaml(path), path.name)


def checked(steps: Any, name: str) -> list[Step]:
    """What YAML held, as steps. Raises ValueError for what is no script."""
    if not isinstance(steps, list) or not all(isinstance(step, Mapping) for step in steps):
        raise ValueError(f"{name}: a list of steps is needed")
    for number, step in enumerate(steps, 1):
        unknown = set(step) - {*ACTS, *BESIDE, *CHECKS, *OTHERS}
        if unknown:
            raise ValueError(f"{name}, step {number}: unknown {', '.join(sorted(map(str, unknown)))}")
    return steps


def seconds(text: str | float) -> float:
    """``48h`` → 172800. Raises ValueError."""
    found = re.fullmatch(r"(\d+(?:\.\d+)?)([smhd]?)", str(text))
    if not found:
        raise ValueError(f"{text} is no length of time: 30s, 15m, 48h, 7d")
    return float(found[1]) * UNITS[found[2] or "s"]


async def run(steps: Sequence[Step], remote: Remote, *, patience: float = 10.0, name: str = "script") -> None:
    """Plays the steps with new citizens. ``patience``: seconds of real time to wait for a push.

    Raises ScriptFailure.
    """
    play = Play(remote, patience, name)
    for number, step in enumerate(steps, 1):
        await play.step(number, step)


class Play:
    """One playing of a script, step by step. ``who`` acts, ``openid`` is theirs, ``words`` were read last."""

    def __init__(self, remote: Remote, patience: float, name: str) -> None:
        self.who = "甲"
        self.openid = ""
        self.words = ""
        self._remote = remote
        self._patience = patience
        self._name = name
        self._openids: dict[str, str] = {}
        self._read_to: dict[str, int] = {}
        self._known: dict[str, str] = {}
        self._at = ""

    async def step(self, number: int, step: Step) -> Step:
        """Does one step; what it was, with all that was remembered put in. Raises ScriptFailure."""
        step, self.words = self.filled(step), ""
        self._at = f"{self._name}, step {number}: {step}"
        self.who = str(step.get("as", self.who))
        openid = self.openid = await self._openid()
        if "advance" in step:
            await self._remote.advance(seconds(step["advance"]))
        if "faults" in step:
            await self._remote.faults(**step["faults"])
        if "consent" in step:
            await self._remote.consent(openid, step["consent"])
        if any(act in step for act in ACTS):
            await self._act(openid, step)
        if "expect_push" in step:
            await self._push(openid, _list(step["expect_push"]))
        await self._remember(step.get("remember", {}))
        return step

    async def _act(self, openid: str, step: Step) -> None:
        what = {key: step[key] for key in (*ACTS, *BESIDE) if key in step}
        if "say" in what:
            what["text"] = str(what.pop("say"))
        done = await self._remote.say(openid, **what)
        if done["tip"] != bool(step.get("expect_tip", False)):
            await self._fail(f"tip: {done['tip']} ({done['status']} {done['reason']})")
        self.words = done["words"]
        if "expect" in step or "not_expect" in step:
            if done["status"] == "silent":
                self.words = await self._late(openid, done["seq"])
            await self._check(_list(step.get("expect", [])), _list(step.get("not_expect", [])))

    async def _late(self, openid: str, after: int) -> str:
        """The reply that came as a message of its own, because it took too long."""
        start = max(after, self._read_to.get(openid, 0))
        found = await self._remote.entries(openid, after=start, kinds=["service"], wait=self._patience)
        if not found:
            await self._fail("no reply, and no message in its place")
        self._read_to[openid] = found[0]["seq"]
        return str(found[0]["words"])

    async def _push(self, openid: str, wanted: list[str]) -> None:
        """The first unread push that holds all that is wanted; what comes before it counts as read."""
        seen: list[str] = []
        while True:
            start = self._read_to.get(openid, 0)
            found = await self._remote.entries(openid, after=start, kinds=PUSHES, wait=self._patience)
            if not found:
                await self._fail(f"no push with {wanted}; pushes were {seen}")
            self._read_to[openid] = found[0]["seq"]
            words = _whole(found[0])
            if all(part in words for part in wanted):
                self.words = words
                return
            seen.append(words)

    async def _check(self, wanted: list[str], unwanted: list[str]) -> None:
        missing = [part for part in wanted if part not in self.words]
        present = [part for part in unwanted if part in self.words]
        if missing or present:
            await self._fail(f"missing {missing}, unwanted {present} in:\n{self.words}")

    async def _remember(self, patterns: Mapping[str, str]) -> None:
        for name, pattern in patterns.items():
            found = re.search(pattern, self.words)
            if not found:
                await self._fail(f"nothing like {pattern} in:\n{self.words}")
            else:
                self._known[name] = found[1] if found.groups() else found[0]

    async def _openid(self) -> str:
        if self.who not in self._openids:
            self._openids[self.who] = await self._remote.citizen()
        return self._openids[self.who]

    async def _fail(self, why: str) -> None:
        entries = await self._remote.entries(await self._openid())
        chat = "\n".join(f"  {entry['side']}/{entry['kind']}: {_whole(entry)}" for entry in entries[-SHOWN:])
        raise ScriptFailure(f"{self._at}\n{why}\nchat of {self.who}:\n{chat}", why)

    def filled(self, step: Step) -> Step:
        """A step with what was remembered put in."""
        return {key: self._fill(value) for key, value in step.items()}

    def _fill(self, value: Any) -> Any:
        if isinstance(value, str):
            return re.sub(r"\$\{(\w+)\}", lambda found: self._known.get(found[1], found[0]), value)
        return [self._fill(item) for item in value] if isinstance(value, list) else value


def _whole(entry: Json) -> str:
    """Title and rows of a notice belong to its words."""
    title, rows = entry["extra"].get("title", ""), entry["extra"].get("rows", [])
    return "\n".join([title, *(text for _, text in rows)]) if rows else str(entry["words"])


def _list(given: object) -> list[str]:
    return [str(item) for item in given] if isinstance(given, list) else [str(given)]
