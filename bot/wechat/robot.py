"""A WeCom group robot: one message to the group that its webhook belongs to.

Source: developer.work.weixin.qq.com/document/path/91770 (markdown up to 4,096 bytes, 20 messages a minute).
"""

from urllib.parse import urlsplit

import aiohttp

from bot.wechat.errors import ApiRefused, ErrorClass
from bot.wechat.render import shorten
from bot.wechat.transport import Transport
from intake.reach.robots import PATH, is_webhook, key_of

MAX_BYTES = 4096
_PASSING = frozenset({-1, 45009, 45033})  # busy, more than its minute allows


class RobotRefused(ApiRefused):
    """The robot's own errcode, which classes its codes apart from the official account's."""

    def __init__(self, errcode: int, errmsg: str) -> None:
        super().__init__(errcode, errmsg)
        self.error_class = ErrorClass.TRANSIENT if errcode in _PASSING else ErrorClass.REQUEST


class Robots:
    """Robots at ``base``, the only host that is asked, whatever a stored address says."""

    def __init__(self, base: str, session: aiohttp.ClientSession) -> None:
        self._base = base
        self._transport = Transport(base, session)

    async def send(self, webhook: str, markdown: str) -> None:
        """Raises :class:`RobotRefused`, ``ApiAway``; a webhook of another host is refused here."""
        if not is_webhook(webhook, self._base):
            raise RobotRefused(93000, f"not at {urlsplit(self._base).hostname}")
        body = {"msgtype": "markdown", "markdown": {"content": shorten(markdown, MAX_BYTES)}}
        try:
            await self._transport.post(PATH, {"key": key_of(webhook)}, body)
        except ApiRefused as refused:
            raise RobotRefused(refused.errcode, refused.errmsg) from None
