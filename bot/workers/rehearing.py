"""Once Rasa is back: what keyword rules understood meanwhile is understood anew.

Nothing moves by itself. A message gets its better understanding, a case its better suggestion (domain 7);
who dispatched what where stays as it is.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

import structlog

from bot.factory import Process
from bot.nlu.port import Understanding
from intake.cases.states import FINAL
from intake.cases.suggesting import suggest_again
from intake.identity import Unreadable
from storage.stores.cases import CaseRow
from storage.stores.inbox import InboxRow
from storage.unit import Unit

log = structlog.get_logger(__name__)

TOPIC = "rehear"
PAGE = 100
AT_ONCE = 4
BODY, UNDERSTANDING = "inbox", "understanding"
NOT_UNDERSTOOD = "none"
T = TypeVar("T")


class RasaAway(Exception):
    """The rules answered again: this round is over."""


class Rehearing:
    """One round goes through all marked messages and cases, oldest first."""

    def __init__(self, process: Process) -> None:
        self._process = process
        self._one_by_one = asyncio.Semaphore(AT_ONCE)

    async def step(self) -> bool:
        """One round, if there is anything to do and Rasa is ready. Raises ``DatabaseAway``."""
        if not await self._anything() or await self._process.understander.health() != "ready":
            return False
        try:
            await self._messages()
            await self._cases()
        except RasaAway:
            log.info("rehearing_postponed")
        return False

    async def _anything(self) -> bool:
        async with self._process.database.read() as unit:
            return bool(
                await unit.inbox.understood_by_rules(1)
                or await unit.cases.understood_by_rules(1, besides=FINAL)
            )

    async def _messages(self) -> None:
        after = 0
        while True:
            async with self._process.database.read() as unit:
                rows = await unit.inbox.understood_by_rules(PAGE, after=after)
            if not rows:
                return
            await self._each(rows, self._message)
            after = rows[-1].id

    async def _cases(self) -> None:
        after = ""
        while True:
            async with self._process.database.read() as unit:
                rows = await unit.cases.understood_by_rules(PAGE, after=after, besides=FINAL)
            if not rows:
                return
            await self._each(rows, self._case)
            after = rows[-1].id

    async def _each(self, rows: Sequence[T], work: Callable[[T], Awaitable[None]]) -> None:
        async def one(row: T) -> None:
            async with self._one_by_one:
                await work(row)

        for end in await asyncio.gather(*(one(row) for row in rows), return_exceptions=True):
            if isinstance(end, BaseException):
                raise end

    async def _message(self, row: InboxRow) -> None:
        text = self._text(row)
        if not text.strip():
            await self._process.database.run(
                lambda unit: unit.inbox.set_understood(
                    row.id, by=NOT_UNDERSTOOD, model="", understanding=row.understanding
                )
            )
            return
        heard = await self._hear(text)
        if heard is None:
            return
        sealed = self._process.vault.seal_json(heard.as_json(), UNDERSTANDING)
        await self._process.database.run(
            lambda unit: unit.inbox.set_understood(
                row.id, by=heard.source, model=heard.model, understanding=sealed
            )
        )

    async def _case(self, case: CaseRow) -> None:
        heard = await self._hear(case.text)
        if heard is None:
            return
        await self._process.database.run(lambda unit: self._suggest(unit, case.id, heard))

    async def _suggest(self, unit: Unit, case_id: str, heard: Understanding) -> None:
        case = await unit.cases.get(case_id)
        if case is None or case.understood != "rules" or case.state in FINAL:
            return
        await suggest_again(
            self._process.desk(unit),
            case,
            intent=heard.intent,
            about_commitment=heard.about_commitment,
            breach=tuple((code.value, score) for code, score in heard.breach),
            sectors=heard.sector_shares(),
            model=heard.model,
        )

    async def _hear(self, text: str) -> Understanding | None:
        """What Rasa says; None for the odd text that it cannot answer while it is well."""
        heard = await self._process.understander.understand(text, today=self._process.clock.today())
        if heard.source == "rasa":
            return heard
        if self._process.rasa.health != "ready":
            raise RasaAway
        return None

    def _text(self, row: InboxRow) -> str:
        """What was said; empty where it was forgotten meanwhile."""
        if row.body is None:
            return ""
        try:
            return str(self._process.vault.open_json(row.body, BODY).get("text", ""))
        except Unreadable:
            log.error("inbox_unreadable", inbox=row.id)
            return ""
