"""The archive: an append-only chain of events for each subject, and daily heads over all of them.

``hash`` = SHA-256 of (previous hash, sequence, time, actor, action, from, to, salted digest of the
payload), as domain 5 has it. The payload stands apart: a lawful erasure can empty it, the chain still holds.
"""

import hashlib
import hmac
import json
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, TypedDict, Unpack

from intake.actor import Actor
from storage.stores.events import EventRow
from storage.unit import Unit

START = "0" * 64


@dataclass(frozen=True, slots=True)
class Tip:
    """The last event of a subject: what its own row remembers."""

    seq: int
    hash: str


class Facts(TypedDict):
    """What an event is made of."""

    subject: tuple[str, str]
    tip: Tip
    at: datetime
    actor: Actor
    action: str
    states: tuple[str | None, str | None]
    payload: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with the archive."""

    subject: str
    seq: int | None
    what: str

    def as_json(self) -> dict[str, Any]:
        return {"subject": self.subject, "seq": self.seq, "what": self.what}


@dataclass(frozen=True, slots=True)
class Composed:
    """An event that is not written yet: its row, its payload, and the tip that it makes."""

    row: dict[str, Any]
    salt: str
    payload: dict[str, Any]

    @property
    def tip(self) -> Tip:
        return Tip(self.row["seq"], self.row["hash"])


def composed(**facts: Unpack[Facts]) -> Composed:
    """The event that follows ``tip``, for :func:`record_all`."""
    salt, tip, payload = secrets.token_hex(16), facts["tip"], facts["payload"]
    event: dict[str, Any] = {
        "subject_kind": facts["subject"][0],
        "subject_id": facts["subject"][1],
        "seq": tip.seq + 1,
        "at": facts["at"],
        "actor_role": facts["actor"].role.value,
        "actor": facts["actor"].name,
        "action": facts["action"],
        "from_state": facts["states"][0],
        "to_state": facts["states"][1],
        "payload_digest": payload_digest(salt, payload),
        "previous": tip.hash or START,
    }
    event["hash"] = chained(event)
    return Composed(event, salt, payload)


async def record(unit: Unit, **event: Unpack[Facts]) -> Tip:
    """Append one event behind its ``tip`` and return the new tip; the caller writes it on the subject's
    row."""
    one = composed(**event)
    await unit.events.add(one.row, salt=one.salt, body=one.payload)
    return one.tip


async def record_all(unit: Unit, events: list[Composed]) -> None:
    """Append many events in a few trips; the caller writes the tips on the subjects' rows."""
    await unit.events.add_all([(one.row, one.salt, one.payload) for one in events])


def payload_digest(salt: str, payload: dict[str, Any]) -> str:
    """SHA-256 over the salt and the payload's canonical JSON."""
    return hashlib.sha256(f"{salt}\n{_canonical(payload)}".encode()).hexdigest()


def chained(event: dict[str, Any]) -> str:
    """The hash that binds an event to its place in the chain."""
    at: datetime = event["at"]
    parts = [
        event["previous"],
        event["seq"],
        at.astimezone(UTC).isoformat(timespec="microseconds"),
        f"{event['actor_role']}:{event['actor']}",
        f"{event['subject_kind']}:{event['subject_id']}:{event['action']}",
        event["from_state"] or "",
        event["to_state"] or "",
        event["payload_digest"],
    ]
    return hashlib.sha256(_canonical(parts).encode()).hexdigest()


async def verify(unit: Unit, key: bytes, *, head: str | None = None) -> list[Fault]:
    """Everything that was changed, removed or put in another order; an empty list when all is well.

    ``head``: an HMAC noted earlier outside the database; it must still be among the daily heads.
    """
    faults: list[Fault] = []
    tips = await unit.events.tips()
    seen: dict[tuple[str, str], tuple[int, str]] = {}
    async for row in unit.events.everything():
        subject = (row.subject_kind, row.subject_id)
        before = seen.get(subject, (0, START))
        faults += _row_faults(row, before)
        seen[subject] = (row.seq, row.hash)
    for subject, tip in tips.items():
        if seen.get(subject) != tip:
            faults.append(Fault(":".join(subject), tip[0], "the tail is missing or is another's"))
    faults += [Fault(":".join(s), None, "the subject is missing") for s in seen if s not in tips]
    faults += await _head_faults(unit, key, seen, head)
    return faults


def _row_faults(row: EventRow, before: tuple[int, str]) -> list[Fault]:
    name = f"{row.subject_kind}:{row.subject_id}"
    found = []
    if row.seq != before[0] + 1:
        found.append(Fault(name, row.seq, f"the event before it should be {before[0]}"))
    if row.previous != before[1]:
        found.append(Fault(name, row.seq, "it does not follow the event before it"))
    event = {field: getattr(row, field) for field in _CHAINED}
    if chained(event) != row.hash:
        found.append(Fault(name, row.seq, "it was changed"))
    if not row.erased and (row.body is None or payload_digest(row.salt, row.body) != row.payload_digest):
        found.append(Fault(name, row.seq, "its payload was changed"))
    return found


_CHAINED = (
    "previous",
    "seq",
    "at",
    "actor_role",
    "actor",
    "subject_kind",
    "subject_id",
    "action",
    "from_state",
    "to_state",
    "payload_digest",
)


async def make_head(unit: Unit, key: bytes, *, day: date, at: datetime) -> str:
    """Close a day: chain the count and every subject's tip under the archive's own key."""
    tips = await unit.events.tips()
    last = await unit.events.last_head()
    previous = last.hmac if last else START
    digest = tips_digest(tips)
    count = sum(seq for seq, _ in tips.values())
    signed = head_hmac(key, day, (len(tips), count), digest, previous)
    await unit.events.add_head(
        {
            "day": day,
            "subjects": len(tips),
            "events": count,
            "digest": digest,
            "previous": previous,
            "hmac": signed,
            "made_at": at,
        }
    )
    return signed


def tips_digest(tips: dict[tuple[str, str], tuple[int, str]]) -> str:
    """One digest over all subjects' last sequences and hashes."""
    lines = sorted(f"{kind}:{name}:{seq}:{digest}" for (kind, name), (seq, digest) in tips.items())
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def head_hmac(key: bytes, day: date, counts: tuple[int, int], digest: str, previous: str) -> str:
    """The signature of one day: ``counts`` are subjects and events."""
    body = f"{previous}\n{day.isoformat()}\n{counts[0]}\n{counts[1]}\n{digest}"
    return hmac.new(key, body.encode(), hashlib.sha256).hexdigest()


async def _head_faults(
    unit: Unit, key: bytes, seen: dict[tuple[str, str], tuple[int, str]], head: str | None
) -> list[Fault]:
    faults, previous, known = [], START, set()
    rows = await unit.events.heads()
    for row in rows:
        right = head_hmac(key, row.day, (row.subjects, row.events), row.digest, row.previous)
        if row.previous != previous or not hmac.compare_digest(right, row.hmac):
            faults.append(Fault(f"head:{row.day}", None, "the daily head was changed or does not follow"))
        previous = row.hmac
        known.add(row.hmac)
    if rows and (rows[-1].subjects > len(seen) or rows[-1].events > _total(seen.values())):
        faults.append(Fault(f"head:{rows[-1].day}", None, "fewer subjects or events than the head counted"))
    if head is not None and head not in known:
        faults.append(Fault("head", None, "the head given is not among the daily heads"))
    return faults


def _total(tips: Iterable[tuple[int, str]]) -> int:
    return sum(seq for seq, _ in tips)


def _canonical(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
