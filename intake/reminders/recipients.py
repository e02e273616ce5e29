"""Who is reminded of a rung, and by which channels."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date

from intake.profiles.schema import Audience, Rung
from intake.reach.choice import are_colleagues, is_away
from storage.stores.reach import ReachRow
from storage.stores.reminders import DueClock
from storage.stores.staff import StaffRow
from storage.vocab import Reach, Role

CONSOLE = Reach.CONSOLE.value
ROLES = {
    Audience.ASSIGNEE: Role.HANDLER,
    Audience.HEAD: Role.HEAD,
    Audience.SUPERVISOR: Role.SUPERVISOR,
    Audience.LEADER: Role.LEADER,
    Audience.DISPATCHER: Role.DISPATCHER,
    Audience.LIAISON: Role.LIAISON,
}
OF_THE_UNIT = frozenset({Audience.ASSIGNEE, Audience.HEAD})


@dataclass(frozen=True, slots=True)
class Recipient:
    """One person by one channel. ``login`` and ``channel`` None: nobody holds the post, so that the
    supervisor sees who could not be told. ``stands_for``: who is away and chose this person to stand in."""

    login: str | None
    role: str
    department: str | None
    channel: str | None
    stands_for: str | None = None


def channels_of(person: StaffRow, reach: ReachRow | None, robots: Collection[str]) -> tuple[str, ...]:
    """By which channels a person is told, each with a digest of its own: the console, and what they chose as
    far as it is set up. ``robots``: units that have one."""
    if reach is None:
        return (CONSOLE,)
    set_up = {
        Reach.WECHAT: reach.openid is not None,
        Reach.EMAIL: reach.email is not None,
        Reach.WECOM: person.department in robots,
    }
    return (CONSOLE, *(way.value for way, there in set_up.items() if there and way in reach.channels))


class Posts:
    """Who holds which post on a day: accounts that are not disabled, by role and unit; ``reach``: what they
    chose; ``robots``: units that have one."""

    def __init__(
        self,
        staff: Iterable[StaffRow],
        reach: Iterable[ReachRow],
        robots: Collection[str],
        today: date,
    ) -> None:
        self._reach = {row.login: row for row in reach}
        self._robots = robots
        self._today = today
        self._by_login: dict[str, StaffRow] = {}
        self._holders: dict[tuple[str, str | None], list[StaffRow]] = defaultdict(list)
        self._city: dict[str, list[StaffRow]] = defaultdict(list)
        for person in staff:
            if not person.disabled:
                self._by_login[person.login] = person
                self._holders[person.role, person.department].append(person)
                self._city[person.role].append(person)

    def told(self, rung: Rung, clock: DueClock) -> list[Recipient]:
        """Everybody whom a rung concerns, each once by each channel; a post that nobody holds is named.

        Who is told in their own right is not told again as a substitute.
        """
        found: dict[tuple[str | None, ...], Recipient] = {}
        direct = [one for audience in (*rung.to, *rung.cc) for one in self._audience(audience, clock)]
        for one in (*direct, *(each for told in direct for each in self._substitute(told))):
            key = (one.login, one.channel) if one.login else (None, one.role, one.department)
            found.setdefault(key, one)
        return list(found.values())

    def _audience(self, audience: Audience, clock: DueClock) -> Iterator[Recipient]:
        role = ROLES[audience].value
        unit = (clock.bound or clock.department) if audience in OF_THE_UNIT else None
        people = self._people(audience, role, unit, clock)
        for person in people:
            yield from self._by_channel(person)
        if not people:
            yield Recipient(None, role, unit, None)

    def _by_channel(self, person: StaffRow) -> Iterator[Recipient]:
        for channel in channels_of(person, self._reach.get(person.login), self._robots):
            yield Recipient(person.login, person.role, person.department, channel)

    def _substitute(self, told: Recipient) -> Iterator[Recipient]:
        """The same to whoever stands in today, where that is still a colleague."""
        if told.login is None or told.channel != CONSOLE:
            return
        reach = self._reach.get(told.login)
        stand_in = self._by_login.get((reach.substitute if reach else None) or "")
        if reach is None or stand_in is None or not is_away(reach, self._today):
            return
        if are_colleagues(self._by_login[told.login], stand_in):
            for one in self._by_channel(stand_in):
                yield replace(one, stands_for=told.login)

    def _people(self, audience: Audience, role: str, unit: str | None, clock: DueClock) -> list[StaffRow]:
        if audience is Audience.ASSIGNEE and clock.bound is None:
            assigned = self._by_login.get(clock.assignee or "")
            if assigned is not None and assigned.department == unit:
                return [assigned]
        if audience in OF_THE_UNIT:
            return self._holders.get((role, unit), [])
        return self._city.get(role, [])
