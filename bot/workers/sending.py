"""One claimed row on its way: choose, send outside of any unit of work, write down what became of it."""

import asyncio
from datetime import datetime, timedelta

import structlog

from bot.factory import Process
from bot.metrics import metrics
from bot.wechat.errors import ApiAway, ApiRefused
from bot.wechat.notices import NoticeIncomplete
from bot.wechat.token import TokenUnavailable
from bot.workers.gates import Gates
from bot.workers.letters import Unsayable
from bot.workers.verdict import NO_CONSENT, Do, Failure, Verdict, judge, pause_seconds
from bot.workers.ways import End, Way, card_way, first_way, give_back
from intake.consents import record
from storage.stores.outbox import OutboxRow
from storage.unit import Unit

log = structlog.get_logger(__name__)

LEASE = timedelta(seconds=20)
SEND_WITHIN = 8.0  # seconds for one call with its token; two of them fit into the lease
Values = dict[str, object]


class Sending:
    """``claim``: the lease's holder. ``unwritten``: rows that were sent while the database went away."""

    def __init__(
        self, process: Process, gates: Gates, claim: str, row: OutboxRow, unwritten: dict[int, Values]
    ) -> None:
        self._process = process
        self._gates = gates
        self._claim = claim
        self._row = row
        self._unwritten = unwritten
        self._log = log.bind(outbox=row.id, notice=row.notice)

    async def run(self) -> None:
        """Raises ``DatabaseAway``; the row is then taken up again when its lease has run out."""
        sent = self._unwritten.get(self._row.id)
        if sent is not None:
            await self._write_down(sent)
            return
        began = self._process.clock.wall()
        step: Way | End | None = await self._process.database.run(
            lambda unit: first_way(self._process, unit, self._row)
        )
        while isinstance(step, Way):
            step = await self._go(step)
            if isinstance(step, Way) and self._late(began):
                await self._process.database.run(lambda unit: self._put_back(unit, timedelta(0), "late"))
                return
        if step is not None:
            await self._end(step)

    def _late(self, began: datetime) -> bool:
        """Whether a second call could outlive the lease."""
        return self._process.clock.wall() - began > LEASE / 2

    async def _go(self, way: Way) -> Way | End | None:
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
        except (ApiRefused, ApiAway, TokenUnavailable) as error:
            failure: Failure = error
        else:
            await self._sent(way, msg_id)
            return None
        verdict = judge(failure, tries=self._row.attempts, repeatable=way.api == "template")
        self._log.info("push_failed", via=way.api, reason=verdict.reason, rid=getattr(failure, "rid", ""))
        return await self._process.database.run(lambda unit: self._after(unit, way, failure, verdict))

    async def _call(self, way: Way) -> str:
        """The platform's number for the message, or empty. Raises what the client raises."""
        wechat, template = self._process.wechat, way.template
        try:
            async with asyncio.timeout(SEND_WITHIN):
                if template is None:
                    await wechat.send_text(way.openid, way.letter.text())
                    return ""
                card = way.letter.card(template)
                if template.via == "subscribe":
                    return await wechat.send_subscribe(way.openid, template.template_id, "", card)
                once = f"jn{self._row.id}"
                return await wechat.send_template(way.openid, template.template_id, "", card, once)
        except TimeoutError:
            raise ApiAway("timeout", sent=True) from None

    # ── what became of it ────────────────────────────────────────────────────────────────────────────

    async def _sent(self, way: Way, msg_id: str) -> None:
        values: Values = {
            "state": "sent",
            "sent_at": self._process.clock.now(),
            "via": way.api,
            "platform_msg_id": msg_id or None,
            "reason": None,
        }
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

    async def _after(self, unit: Unit, way: Way, failure: Failure, verdict: Verdict) -> Way | End | None:
        if verdict.unsent:
            await give_back(unit, self._row, way)
        if way.template and isinstance(failure, ApiRefused) and failure.errcode == NO_CONSENT:
            desk = self._process.desk(unit)
            await record(desk, self._row.citizen, way.template.template_id, accepted=False)
        if verdict.do is Do.OTHER_WAY and way.template is None:
            return await card_way(
                self._process, unit, self._row, openid=way.openid, letter=way.letter, otherwise=verdict.reason
            )
        if verdict.do is Do.RETRY:
            self._count("retried")
            pause = timedelta(seconds=pause_seconds(self._row.attempts))
            await self._put_back(unit, pause, verdict.reason)
            return None
        if verdict.do is Do.WAIT:
            await self._close(unit, way, verdict)
            return None
        return End("dead", verdict.reason)

    async def _close(self, unit: Unit, way: Way, verdict: Verdict) -> None:
        """Leave the interface alone for a while, tell the operator, and keep the row as it was."""
        assert verdict.close is not None
        pause = self._gates.close(way.api, verdict.close)
        await unit.operations.raise_fault(fault_of(way), verdict.reason, self._process.clock.now())
        self._count("waiting")
        await self._put_back(unit, pause, verdict.reason, tries=self._row.attempts - 1)

    async def _wait(self, unit: Unit, way: Way, pause: timedelta) -> None:
        """The interface is closed: nothing was tried."""
        await give_back(unit, self._row, way)
        await self._put_back(unit, pause, "interface_closed", tries=self._row.attempts - 1)

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


def fault_of(way: Way) -> str:
    """Under which name the operator sees the fault of an interface."""
    return f"wechat_{way.api}"
