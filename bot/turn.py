"""One turn of one citizen, from the inbox row to the reply: the way that ``docs/overview.md`` draws.

The inbox row decides who works. A turn is two units of work with the understanding between them: the first
notes the message, the second does everything that follows from it and closes the row with its reply. A
process that dies leaves an open row whose lease runs out; the platform's retry or the sweeper takes it over.
"""

import asyncio
import dataclasses
import time
from dataclasses import dataclass, field
from datetime import timedelta

import structlog

from bot.dialogue.engine import Talk, converse, needs_understanding
from bot.dialogue.state import State
from bot.dialogue.texts import say
from bot.factory import Process
from bot.message import Inbound, Kind, Reply
from bot.metrics import metrics
from bot.nlu.port import Understanding
from bot.receiving import BODY, LEASE, STATE, Receiver
from intake import messages
from intake.identity import Unreadable
from intake.notices import catch_up, queue
from storage.engine import DatabaseAway
from storage.stores.conversations import ConversationRow
from storage.stores.inbox import InboxRow
from storage.unit import Raced, Unit

log = structlog.get_logger(__name__)

TRIES = 3  # a message that fails so often goes to a person
WAIT_FOR_OTHERS = 0.05  # seconds between looks at a row that another process works on
MESSAGE_ALLOWANCE = (5, timedelta(hours=48))  # wechat 3.6: customer-service messages per trigger
CLICK_ALLOWANCE = (3, timedelta(minutes=1))
CLICKS = frozenset({"click", "scancode_push", "scancode_waitmsg", "subscribe", "scan"})
ACTING = 4  # turns in their second unit at once, so that noting what comes in never queues behind them
REPLY, UNDERSTANDING = "inbox reply", "understanding"


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes over the wire: a reply, or nothing but ``success``; ``row_id`` to mark it as taken."""

    row_id: int
    reply: Reply | None


@dataclass(slots=True)
class Turn:
    """A turn that this process runs. ``late``: the wire has had its ``success``, the reply is pushed."""

    row_id: int
    reporter_id: str
    said: Inbound
    attempts: int = 1
    late: bool = False
    committing: bool = False
    heard: Understanding | None = None
    began: float = field(default_factory=time.monotonic)


class NotYet(Exception):
    """An earlier message of the same citizen is still open."""

    def __init__(self, row_id: int) -> None:
        super().__init__(row_id)
        self.row_id = row_id


class AskFirst(Exception):
    """The conversation moved meanwhile: this message wants to be understood after all."""


class Finished(Exception):
    """Another process closed the row first; its reply stands."""


class Turns:
    """The turns of one process: started once each, joined by whoever repeats the message."""

    def __init__(self, process: Process) -> None:
        self._process = process
        self._receiver = Receiver(process)
        self._acting = asyncio.Semaphore(ACTING)
        self._running: dict[int, tuple[Turn, asyncio.Task[Answer]]] = {}
        self._taken: list[int] = []

    async def deliver(self, said: Inbound, *, budget: float) -> Answer:
        """What to answer to one delivery within ``budget`` seconds.

        Raises :class:`DatabaseAway` where the message could not be noted: the platform then repeats it.
        """
        until = time.monotonic() + budget
        try:
            async with asyncio.timeout(budget):
                noted = await self._receiver.note(said)
        except (TimeoutError, Raced) as error:
            raise DatabaseAway("no answer in time") from error
        row = noted.row
        if row.done_at is not None:
            metrics.repeats.inc()
            return self._stored(row)
        turn, task = self._start(row, said, noted.state)
        await asyncio.wait({task}, timeout=max(0.0, until - time.monotonic()))
        if not task.done() and turn.committing:
            await asyncio.wait({task}, timeout=1.0)
        if task.done():
            return task.result()
        turn.late = True
        metrics.late_replies.inc()
        return Answer(row.id, None)

    def taken(self, answer: Answer) -> None:
        """The wire took the reply; written down with the next :meth:`flush`."""
        if answer.reply is not None:
            self._taken.append(answer.row_id)

    async def flush(self) -> None:
        """Write down which replies the wire took, many in one statement."""
        taken, self._taken = self._taken, []
        if not taken:
            return
        try:
            await self._process.database.run(lambda unit: unit.inbox.mark_answered(taken))
        except (Raced, DatabaseAway):
            self._taken = taken + self._taken

    async def finish(self, seconds: float) -> None:
        """Let running turns end before the process stops."""
        tasks = {task for _, task in self._running.values()}
        if tasks:
            await asyncio.wait(tasks, timeout=seconds)
        await self.flush()

    async def resume(self, row: InboxRow) -> None:
        """Take over a row that nobody works on any more; its reply is pushed."""
        if row.id in self._running or not await self._take_over(row.id):
            return
        said = self._said(row)
        if said is None:
            await self._give_up(row)
            return
        turn, task = self._start(dataclasses.replace(row, attempts=row.attempts + 1), said, None)
        turn.late = True
        await asyncio.wait({task})

    # ── the two units of work ────────────────────────────────────────────────────────────────────────

    async def _act(self, turn: Turn, unit: Unit) -> Answer:
        """Second unit: everything that follows from one message, and the row closed with its reply."""
        process = self._process
        taken = await unit.conversations.take(turn.reporter_id, turn.row_id)
        assert taken is not None
        talk, reporter, first = taken
        if first is None:
            raise Finished
        if first != turn.row_id:
            raise NotYet(first)
        unit.identities.know(reporter)
        state = self._state(talk)
        if turn.heard is None and needs_understanding(turn.said, state):
            raise AskFirst
        desk = process.desk(unit)
        spoken = await converse(
            Talk(desk, turn.reporter_id, turn.said, turn.heard, state, process.settings.public_url)
        )
        granted = self._granted(turn.said)
        await unit.conversations.save(talk, {**self._saved(spoken.state), **granted})
        if granted and self._was_shut(talk):
            await catch_up(desk, turn.reporter_id)
        turn.committing = True
        pushed = turn.late and spoken.reply is not None
        if pushed and spoken.reply is not None:
            await queue(desk, turn.reporter_id, "reply", spoken.reply.as_json(), key=f"reply:{turn.row_id}")
        wired = spoken.reply is not None and not pushed
        closed = await unit.inbox.finish(
            turn.row_id, self._closing(turn, spoken.reply, wired=wired, case_id=spoken.case_id)
        )
        if not closed:
            raise Finished
        return Answer(turn.row_id, spoken.reply if wired else None)

    # ── running one turn ─────────────────────────────────────────────────────────────────────────────

    def _start(self, row: InboxRow, said: Inbound, state: State | None) -> tuple[Turn, asyncio.Task[Answer]]:
        if row.id in self._running:
            metrics.repeats.inc()
            return self._running[row.id]
        turn = Turn(row.id, row.reporter_id, said, attempts=row.attempts)
        task = asyncio.create_task(self._run(turn, state), name=f"turn-{row.id}")
        self._running[row.id] = (turn, task)
        task.add_done_callback(lambda ended: self._ended(row.id, ended))
        return turn, task

    def _ended(self, row_id: int, task: asyncio.Task[Answer]) -> None:
        self._running.pop(row_id, None)
        if not task.cancelled():
            task.exception()  # a turn that outlived its door has nobody else to hear it

    async def _run(self, turn: Turn, state: State | None) -> Answer:
        with structlog.contextvars.bound_contextvars(inbox=turn.row_id):
            try:
                await self._receiver.let_pass()
                if state is not None and needs_understanding(turn.said, state):
                    turn.heard = await self._hear(turn.said)
                answer = await self._in_order(turn)
            except (DatabaseAway, Raced) as error:
                log.warning("turn_postponed", reason=type(error).__name__)
                raise DatabaseAway(str(error)) from error
            except Exception:
                log.exception("turn_failed", attempts=turn.attempts)
                metrics.turn_failures.inc()
                answer = await self._fail(turn)
            metrics.turn_seconds.observe(time.monotonic() - turn.began)
            return answer

    async def _in_order(self, turn: Turn) -> Answer:
        """Act when every earlier message of this citizen is done; understand first where that is wanted."""
        while True:
            try:
                async with self._acting:
                    return await self._process.database.run(lambda unit: self._act(turn, unit))
            except NotYet as wait:
                await self._wait_for(wait.row_id)
            except AskFirst:
                turn.heard = await self._hear(turn.said)
            except Finished:
                row = await self._row(turn.row_id)
                return self._stored(row)

    async def _wait_for(self, row_id: int) -> None:
        """Until an earlier row is done: ours, another process's, or abandoned and then taken over."""
        if row_id in self._running:
            await asyncio.wait({self._running[row_id][1]}, timeout=LEASE.total_seconds())
            return
        row = await self._row(row_id)
        if row.done_at is None and row.leased_until <= self._process.clock.wall():
            await self.resume(row)
        else:
            await asyncio.sleep(WAIT_FOR_OTHERS)

    async def _hear(self, said: Inbound) -> Understanding:
        heard = await self._process.understander.understand(said.text, today=self._process.clock.today())
        metrics.understood.labels(source=heard.source).inc()
        return heard

    async def _fail(self, turn: Turn) -> Answer:
        """A defect of ours: the row is tried again, and at last its words go to a person, never nowhere."""
        process = self._process

        async def give_up(unit: Unit) -> Answer:
            desk = process.desk(unit)
            if turn.said.text:
                await messages.leave(desk, turn.reporter_id, turn.said.text)
            if granted := self._granted(turn.said):
                await unit.conversations.set_allowance(turn.reporter_id, granted)
            reply = Reply(say("trouble"))
            await queue(desk, turn.reporter_id, "reply", reply.as_json(), key=f"reply:{turn.row_id}")
            closing = self._closing(turn, None, wired=False, case_id=None)
            await unit.inbox.finish(turn.row_id, {**closing, "fault": "failed"})
            return Answer(turn.row_id, None)

        async def let_go(unit: Unit) -> Answer:
            await unit.inbox.release(turn.row_id, process.clock.wall())
            return Answer(turn.row_id, None)

        return await process.database.run(give_up if turn.attempts >= TRIES else let_go)

    # ── rows and words ───────────────────────────────────────────────────────────────────────────────

    async def _give_up(self, row: InboxRow) -> None:
        """Close a row whose words cannot be read (a lost key): it would hold up its citizen for ever."""
        log.error("inbox_unreadable", inbox=row.id)
        closing = {"done_at": self._process.clock.wall(), "wire": "success", "answered": True}
        await self._process.database.run(
            lambda unit: unit.inbox.finish(row.id, {**closing, "fault": "unreadable"})
        )

    async def _row(self, row_id: int) -> InboxRow:
        async with self._process.database.read() as unit:
            row = await unit.inbox.get(row_id)
        assert row is not None
        return row

    async def _take_over(self, row_id: int) -> bool:
        wall = self._process.clock.wall()
        return await self._process.database.run(
            lambda unit: unit.inbox.take_over(row_id, now=wall, until=wall + LEASE)
        )

    def _stored(self, row: InboxRow) -> Answer:
        """What went over the wire the first time."""
        if row.wire != "reply" or row.reply is None:
            return Answer(row.id, None)
        return Answer(row.id, Reply.from_json(self._process.vault.open_json(row.reply, REPLY)))

    def _said(self, row: InboxRow) -> Inbound | None:
        if row.body is None:
            return None
        try:
            return Inbound.from_json(self._process.vault.open_json(row.body, BODY))
        except Unreadable:
            return None

    def _state(self, talk: ConversationRow) -> State:
        return State.from_json(self._process.vault.open_json(talk.state, STATE))

    def _saved(self, state: State) -> dict[str, object]:
        return {
            "state": self._process.vault.seal_json(state.to_json(), STATE),
            "updated_at": self._process.clock.now(),
        }

    def _granted(self, said: Inbound) -> dict[str, object]:
        """The customer-service allowance that this message or click grants (wechat 3.6)."""
        now = self._process.clock.now()
        happened = said.kind is Kind.EVENT or said.msg_type == "event"
        if happened or "menu_id" in said.facts:
            if happened and said.event not in CLICKS:
                return {}
            left, lasts = CLICK_ALLOWANCE
            return {"click_left": left, "click_until": now + lasts}
        left, lasts = MESSAGE_ALLOWANCE
        return {"message_left": left, "message_until": now + lasts}

    def _was_shut(self, talk: ConversationRow) -> bool:
        """Whether the allowance of the last message was used up or over when this one came."""
        if talk.message_until is None:
            return talk.click_until is not None
        return talk.message_left == 0 or talk.message_until <= self._process.clock.now()

    def _closing(
        self, turn: Turn, reply: Reply | None, *, wired: bool, case_id: str | None
    ) -> dict[str, object]:
        vault, heard = self._process.vault, turn.heard
        return {
            "done_at": self._process.clock.wall(),
            "wire": "reply" if wired else "success",
            "reply": vault.seal_json(reply.as_json(), REPLY) if reply is not None else None,
            "answered": not wired,
            "understood": heard.source if heard else "none",
            "model": heard.model if heard else "",
            "understanding": vault.seal_json(heard.as_json(), UNDERSTANDING) if heard else None,
            "case_id": case_id,
        }
