"""Ways to staff: by WeChat as to citizens, by mail, by the group robot of their unit.

Chosen in a unit of work when the digest is about to go, so that what a person chose meanwhile counts.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.factory import Process
from bot.mail import Mail
from bot.workers.digests import Digest
from bot.workers.gates import MINUTE, Api
from bot.workers.verdict import NOT_SET_UP, UNREACHABLE
from bot.workers.ways import MOST_CLAIMS, End, Later, Way, wechat_way
from intake.identity import Unreadable
from intake.reach.binding import citizen_of
from intake.reach.choice import email_of, quiet_left
from intake.reach.robots import webhook_of
from intake.staffing import DISABLED
from storage.stores.outbox import OutboxRow
from storage.stores.reach import ReachRow
from storage.stores.reminders import ReminderRow
from storage.stores.staff import StaffRow
from storage.unit import Unit
from storage.vocab import Reach


@dataclass(frozen=True, slots=True)
class Post:
    """A way that is no WeChat: a mail, or markdown to a webhook."""

    api: Api
    mail: Mail | None = None
    webhook: str = ""
    markdown: str = ""


Step = Way | Post | Later | End
_Facts = tuple[Process, Unit, OutboxRow, Digest]


async def staff_way(process: Process, unit: Unit, row: OutboxRow) -> Step:
    """The way of a digest now, or why there is none; in quiet hours only urgent ones go."""
    person = await unit.staff.by_login(row.login or "")
    if person is None or person.disabled:
        return End("cancelled", DISABLED)
    lines = await unit.reminders.of_digest(row.id)
    if not lines or row.attempts > MOST_CLAIMS:
        return End("dead", "gave_up" if lines else "emptied")
    reach, digest = await unit.reach.of(person.login), await _digest(process, unit, person, lines)
    left = quiet_left(reach, process.clock.now())
    if left and not digest.urgent:
        return Later(min(left, MINUTE), "quiet_hours")  # the office's clock may be turned meanwhile
    way = _WAYS.get(row.via or "")
    if way is None:
        return End("dead", "no_such_channel")
    try:
        return await way((process, unit, row, digest), person, reach)
    except Unreadable:
        return End("dead", "unreadable")


async def _digest(process: Process, unit: Unit, person: StaffRow, lines: list[ReminderRow]) -> Digest:
    names = {person.login: person.name}
    for login in {line.stands_for for line in lines} - {None}:
        away = await unit.staff.by_login(login or "")
        names |= {away.login: away.name} if away else {}
    return Digest(lines, person.login, names, f"{process.settings.public_url.rstrip('/')}/console")


async def _by_wechat(facts: _Facts, _person: StaffRow, reach: ReachRow | None) -> Step:
    process, unit, row, digest = facts
    follower = await citizen_of(process.desk(unit), reach) if reach else None
    if follower is None or follower.openid is None:
        return End("dead", NOT_SET_UP)
    if not follower.reachable:
        return End("dead", UNREACHABLE)
    return await wechat_way(process, unit, follower, digest, row.notice)


async def _by_mail(facts: _Facts, _person: StaffRow, reach: ReachRow | None) -> Step:
    process, unit, row, digest = facts
    address = email_of(process.desk(unit), reach)
    if not address:
        return End("dead", NOT_SET_UP)
    if not process.settings.smtp_url.get_secret_value():
        return End("dead", "mail_off")
    return Post("email", Mail(address, digest.subject(), digest.mail(), f"digest-{row.id}"))


async def _by_robot(facts: _Facts, person: StaffRow, _reach: ReachRow | None) -> Step:
    process, unit, _, digest = facts
    webhook = await webhook_of(process.desk(unit), person.department)
    if webhook is None:
        return End("dead", NOT_SET_UP)
    return Post("wecom", webhook=webhook, markdown=digest.markdown())


_WAYS: dict[str, Callable[[_Facts, StaffRow, ReachRow | None], Awaitable[Step]]] = {
    Reach.WECHAT: _by_wechat,
    Reach.EMAIL: _by_mail,
    Reach.WECOM: _by_robot,
}
