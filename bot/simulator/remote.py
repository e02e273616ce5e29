"""Drives a running simulator over HTTP, from a test or a script in any process."""

from collections.abc import Iterable, Mapping
from typing import Any

import aiohttp

Json = dict[str, Any]


class Remote:
    """The control API as methods. ``address``: ``http://127.0.0.1:8080/simulator``."""

    def __init__(self, address: str, session: aiohttp.ClientSession) -> None:
        self._address = address.rstrip("/")
        self._session = session

    async def citizen(self, name: str = "") -> str:
        """A new citizen's openid."""
        return str((await self.post("/citizens", {"name": name}))["openid"])

    async def say(self, openid: str, text: str = "", **what: object) -> Json:
        """One act (``text``, or a key of ``Citizens.act``); answers the Delivery, ``words`` and ``seq``."""
        return await self.post("/say", {"openid": openid} | ({"text": text} if text else {}) | what)

    async def entries(
        self, openid: str, *, after: int = 0, kinds: Iterable[str] = (), wait: float = 0
    ) -> list[Json]:
        """The chat behind entry ``after``; waits up to ``wait`` seconds for the first of ``kinds``."""
        query = {"openid": openid, "after": str(after), "kinds": ",".join(kinds), "wait": str(wait)}
        found: list[Json] = (await self.get("/transcript", query))["entries"]
        return found

    async def advance(self, seconds: float) -> str:
        """Moves the simulated clock; answers the time it is then."""
        return str((await self.post("/clock", {"advance_seconds": seconds}))["now"])

    async def faults(self, **faults: object) -> Json:
        """Arranges trouble; ``clear=True`` ends all."""
        return await self.post("/faults", faults)

    async def consent(self, openid: str, answer: str = "accept", template_id: str = "*") -> Json:
        """Answers the consent window."""
        return await self.post("/consent", {"openid": openid, "answer": answer, "template_id": template_id})

    async def get(self, path: str, query: Mapping[str, str] | None = None) -> Json:
        """Any call of the control API. Raises ValueError with the simulator's words when refused."""
        async with self._session.get(self._address + path, params=query) as response:
            return await _json(response)

    async def post(self, path: str, body: Mapping[str, object]) -> Json:
        """Any call of the control API. Raises ValueError with the simulator's words when refused."""
        async with self._session.post(self._address + path, json=dict(body)) as response:
            return await _json(response)


async def _json(response: aiohttp.ClientResponse) -> Json:
    if response.status >= 400:
        raise ValueError(f"{response.status}: {await response.text()}")
    found: Json = await response.json()
    return found
