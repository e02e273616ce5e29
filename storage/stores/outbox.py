"""The outbox: claimed under a lease, one citizen's rows in order, the same statement on both engines."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, and_, case, delete, func, insert, literal, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.stores.rows import all_made, columns, made
from storage.tables.outbox import deliveries, outbox
from storage.vocab import COMMITMENT_NEWS, PATIENT

OPEN = ("queued", "sending")


@dataclass(frozen=True, slots=True)
class OutboxRow:
    """One thing to send. ``body`` is the vault's; ``notice`` is 'reply' or a notice's name.

    To a member of staff ``login`` stands in the place of ``reporter_id``, ``notice`` is 'digest', ``via`` the
    channel, and the lines are those of the reminders that name the row.
    """

    id: int
    reporter_id: str | None
    login: str | None
    notice: str
    body: bytes | None
    case_id: str | None
    tracking_no: str | None
    state: str
    reason: str | None
    attempts: int
    created_at: datetime
    due_at: datetime
    via: str | None
    sent_at: datetime | None
    delivered: bool | None
    platform_msg_id: str | None

    @property
    def citizen(self) -> str:
        """Who gets a row that goes to a citizen."""
        assert self.reporter_id is not None
        return self.reporter_id


_ROW = columns(outbox, OutboxRow)


class OutboxStore:
    def __init__(self, connection: AsyncConnection) -> None:
        self._db = connection

    async def add(
        self,
        *,
        reporter_id: str,
        notice: str,
        body: bytes,
        at: datetime,
        due: datetime,
        dedupe_key: str | None = None,
        case_id: str | None = None,
        tracking_no: str | None = None,
        cancelled: str | None = None,
    ) -> bool:
        """Queue one, or keep it as cancelled with a reason; False where ``dedupe_key`` was queued before."""
        dialect = sqlite if self._db.dialect.name == "sqlite" else postgresql
        statement = (
            dialect.insert(outbox)
            .values(
                reporter_id=reporter_id,
                notice=notice,
                body=body,
                dedupe_key=dedupe_key,
                case_id=case_id,
                tracking_no=tracking_no,
                state="cancelled" if cancelled else "queued",
                reason=cancelled,
                attempts=0,
                created_at=at,
                due_at=due,
            )
            .on_conflict_do_nothing(index_elements=["dedupe_key"])
        )
        return (await self._db.execute(statement)).rowcount == 1

    async def add_many(self, rows: list[dict[str, Any]], *, at: datetime, due: datetime) -> None:
        """Queue one for each row of reporter_id, notice, body and dedupe_key that was not queued before."""
        shared = {"state": "queued", "attempts": 0, "created_at": at, "due_at": due}
        dialect = sqlite if self._db.dialect.name == "sqlite" else postgresql
        statement = dialect.insert(outbox).on_conflict_do_nothing(index_elements=["dedupe_key"])
        await self._db.execute(statement, [row | shared for row in rows])

    async def add_digest(self, login: str, channel: str, *, at: datetime, due: datetime) -> int:
        """Queue a digest to a member of staff; its number."""
        row = {"login": login, "via": channel, "notice": "digest", "state": "queued", "attempts": 0}
        done = await self._db.execute(
            insert(outbox).values(**row, created_at=at, due_at=due).returning(outbox.c.id)
        )
        return int(done.scalar_one())

    async def claim(self, *, worker: str, now: datetime, until: datetime, limit: int) -> list[OutboxRow]:
        """Lease due rows (and those whose lease ran out), never two of one citizen at a time."""
        done = await self._db.execute(
            update(outbox)
            .where(outbox.c.id.in_(_claimable(now, limit)))
            .values(state="sending", leased_by=worker, leased_until=until, attempts=outbox.c.attempts + 1)
            .returning(*_ROW)
        )
        return sorted(all_made(OutboxRow, done), key=lambda row: row.id)

    async def settle(self, row_id: int, *, worker: str, values: dict[str, object]) -> bool:
        """Write what became of a leased row; False where the lease was lost to another."""
        done = await self._db.execute(
            update(outbox)
            .where(outbox.c.id == row_id, outbox.c.leased_by == worker, outbox.c.state == "sending")
            .values(leased_until=None, leased_by=None, **values)
        )
        return done.rowcount == 1

    async def cancel_for(self, reporter_id: str, reason: str) -> int:
        """Cancel everything that waits for a citizen who cannot be reached any more."""
        done = await self._db.execute(
            update(outbox)
            .where(outbox.c.reporter_id == reporter_id, outbox.c.state == "queued")
            .values(state="cancelled", reason=reason)
        )
        return done.rowcount

    async def cancel_for_staff(self, login: str, reason: str) -> None:
        """Cancel everything that waits for a member of staff."""
        await self._db.execute(
            update(outbox)
            .where(outbox.c.login == login, outbox.c.state == "queued")
            .values(state="cancelled", reason=reason)
        )

    async def queue_again(self, reporter_id: str, *, reason: str, since: datetime, due: datetime) -> int:
        """Queue what is dead for ``reason``, of each case and of digests the newest alone, and whatever is
        about no case; older than ``since`` is no news any more."""
        digest = outbox.c.notice == COMMITMENT_NEWS
        subject = case(
            (digest, outbox.c.notice),
            else_=func.coalesce(outbox.c.case_id, outbox.c.dedupe_key, outbox.c.notice),
        )
        newest = (
            select(func.max(outbox.c.id))
            .where(
                outbox.c.reporter_id == reporter_id, outbox.c.notice != "reply", outbox.c.created_at >= since
            )
            .group_by(subject)
        )
        done = await self._db.execute(
            update(outbox)
            .where(
                outbox.c.id.in_(newest),
                outbox.c.state == "dead",
                outbox.c.reason == reason,
                outbox.c.body.is_not(None),
            )
            .values(state="queued", reason=None, attempts=0, due_at=due)
        )
        return done.rowcount

    async def report_delivery(
        self, platform_msg_id: str, *, delivered: bool, reason: str | None, at: datetime
    ) -> bool:
        """Record what the platform says became of a card; False where its number is not known yet.

        Then it is kept for :meth:`numbered`: the platform may be quicker than the sender's own note.
        """
        noted = await self._note(platform_msg_id, {"delivered": delivered, "reason": reason}, at=at)
        if noted.outbox_id is None:
            return False
        kept = outbox.c.reason if delivered else literal(reason)
        await self._db.execute(
            update(outbox).where(outbox.c.id == noted.outbox_id).values(delivered=delivered, reason=kept)
        )
        return True

    async def numbered(self, row_id: int, platform_msg_id: str, *, at: datetime) -> dict[str, object]:
        """Note the platform's number of a row that was sent; what was reported of it already, as columns.

        To be called before :meth:`settle`, so that sender and report take their rows in one order.
        """
        noted = await self._note(platform_msg_id, {"outbox_id": row_id}, at=at)
        return {} if noted.delivered is None else {"delivered": noted.delivered, "reason": noted.reason}

    async def _note(self, platform_msg_id: str, half: dict[str, Any], *, at: datetime) -> Row[Any]:
        """Write one half of a delivery and read the whole; who comes second waits for the first."""
        dialect = sqlite if self._db.dialect.name == "sqlite" else postgresql
        done = await self._db.execute(
            dialect.insert(deliveries)
            .values(platform_msg_id=platform_msg_id, noted_at=at, **half)
            .on_conflict_do_update(index_elements=["platform_msg_id"], set_=half)
            .returning(deliveries.c.outbox_id, deliveries.c.delivered, deliveries.c.reason)
        )
        return done.one()

    async def forget_deliveries(self, before: datetime) -> int:
        """Forget numbers noted before ``before``: nothing is reported of them any more."""
        done = await self._db.execute(delete(deliveries).where(deliveries.c.noted_at < before))
        return done.rowcount

    async def of_case(self, case_id: str) -> list[OutboxRow]:
        found = await self._db.execute(select(*_ROW).where(outbox.c.case_id == case_id).order_by(outbox.c.id))
        return all_made(OutboxRow, found)

    async def get(self, row_id: int) -> OutboxRow | None:
        found = await self._db.execute(select(*_ROW).where(outbox.c.id == row_id))
        return made(OutboxRow, found.one_or_none())

    async def counts(self) -> dict[str, int]:
        """Rows by state, for metrics and /readyz."""
        found = await self._db.execute(
            select(outbox.c.state, func.count())
            .where(outbox.c.state.in_(("queued", "sending", "dead")))
            .group_by(outbox.c.state)
        )
        return {state: count for state, count in found}

    async def dead_since(self, moment: datetime, *, besides: frozenset[str]) -> int:
        """How many rows of since ``moment`` are dead for other reasons than ``besides``."""
        found = await self._db.execute(
            select(func.count()).where(
                outbox.c.state == "dead", outbox.c.created_at >= moment, outbox.c.reason.not_in(besides)
            )
        )
        return int(found.scalar_one())

    async def empty_bodies(self, before: datetime) -> int:
        """Forget the contents of what was settled before ``before``."""
        done = await self._db.execute(
            update(outbox)
            .where(outbox.c.created_at < before, outbox.c.body.is_not(None), outbox.c.state.not_in(OPEN))
            .values(body=None)
        )
        return done.rowcount


def _claimable(now: datetime, limit: int) -> Select[tuple[int]]:
    """The first open row of each citizen, where it is due or its lease has run out; what may wait for the day
    holds up nothing."""
    earlier = outbox.alias("earlier")
    first_of_citizen = (
        ~select(earlier.c.id)
        .where(
            earlier.c.reporter_id == outbox.c.reporter_id,
            earlier.c.state.in_(OPEN),
            earlier.c.id < outbox.c.id,
            earlier.c.notice.not_in(PATIENT),
        )
        .exists()
    )
    due = or_(
        and_(outbox.c.state == "queued", outbox.c.due_at <= now),
        and_(outbox.c.state == "sending", outbox.c.leased_until <= now),
    )
    return (
        select(outbox.c.id)
        .where(due, first_of_citizen)
        .order_by(outbox.c.due_at, outbox.c.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
