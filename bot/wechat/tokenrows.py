"""The shared access token in the database, sealed: where the processes of one account meet.

Implements ``bot.wechat.token.TokenStore``. Times are the wall's; the row outlives every process.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from bot.wechat.token import StoredToken
from intake.identity import Unreadable, Vault
from storage.engine import Database
from storage.stores.platform import AccessTokenRow
from storage.unit import Unit

PURPOSE = "access token"


class SqlTokenStore:
    """Each method is one short transaction. ``wall``: real time, aware.

    Every method raises :class:`storage.engine.DatabaseAway`.
    """

    def __init__(self, database: Database, vault: Vault, app_id: str, wall: Callable[[], datetime]) -> None:
        self._database = database
        self._vault = vault
        self._app_id = app_id
        self._wall = wall

    async def load(self) -> StoredToken | None:
        async with self._database.read() as unit:
            return self._opened(await unit.tokens.get(self._app_id))

    async def save(self, token: str, expires_at: datetime, *, replaces: str | None) -> StoredToken:
        async def compare_and_set(unit: Unit) -> StoredToken:
            standing = self._opened(await unit.tokens.get(self._app_id, lock=True))
            if standing is not None and standing.value not in (replaces, token):
                return standing
            await unit.tokens.put(self._app_id, self._vault.seal(token, PURPOSE), expires_at)
            return StoredToken(token, expires_at)

        return await self._database.run(compare_and_set)

    async def claim(self, owner: str, seconds: float) -> bool:
        now = self._wall()
        until = now + timedelta(seconds=seconds)
        return await self._database.run(
            lambda unit: unit.tokens.lease(self._app_id, owner, now=now, until=until)
        )

    async def release(self, owner: str) -> None:
        await self._database.run(lambda unit: unit.tokens.release(self._app_id, owner))

    async def drop(self, token: str) -> None:
        async def compare_and_delete(unit: Unit) -> None:
            standing = self._opened(await unit.tokens.get(self._app_id, lock=True))
            if standing is not None and standing.value == token:
                await unit.tokens.put(self._app_id, None, None)

        await self._database.run(compare_and_delete)

    def _opened(self, row: AccessTokenRow | None) -> StoredToken | None:
        """What stands; a token sealed under another key is as good as none."""
        if row is None or row.token is None or row.expires_at is None:
            return None
        try:
            return StoredToken(self._vault.open(row.token, PURPOSE), row.expires_at)
        except Unreadable:
            return None
