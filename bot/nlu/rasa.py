"""Rasa's HTTP API, as far as it is needed: one message in, its parse out.

Source: Rasa 3.6 HTTP API, ``POST /model/parse``, ``GET /status``.
"""

import time
from collections.abc import Callable
from typing import Any, Literal

import aiohttp

from bot.nlu.breaker import Breaker

Health = Literal["ready", "starting", "degraded"]


class RasaAway(Exception):
    """No usable answer came; ``reason`` is one word for a metric's label."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class RasaClient:
    """Asks one Rasa server over the session's pooled connections, never longer than ``timeout`` seconds.

    While the server keeps failing the breaker answers for it, so that a dead Rasa costs a message nothing.
    """

    def __init__(
        self,
        url: str,
        token: str,
        session: aiohttp.ClientSession,
        *,
        timeout: float = 1.5,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._url = url.rstrip("/")
        self._query = {"token": token} if token else {}
        self._session = session
        self._timeout = aiohttp.ClientTimeout(total=timeout)
        self._breaker = Breaker(clock=clock)
        self._answered = False
        self._well = False
        self.model = ""
        """Which model answered last."""

    def use(self, url: str) -> None:
        """Ask at another address from now on; what the old one failed at is forgotten."""
        if url.rstrip("/") != self._url:
            self._url = url.rstrip("/")
            self._breaker.succeeded()

    @property
    def health(self) -> Health:
        """For ``/readyz``: ``starting`` until the first answer, ``degraded`` after a failure since."""
        if not self._answered:
            return "starting"
        return "ready" if self._well else "degraded"

    async def parse(self, text: str) -> dict[str, Any]:
        """Rasa's answer for ``text``: ``intent``, ``entities``, ``intent_ranking``, ``model``.

        Raises :class:`RasaAway` for whatever goes wrong, ``breaker_open`` without asking.
        """
        if not self._breaker.allows():
            raise RasaAway("breaker_open")
        try:
            answer = await self._ask("POST", "/model/parse", {"text": text})
            if not isinstance(answer.get("intent"), dict) or not answer["intent"].get("name"):
                raise RasaAway("no_model")
        except RasaAway:
            self._well = False
            self._breaker.failed()
            raise
        self._answered = self._well = True
        self.model = str(answer.get("model", ""))
        self._breaker.succeeded()
        return answer

    async def probe(self) -> Health:
        """Ask whether a model is loaded, and say how Rasa is; never raises. For ``/readyz`` and start-up."""
        try:
            status = await self._ask("GET", "/status", None)
        except RasaAway:
            self._well = False
        else:
            self._well = bool(status.get("model_file"))
            self._answered = self._answered or self._well
            if self._well:
                self._breaker.succeeded()
        return self.health

    async def _ask(self, method: str, path: str, body: dict[str, str] | None) -> dict[str, Any]:
        try:
            async with self._session.request(
                method, self._url + path, params=self._query, json=body, timeout=self._timeout
            ) as response:
                if response.status != 200:
                    raise RasaAway(f"http_{response.status}")
                answer = await response.json()
        except TimeoutError as error:
            raise RasaAway("timeout") from error
        except aiohttp.ClientConnectionError as error:
            raise RasaAway("unreachable") from error
        except (aiohttp.ClientError, ValueError) as error:
            raise RasaAway("bad_answer") from error
        if not isinstance(answer, dict):
            raise RasaAway("bad_answer")
        return answer
