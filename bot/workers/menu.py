"""The account's menu on its way to the platform: claimed, pushed outside any transaction, its answer kept."""

from datetime import timedelta

import structlog

from bot.factory import Process
from bot.wechat.errors import ApiAway, ApiRefused
from bot.wechat.menu import account_menu, menu_faults
from bot.wechat.token import TokenUnavailable
from intake.administering import menu

log = structlog.get_logger(__name__)

TOPIC = menu.TOPIC
PAUSE = timedelta(seconds=5)
PUSHED = "已推送，关注者约 5 分钟后看到"


class MenuPushes:
    """The pushes of one process."""

    def __init__(self, process: Process) -> None:
        self._process = process

    async def step(self) -> bool:
        """One push; true where there may be more. Raises ``DatabaseAway``."""
        process = self._process
        row = await process.database.run(lambda unit: menu.take(process.desk(unit)))
        if row is None:
            return False
        taken, answer, later = await self._push()
        if later:
            at = process.clock.wall() + PAUSE * row.attempts
            await process.database.run(lambda unit: menu.again(process.desk(unit), row, answer, at))
        else:
            await process.database.run(lambda unit: menu.settle(process.desk(unit), row, answer, taken=taken))
        log.info("menu_pushed", push=row.id, taken=taken, later=later)
        return True

    async def _push(self) -> tuple[bool, str, bool]:
        """Whether it was taken, what was answered, and whether it may be tried again."""
        wanted = account_menu(self._process.settings.public_url)
        if faults := menu_faults(wanted):
            return False, "；".join(faults), False
        try:
            await self._process.wechat.create_menu(wanted)
        except ApiRefused as refusal:
            return False, str(refusal), refusal.policy.retry
        except (ApiAway, TokenUnavailable) as away:
            return False, str(away), True
        return True, PUSHED, False
