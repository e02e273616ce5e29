"""Who is reminded of a rung, and by which channels."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from intake.profiles.schema import Audience, Rung
from storage.stores.reminders import DueClock
from storage.stores.staff import StaffRow
from storage.vocab import Role

CONSOLE = "console"
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
    supervisor sees who could not be told."""

    login: str | None
    role: str
    department: str | None
    channel: str | None


def channels_of(person: StaffRow) -> tuple[str, ...]:
    """By which channels a person is told; each gets a digest of its own. Everybody has the console."""
    return (CONSOLE,)


class Posts:
    """Who holds which post now: accounts that are not disabled, by role and unit."""

    def __init__(self, staff: Iterable[StaffRow]) -> None:
        self._by_login: dict[str, StaffRow] = {}
        self._holders: dict[tuple[str, str | None], list[StaffRow]] = defaultdict(list)
        self._city: dict[str, list[StaffRow]] = defaultdict(list)
        for person in staff:
            if not person.disabled:
                self._by_login[person.login] = person
                self._holders[person.role, person.department].append(person)
                self._city[person.role].append(person)

    def told(self, rung: Rung, clock: DueClock) -> list[Recipient]:
        """Everybody whom a rung concerns, each once by each channel; a post that nobody holds is named."""
        found: dict[tuple[str | None, ...], Recipient] = {}
        for audience in (*rung.to, *rung.cc):
            for one in self._audience(audience, clock):
                key = (one.login, one.channel) if one.login else (None, one.role, one.department)
                found.setdefault(key, one)
        return list(found.values())

    def _audience(self, audience: Audience, clock: DueClock) -> Iterator[Recipient]:
        role = ROLES[audience].value
        unit = (clock.bound or clock.department) if audience in OF_THE_UNIT else None
        people = self._people(audience, role, unit, clock)
        for person in people:
            for channel in channels_of(person):
                yield Recipient(person.login, person.role, person.department, channel)
        if not people:
            yield Recipient(None, role, unit, None)

    def _people(self, audience: Audience, role: str, unit: str | None, clock: DueClock) -> list[StaffRow]:
        if audience is Audience.ASSIGNEE and clock.bound is None:
            assigned = self._by_login.get(clock.assignee or "")
            if assigned is not None and assigned.department == unit:
                return [assigned]
        if audience in OF_THE_UNIT:
            return self._holders.get((role, unit), [])
        return self._city.get(role, [])
