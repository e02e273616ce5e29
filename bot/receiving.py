"""Noting what came in: the first unit of work of a turn, shared by all messages that arrive while one runs.

Messages that come while a transaction is under way are noted together by the next one: nobody waits for a
timer, and a rush of citizens costs a few transactions instead of one each.
"""

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import TypeVar

from bot.dialogue.state import State
from bot.factory import Process
from bot.message import Inbound
from intake.identity import new_reporter_id
from intake.reporters import OPENID
from storage.stores.inbox import InboxRow
from storage.unit import Unit

LEASE = timedelta(seconds=10)  # longer than any turn; past it another process takes the row
MOST = 256  # messages noted together
RUSH = 16  # so many that wait to be noted go before turns that could go on
YIELD = 1.0  # seconds that a turn lets them go first
BODY, STATE = "inbox", "conversation"
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Noted:
    """The row of a message, new or standing, and where its citizen's conversation was."""

    row: InboxRow
    state: State


@dataclass(frozen=True, slots=True)
class _Waiting:
    said: Inbound
    digests: tuple[str, ...]  # under which the citizen may stand; new ones stand under the first
    body: bytes
    noted: asyncio.Future[Noted]

    @property
    def digest(self) -> str:
        return self.digests[0]


class Receiver:
    """Notes messages in the order they came."""

    def __init__(self, process: Process) -> None:
        self._process = process
        self._waiting: list[_Waiting] = []
        self._draining: asyncio.Task[None] | None = None
        self._calm = asyncio.Event()
        self._calm.set()

    async def let_pass(self) -> None:
        """Wait while many messages wait to be noted: what is noted cannot be lost any more."""
        if self._calm.is_set():
            return
        with suppress(TimeoutError):
            async with asyncio.timeout(YIELD):
                await self._calm.wait()

    async def note(self, said: Inbound) -> Noted:
        """Note one message; raises :class:`DatabaseAway` or :class:`Raced` where nothing was written."""
        vault = self._process.vault
        future: asyncio.Future[Noted] = asyncio.get_running_loop().create_future()
        digests = vault.lookups(said.account, said.openid)
        self._waiting.append(_Waiting(said, digests, vault.seal_json(said.as_json(), BODY), future))
        if len(self._waiting) > RUSH:
            self._calm.clear()
        if self._draining is None or self._draining.done():
            self._draining = asyncio.create_task(self._drain(), name="receiver")
        return await future

    async def _drain(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting[:MOST], self._waiting[MOST:]
            if len(self._waiting) <= RUSH:
                self._calm.set()
            try:
                noted = await self._process.database.run(partial(self._note_all, batch))
            except Exception as error:  # noqa: BLE001  whatever it is, each waiting door must hear it
                for one in batch:
                    if not one.noted.done():
                        one.noted.set_exception(error)
            else:
                for one, result in zip(batch, noted, strict=True):
                    if not one.noted.done():
                        one.noted.set_result(result)

    async def _note_all(self, batch: list[_Waiting], unit: Unit) -> list[Noted]:
        process = self._process
        found = await unit.conversations.of_openids([digest for one in batch for digest in one.digests])
        talks = _by_first(batch, found)
        strangers = {one.digest: one for one in batch if one.digest not in talks}
        if strangers:
            talks |= await self._meet(unit, list(strangers.values()))
        lease = process.clock.wall() + LEASE
        rows = await unit.inbox.add_missing(
            [
                {
                    "account": one.said.account,
                    "message_key": one.said.key,
                    "reporter_id": talks[one.digest][0],
                    "kind": one.said.event or one.said.kind.value,
                    "body": one.body,
                    "received_at": process.clock.now(),
                    "leased_until": lease,
                    "attempts": 1,
                    "answered": False,
                }
                for one in batch
            ]
        )
        repeats = {(one.said.account, one.said.key) for one in batch} - rows.keys()
        if repeats:
            rows |= await unit.inbox.by_keys(list(repeats))
        return [
            Noted(
                rows[(one.said.account, one.said.key)],
                State.from_json(process.vault.open_json(talks[one.digest][1], STATE)),
            )
            for one in batch
        ]

    async def _meet(self, unit: Unit, strangers: list[_Waiting]) -> dict[str, tuple[str, bytes]]:
        """Give citizens who write for the first time a name that says nothing, and an empty conversation.

        Returns for each openid_hmac the name and the sealed state.
        """
        vault, now = self._process.vault, self._process.clock.now()
        older = [digest for one in strangers for digest in one.digests[1:]]
        met = _by_first(strangers, await unit.identities.by_openids(older)) if older else {}
        new = [one for one in strangers if one.digest not in met]
        met |= await unit.identities.add_citizens(
            [
                {
                    "reporter_id": new_reporter_id(),
                    "account": one.said.account,
                    "openid_hmac": one.digest,
                    "openid": vault.seal(one.said.openid, OPENID),
                    "reachable": True,
                    "created_at": now,
                }
                for one in new
            ]
        )
        if raced := [one.digest for one in new if one.digest not in met]:
            met |= await unit.identities.by_openids(raced)
        fresh = vault.seal_json(State.fresh().to_json(), STATE)
        await unit.conversations.add_missing(list(met.values()), fresh, now)
        return {digest: (reporter_id, fresh) for digest, reporter_id in met.items()}


def _by_first(batch: list[_Waiting], found: dict[str, T]) -> dict[str, T]:
    """What was found under any digest of a citizen, under the first one."""
    return {one.digest: found[digest] for one in batch for digest in one.digests[::-1] if digest in found}
