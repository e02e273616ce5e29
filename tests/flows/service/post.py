"""Deliveries of the platform, one by one, to whichever process a test wants."""

from datetime import UTC, datetime

import aiohttp

from bot.simulator import drafts
from bot.simulator.envelope import Envelope
from bot.simulator.followers import openid_of
from bot.simulator.platform import Account, Platform, Push
from tests.support.service import AES_KEY, APP_ID, APP_SECRET, TOKEN, Settings


class Post:
    """Posts what the platform would post, to any of the service's processes, and opens the answers."""

    def __init__(self, session: aiohttp.ClientSession) -> None:
        account = Account.of(APP_ID, APP_SECRET, TOKEN, AES_KEY)
        self._platform = Platform(account, now=lambda: datetime.now(UTC))
        self._envelope = Envelope(self._platform)
        self._session = session

    def stamp(self, text: str) -> Push:
        """A message of the one citizen here, with the number that all its repeats carry."""
        return self._platform.stamp(drafts.text(openid_of(1), text))

    async def send(self, push: Push, settings: Settings) -> str:
        """One delivery; the reply as the citizen reads it, empty for ``success``."""
        status, body = await self.deliver(push, settings)
        assert status == 200
        return self._envelope.answer(push, body).text

    async def deliver(self, push: Push, settings: Settings) -> tuple[int, bytes]:
        """One delivery; status and body as they came."""
        query, body = self._envelope.request(push)
        async with self._session.post(f"{settings.url}/wechat", params=query, data=body) as response:
            return response.status, await response.read()
