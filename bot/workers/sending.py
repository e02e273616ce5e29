"""One claimed row on its way: choose, send outside of any unit of work, write down what became of it."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

import structlog

from bot.factory import Process
from bot.mail import MailAway, MailRefused
from bot.metrics import metrics
from bot.wechat.errors import ApiAway, ApiRefused
from bot.wechat.notices import NoticeIncomplete
from bot.wechat.token import TokenUnavailable
from bot.workers.gates import MINUTE, Gates
from bot.workers.letters import Unsayable
from bot.workers.staff_ways import Post, Step
from bot.workers.verdict import NO_CONSENT, Do, Failure, Verdict, judge, pause_seconds
from bot.workers.ways import End, Later, Way, card_way, first_way, give_back
from intake.consents import record
from storage.stores.outbox import OutboxRow
from storage.unit import Unit

log = structlog.get_logger(__name__)

LEASE = timedelta(seconds=20)
SECOND = timedelta(seconds=1)
CARDS = frozenset({"subscribe", "template"})
FAILURES = (ApiRefused, ApiAway, TokenUnavailable, MailRefused, MailAway)
SEND_WITHIN = 8.0  # seconds for one call with its token; two of them fit into the lease
Values = dict[str, object]
First = Callable[[Process, Unit, OutboxRow], Awaitable[Step]]
"""Chooses the way of a row in a unit of work."""


class Sending:
    """``claim``: the lease's holder. ``unwritten``: rows that were sent while the database went away."""

    def __init__(
        self,
        process: Process,
        gates: Gates,
        claim: str,
        row: OutboxRow,
        unwritten: dict[int, Values],
        *,
        first: First = first_way,
    ) -> None:
        self._process = process
        self._gates = gates
        self._claim = claim
        self._row = row
        self._unwritten = unwritten
        self._first = first
        self._log = log.bind(outbox=row.id, notice=row.notice)

    async def run(self) -> None:
        """Raises ``DatabaseAway``; the row is then taken up again when its lease has run out."""
        sent = self._unwritten.get(self._row.id)
        if sent is not None:
            await self._write_down(sent)
            return
        began = self._process.clock.wall()
        step: Step | None = await self._process.database.run(
            lambda unit: self._first(self._process, unit, self._row)
        )
        while isinstance(step, Way | Post):
            step = await self._go(step)
            if isinstance(step, Way) and self._late(began):
                step = Later(timedelta(0), "late", tried=True)
        if isinstance(step, Later):
            await self._wait_for(step)
        elif step is not None:
            await self._end(step)

    def _late(self, began: datetime) -> bool:
        """Whether a second call could outlive the lease."""
        return self._process.clock.wall() - began > LEASE / 2

    async def _go(self, way: Way | Post) -> Step | None:
        """Send; what is to be done next, None where the row is settled."""
        pause = self._gates.closed_for(way.api)
        if pause is not None:
            await self._process.database.run(lambda unit: self._wait(unit, way, pause))
            return None
        try:
            msg_id = await self._call(way)
        except NoticeIncomplete as fault:
            return End("dead", f"incomplete:{fault.key}")
        except Unsayable:
            return End("dead", "unsayable")
        except FAILURES as error:
            failure: Failure = error
        else:
            await self._sent(way, msg_id)
            return None
        verdict = judge(failure, tries=self._row.attempts, repeatable=way.api == "template")
        self._log.info("push_failed", via=way.api, reason=verdict.reason, rid=getattr(failure, "rid", ""))
        return await self._process.database.run(lambda unit: self._after(unit, way, failure, verdict))

    async def _call(self, way: Way | Post) -> str:
        """The platform's number for the message, or empty. Raises what the client raises."""
        if isinstance(way, Post) and way.mail:
            await self._process.mailer.send(way.mail)  # which keeps to limits of its own
            return ""
        try:
            async with asyncio.timeout(SEND_WITHIN):
                if isinstance(way, Way):
                    return await self._by_wechat(way)
                await self._process.robots.send(way.webhook, way.markdown)
                return ""
        except TimeoutError:
            raise ApiAway("timeout", sent=True) from None

    async def _by_wechat(self, way: Way) -> str:
        wechat, template = self._process.wechat, way.template
        if template is None:
            await wechat.send_text(way.to, way.letter.text())
            return ""
        card = way.letter.card(template)
        if template.via == "subscribe":
            return await wechat.send_subscribe(way.to, template.template_id, "", card)
        once = f"jn{self._row.id}"
        return await wechat.send_template(way.to, template.template_id, "", card, once)

    # ── what became of it ────────────────────────────────────────────────────────────────────────────

    async def _sent(self, way: Way | Post, msg_id: str) -> None:
        values: Values = {
            "state": "sent",
            "sent_at": self._process.clock.now(),
            "platform_msg_id": msg_id or None,
            "reason": None,
        }
        if self._row.login is None:
            values["via"] = way.api
        elif way.api not in CARDS:
            values["delivered"] = True  # whoever took it answers for it; of cards the platform reports later
        self._unwritten[self._row.id] = values
        await self._write_down(values)
        self._count("sent")
        self._log.info("push_sent", via=way.api)
        if self._gates.reopen(way.api):
            await self._process.database.run(lambda unit: unit.operations.clear_fault(fault_of(way)))

    async def _write_down(self, values: Values) -> None:
        """Note that the row is sent; what cannot be noted now is noted when it is claimed again."""

        async def write(unit: Unit) -> None:
            reported: Values = {}
            if number := values.get("platform_msg_id"):
                at = self._process.clock.now()
                reported = await unit.outbox.numbered(self._row.id, str(number), at=at)
            await self._settle(unit, values | reported)

        await self._process.database.run(write)
        self._unwritten.pop(self._row.id, None)

    async def _after(
        self, unit: Unit, way: Way | Post, failure: Failure, verdict: Verdict
    ) -> Way | End | None:
        if isinstance(way, Way):
            if verdict.unsent:
                await give_back(unit, way)
            if way.template and isinstance(failure, ApiRefused) and failure.errcode == NO_CONSENT:
                desk = self._process.desk(unit)
                await record(desk, way.reporter, way.template.template_id, accepted=False)
            if verdict.do is Do.OTHER_WAY and way.template is None:
                return await card_way(self._process, unit, way, self._row.notice, otherwise=verdict.reason)
        if verdict.do is Do.RETRY:
            self._count("retried")
            pause = pause_seconds(self._row.attempts) * (MINUTE if isinstance(way, Post) else SECOND)
            await self._put_back(unit, pause, verdict.reason)
            return None
        if verdict.do is Do.WAIT:
            await self._close(unit, way, verdict)
            return None
        return End("dead", verdict.reason)

    async def _close(self, unit: Unit, way: Way | Post, verdict: Verdict) -> None:
        """Leave the interface alone for a while, tell the operator, and keep the row as it was."""
        assert verdict.close is not None
        pause = self._gates.close(way.api, verdict.close)
        await unit.operations.raise_fault(fault_of(way), verdict.reason, self._process.clock.now())
        self._count("waiting")
        await self._put_back(unit, pause, verdict.reason, tries=self._row.attempts - 1)

    async def _wait(self, unit: Unit, way: Way | Post, pause: timedelta) -> None:
        """The interface is closed: nothing was tried."""
        if isinstance(way, Way):
            await give_back(unit, way)
        await self._put_back(unit, pause, "interface_closed", tries=self._row.attempts - 1)

    async def _wait_for(self, later: Later) -> None:
        tries = self._row.attempts - (0 if later.tried else 1)
        await self._process.database.run(
            lambda unit: self._put_back(unit, later.pause, later.reason, tries=tries)
        )

    async def _put_back(self, unit: Unit, pause: timedelta, reason: str, *, tries: int | None = None) -> None:
        due = self._process.clock.wall() + pause
        values: Values = {"state": "queued", "due_at": due, "reason": reason}
        await self._settle(unit, values if tries is None else values | {"attempts": tries})

    async def _end(self, end: End) -> None:
        self._count(end.state)
        self._log.warning("push_ended", state=end.state, reason=end.reason)
        values: Values = {"state": end.state, "reason": end.reason}
        await self._process.database.run(lambda unit: self._settle(unit, values))

    async def _settle(self, unit: Unit, values: Values) -> None:
        if not await unit.outbox.settle(self._row.id, worker=self._claim, values=values):
            self._log.warning("lease_lost")

    def _count(self, outcome: str) -> None:
        metrics.sent.labels(notice=self._row.notice, outcome=outcome).inc()


def fault_of(way: Way | Post) -> str:
    """Under which name the operator sees the fault of an interface."""
    return f"wechat_{way.api}" if isinstance(way, Way) else way.api
