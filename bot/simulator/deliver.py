"""Pushes to the callback over HTTP, as patient as the platform and no more.

Source: developers.weixin.qq.com/doc/service/en/guide/product/message/Passive_user_reply_message.html: five
seconds, three attempts with the same MsgId and CreateTime, then the tip. A connection error or a 5xx fails an
attempt at once; the next one starts an interval after the failed one began (0, 5 and 10 s).
"""

import asyncio
import time
from collections.abc import Coroutine
from dataclasses import asdict, dataclass
from enum import StrEnum

import aiohttp
from yarl import URL

from bot.simulator.drafts import Draft
from bot.simulator.envelope import BadReply, Envelope
from bot.simulator.platform import Platform, Push
from bot.simulator.transcript import TIP

LARGEST_ANSWER = 1 << 20


@dataclass(frozen=True, slots=True)
class Timing:
    """Attempts, seconds for each, and seconds between their starts (when one fails sooner)."""

    attempts: int = 3
    timeout: float = 5.0
    interval: float = 5.0


class Status(StrEnum):
    """How a delivery ended."""

    REPLIED = "replied"
    SILENT = "silent"
    BAD_REPLY = "bad_reply"
    NO_ANSWER = "no_answer"
    UNREACHABLE = "unreachable"
    SERVER_ERROR = "server_error"
    HELD = "held"


@dataclass(frozen=True, slots=True)
class Delivery:
    """One push and what came of it.

    ``reply_text`` is None when nothing was answered to the citizen; ``tip``: he sees the failure tip;
    ``seconds`` from the first attempt to the end; ``raw``: the body answered; ``reason``: what was wrong.
    """

    attempts: int
    status: Status
    reply_text: str | None
    tip: bool
    seconds: float
    raw: str
    reason: str = ""
    reply_type: str = ""
    msg_id: int = 0

    def shown(self) -> dict[str, object]:
        """As JSON."""
        return asdict(self)


class _Failed(Exception):
    def __init__(self, status: Status, reason: str) -> None:
        self.status = status
        super().__init__(reason)


class Courier:
    """Delivers pushes of one platform to ``callback_url`` (may be set later), over connections it keeps."""

    def __init__(self, platform: Platform, callback_url: str, timing: Timing | None = None) -> None:
        self.callback_url = callback_url
        self._platform = platform
        self._pool: aiohttp.ClientSession | None = None
        self._envelope = Envelope(platform)
        self._timing = timing or Timing()
        self._held: list[Push] = []
        self._running: set[asyncio.Task[Delivery]] = set()
        self._last: dict[str, Push] = {}

    async def deliver(self, draft: Draft, *, record: bool = True) -> Delivery:
        """Pushes a draft to the end and, with ``record``, writes what the citizen sees into the transcript.

        A push that the arranged faults hold back returns at once with status ``held``.
        """
        push = self._platform.stamp(draft)
        if record:
            self._last[draft.openid] = push
        faults = self._platform.faults.push
        if faults.take("hold"):
            self._held.append(push)
            return Delivery(0, Status.HELD, None, False, 0.0, "", msg_id=push.msg_id)
        twin = self._start(self._attempts(push)) if faults.take("duplicate") else None
        delivery = await self._attempts(push)
        if record:
            self._show(push, delivery)
        if twin:
            await twin
        self._release()
        return delivery

    async def repeat(self, openid: str) -> Delivery:
        """The citizen's last push once more, unchanged; nothing is shown. Raises KeyError for none."""
        return await self._attempts(self._last[openid])

    def later(self, draft: Draft) -> None:
        """Delivers in the background, as the platform posts its own notices."""
        self._start(self._noticed(draft))

    async def verify(self) -> bool:
        """The address check of the console: the callback must answer the echo word for word."""
        echo = str(time.time_ns())
        async with self._session.get(self._address(self._envelope.probe(echo))) as response:
            return response.status == 200 and await response.text() == echo

    async def drain(self) -> None:
        """Waits for what runs in the background."""
        while self._running:
            await asyncio.gather(*self._running, return_exceptions=True)

    async def close(self) -> None:
        """Drops what runs in the background and closes all connections."""
        for task in self._running:
            task.cancel()
        await self.drain()
        if self._pool is not None:
            await self._pool.close()

    @property
    def _session(self) -> aiohttp.ClientSession:
        if self._pool is None:
            self._pool = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0))
        return self._pool

    def _address(self, query: dict[str, str]) -> URL:
        return URL(self.callback_url).update_query(query)

    async def _noticed(self, draft: Draft) -> Delivery:
        return await self._attempts(self._platform.stamp(draft))

    def _start(self, work: Coroutine[object, object, Delivery]) -> asyncio.Task[Delivery]:
        task = asyncio.get_running_loop().create_task(work)
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        return task

    def _release(self) -> None:
        held, self._held = self._held, []
        for push in held:
            self._start(self._late(push))

    async def _late(self, push: Push) -> Delivery:
        delivery = await self._attempts(push)
        self._show(push, delivery)
        return delivery

    async def _attempts(self, push: Push) -> Delivery:
        began = time.monotonic()
        failed = _Failed(Status.NO_ANSWER, "")
        for attempt in range(1, self._timing.attempts + 1):
            started = time.monotonic()
            try:
                body = await self._attempt(push)
            except _Failed as failure:
                failed = failure
                if attempt < self._timing.attempts:
                    await asyncio.sleep(max(0.0, started + self._timing.interval - time.monotonic()))
                continue
            return self._judged(push, body, attempt, time.monotonic() - began)
        seconds = time.monotonic() - began
        tip = push.draft.visible
        return Delivery(attempt, failed.status, None, tip, seconds, "", str(failed), msg_id=push.msg_id)

    async def _attempt(self, push: Push) -> bytes:
        query, body = self._envelope.request(push)
        limit = aiohttp.ClientTimeout(total=self._timing.timeout)
        headers = {"Content-Type": "text/xml", "User-Agent": "Mozilla/4.0"}
        try:
            async with self._session.post(
                self._address(query), data=body, headers=headers, timeout=limit
            ) as response:
                answer = await response.content.read(LARGEST_ANSWER)
                if response.status >= 500:
                    raise _Failed(Status.SERVER_ERROR, f"status {response.status}")
                return answer if response.status == 200 else b"status %d" % response.status
        except TimeoutError as error:
            raise _Failed(Status.NO_ANSWER, f"nothing within {self._timing.timeout} s") from error
        except (aiohttp.ClientError, OSError) as error:
            raise _Failed(Status.UNREACHABLE, type(error).__name__) from error

    def _judged(self, push: Push, body: bytes, attempts: int, seconds: float) -> Delivery:
        raw = body.decode(errors="replace")
        try:
            answer = self._envelope.answer(push, body)
        except BadReply as error:
            tip = push.draft.visible
            reason = str(error)
            return Delivery(attempts, Status.BAD_REPLY, None, tip, seconds, raw, reason, msg_id=push.msg_id)
        status = Status.REPLIED if answer.kind else Status.SILENT
        text = answer.text if answer.kind else None
        return Delivery(attempts, status, text, False, seconds, raw, "", answer.kind, push.msg_id)

    def _show(self, push: Push, delivery: Delivery) -> None:
        transcript, openid = self._platform.transcript, push.draft.openid
        if delivery.tip:
            transcript.add(openid, "platform", "tip", TIP, reason=delivery.reason or delivery.status.value)
        elif delivery.reply_text is not None and push.draft.visible:
            facts = {"type": delivery.reply_type, "seconds": round(delivery.seconds, 3)}
            transcript.add(openid, "account", "reply", delivery.reply_text, **facts)
