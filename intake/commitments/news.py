"""News of commitments: written down as they happen, told to those who follow in one digest a person and day,
and in the same digest what came of a poll to those who voted.

Nothing is told at night, and nothing twice: a digest and the mark that its reader has heard commit together.
What happens within :data:`GATHERED` of the first news goes along with it; whoever had a digest today hears
the rest in tomorrow's."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any

import structlog

from intake.clock import SHANGHAI, local
from intake.desk import Desk
from intake.notices import BODY
from storage.stores.follows import NewsRow
from storage.stores.registry import CommitmentRow
from storage.stores.wanted import PUBLISHED
from storage.unit import Unit
from storage.vocab import COMMITMENT_NEWS, CommitmentAction, CommitmentState, MilestoneState, News

log = structlog.get_logger(__name__)

ALONE = "commitment_news"
BATCH = 500
MORNING, EVENING = time(8), time(21)
GATHERED = timedelta(minutes=30)
SETTLED = timedelta(minutes=1)
"""What was written down before that has committed, whatever the order of its number."""
LATE = timedelta(days=30)
"""Days that passed longer ago are no news."""
A = CommitmentAction
_KINDS: dict[str, News] = {
    A.REPORT_PROGRESS: News.PROGRESS,
    A.SET_MILESTONE: News.MILESTONE,
    A.CONFIRM_FULFILLED: News.FULFILLED,
    A.DECLARE_BROKEN: News.BROKEN,
    A.END: News.ENDED,
    A.PUBLISH: News.PUBLISHED,
}
_SAID = ("percent", "text")
"""What of an event's payload is told: everybody reads it on the commitment's page."""


async def of_step(
    desk: Desk, before: CommitmentRow, after: CommitmentRow, action: str, payload: dict[str, Any]
) -> None:
    """Write down what a step is for those who follow the commitment, if it is news."""
    kind = _KINDS.get(action)
    if kind is News.MILESTONE and payload.get("state") != MilestoneState.DONE:
        return
    if kind is News.PUBLISHED and before.state == CommitmentState.ACTIVE:
        kind = News.CHANGED if before.due_on == after.due_on else News.DATE_CHANGED
    if kind is None:
        return
    facts = {name: payload[name] for name in _SAID if payload.get(name) not in (None, "")}
    if kind is News.MILESTONE:
        facts["text"] = payload["title"]
    await write(desk, after, kind, facts | _due(after.due_on))


async def write(
    desk: Desk,
    row: CommitmentRow,
    kind: News,
    facts: dict[str, Any],
    *,
    whole_unit: bool = False,
    poll: int | None = None,
) -> None:
    """Write news down for the followers of a commitment that everybody may read; with ``whole_unit`` for
    those of any commitment of its unit, with ``poll`` for who voted in it as well."""
    if not row.public or row.state not in PUBLISHED:
        return
    told = {row.code, *(await desk.unit.follows.followed_in(row.department) if whole_unit else ())}
    told_in_order = sorted(told, key=lambda code: (code != row.code, code))
    await desk.unit.follows.add_news(
        [
            _row(row.code, kind, facts, desk.now()) | {"commitment": code, "poll": poll}
            for code in told_in_order
        ]
    )


async def of_file(unit: Unit, changed: Iterable[tuple[dict[str, Any], CommitmentRow]], at: datetime) -> None:
    """Write down what a file changed of commitments: their day, or that they are kept or broken."""
    ends = {CommitmentState.FULFILLED.value: News.FULFILLED, CommitmentState.BROKEN.value: News.BROKEN}
    rows = []
    for record, before in changed:
        if not record["public"]:
            continue
        if record["state"] != before.state and record["state"] in ends:
            rows.append(_row(before.code, ends[record["state"]], {}, at))
        elif record["due_on"] != before.due_on:
            rows.append(_row(before.code, News.DATE_CHANGED, _due(record["due_on"]), at))
    await unit.follows.add_news(rows)


async def note_overdue(desk: Desk) -> int:
    """Once a day: write down whose day has passed, once for each day; how many stand so."""
    today = desk.clock.today()
    rows = await desk.unit.follows.overdue(today, since=today - LATE)
    await desk.unit.follows.add_news(
        [
            _row(row.code, News.OVERDUE, _due(row.due_on), desk.now())
            | {"once": f"overdue:{row.code}:{row.due_on}"}
            for row in rows
        ]
    )
    return len(rows)


def quiet_left(now: datetime) -> timedelta | None:
    """How long nothing is told to citizens that can wait; None in the daytime."""
    here = local(now)
    if MORNING <= here.time() < EVENING:
        return None
    day = here.date() + timedelta(days=here.time() >= EVENING)
    return datetime.combine(day, MORNING, SHANGHAI) - now


async def any_to_tell(desk: Desk) -> bool:
    """Whether :func:`tell` has something to do; for a reading unit."""
    follows, now = desk.unit.follows, desk.now()
    ripe = now - GATHERED
    if quiet_left(now) is not None or not await follows.any_open(ripe):
        return False
    return bool(await follows.to_tell(ripe=ripe, key=_key(now), limit=1)) or not await follows.any_unheard(
        ripe
    )


async def tell(desk: Desk, limit: int = BATCH) -> bool:
    """Queue the digests of a batch of people; whether there may be more at once.

    One process tells at a time. Who follows no longer, or cannot be reached, is not told.
    """
    follows, now = desk.unit.follows, desk.now()
    if quiet_left(now) is not None or not await desk.unit.operations.alone(ALONE):
        return False
    ripe, key = now - GATHERED, _key(now)
    people = await follows.to_tell(ripe=ripe, key=key, limit=limit)
    if not people:
        await follows.finish(ripe, now)
        return False
    last = await follows.newest(now - SETTLED)
    unheard = await follows.unheard(people, last=last)
    await _queue(desk, unheard, key)
    await follows.heard(people, last=last)
    desk.unit.wake("outbox")
    log.info("commitment_news_told", people=len(people))
    return True


def _key(now: datetime) -> str:
    """What the keys of today's digests begin with; the reader's number follows."""
    return f"news:{local(now).date()}:"


async def _queue(desk: Desk, unheard: dict[str, list[NewsRow]], key: str) -> None:
    about = sorted({one.about for news in unheard.values() for one in news})
    rows = await desk.unit.registry.commitments_by_code(about)
    letters = [
        {
            "reporter_id": reporter,
            "notice": COMMITMENT_NEWS,
            "body": desk.vault.seal_json(_digest(desk, news, rows), BODY),
            "dedupe_key": f"{key}{reporter}",
        }
        for reporter, news in unheard.items()
        if news
    ]
    await desk.unit.outbox.add_many(letters, at=desk.now(), due=desk.clock.wall())


def _digest(desk: Desk, news: list[NewsRow], rows: dict[str, CommitmentRow]) -> dict[str, Any]:
    """What a digest says: each thing once, though it may concern several commitments that one follows."""
    items: dict[tuple[str, str, datetime], dict[str, Any]] = {}
    for one in news:
        item = {"code": one.about, "title": rows[one.about].title, "kind": one.kind, "followed": False}
        item = items.setdefault((one.about, one.kind, one.at), item | one.facts)
        item["followed"] = item["followed"] or one.commitment == one.about
    units = {desk.city.unit_name(rows[one.about].department) for one in news}
    day = local(news[-1].at).date().isoformat()
    return {"items": list(items.values()), "department": "、".join(sorted(units)), "date": day}


def _row(about: str, kind: News, facts: dict[str, Any], at: datetime) -> dict[str, Any]:
    return {
        "commitment": about,
        "about": about,
        "kind": kind.value,
        "facts": facts,
        "at": at,
        "once": None,
        "done_at": None,
    }


def _due(due_on: date | None) -> dict[str, str]:
    return {"due_on": due_on.isoformat()} if due_on else {}
