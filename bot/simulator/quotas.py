"""How often each call may be made.

Source: developers.weixin.qq.com/doc/service/Message_Management/API_Call_Limits.html; a day ends at midnight
in Shanghai.
"""

from collections import Counter
from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.simulator.errors import Refused

SHANGHAI = ZoneInfo("Asia/Shanghai")
DAILY = {
    "/cgi-bin/token": 2_000,
    "/cgi-bin/stable_token": 500_000,
    "/cgi-bin/menu/create": 1_000,
    "/cgi-bin/menu/get": 10_000,
    "/cgi-bin/menu/delete": 1_000,
    "/cgi-bin/media/upload": 100_000,
    "/cgi-bin/media/get": 200_000,
    "/cgi-bin/message/custom/send": 500_000,
    "/cgi-bin/message/template/send": 100_000,
    "/cgi-bin/user/info": 5_000_000,
}
A_MINUTE = {"/cgi-bin/stable_token": 10_000}
RESETS_A_MONTH = 10


class Quotas:
    """Counts calls by path. ``daily`` and ``a_minute`` may be lowered to see what a client does then."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self.daily = dict(DAILY)
        self.a_minute = dict(A_MINUTE)
        self._day = self._minute = ""
        self._of_day: Counter[str] = Counter()
        self._of_minute: Counter[str] = Counter()
        self._resets: Counter[str] = Counter()

    def count(self, path: str) -> None:
        """Counts one call. Raises Refused 45009 or 45011 when the day's or the minute's are used up."""
        self._turn_over()
        if self._of_minute[path] >= self.a_minute.get(path, 2**63):
            raise Refused(45011)
        if self._of_day[path] >= self.daily.get(path, 2**63):
            raise Refused(45009)
        self._of_minute[path] += 1
        self._of_day[path] += 1

    def use_up(self) -> None:
        """Nothing is left of today's calls but for tokens: every other one is refused with 45009."""
        self._turn_over()
        free = ("/cgi-bin/token", "/cgi-bin/stable_token")
        self.daily = {path: most if path in free else self._of_day[path] for path, most in DAILY.items()}

    def refill(self) -> None:
        """As many calls a day as there are by rights."""
        self.daily = dict(DAILY)

    @property
    def used_up(self) -> bool:
        """Whether :meth:`use_up` holds."""
        return self.daily != DAILY

    def used(self, path: str) -> int:
        """Calls of today."""
        self._turn_over()
        return self._of_day[path]

    def reset(self) -> None:
        """Starts the day's counts anew. Raises Refused 48006 for the eleventh time in a month."""
        month = self._now().astimezone(SHANGHAI).strftime("%Y-%m")
        if self._resets[month] >= RESETS_A_MONTH:
            raise Refused(48006)
        self._resets[month] += 1
        self._of_day.clear()

    def _turn_over(self) -> None:
        local = self._now().astimezone(SHANGHAI)
        day, minute = local.strftime("%Y-%m-%d"), local.strftime("%Y-%m-%d %H:%M")
        if day != self._day:
            self._day = day
            self._of_day.clear()
        if minute != self._minute:
            self._minute = minute
            self._of_minute.clear()
