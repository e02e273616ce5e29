"""What a member of staff chose: ways, address, quiet hours, being away; who may stand in for whom."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from pydantic import BaseModel, ConfigDict, field_validator

from intake.actor import Actor
from intake.clock import local
from intake.desk import Desk
from intake.errors import Invalid
from intake.forms import checked
from storage.stores.reach import ReachRow
from storage.stores.staff import StaffRow
from storage.vocab import Reach

EMAIL = "staff email"
_TIME = re.compile(r"[0-2]\d:[0-5]\d")
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")


class Wanted(BaseModel):
    """The form of /console/me. Hours are in Asia/Shanghai; ``away_until`` is the last day away."""

    model_config = ConfigDict(extra="forbid")

    channels: list[Reach] = []
    email: str = ""
    quiet_from: time | None = None
    quiet_to: time | None = None
    away_until: date | None = None
    substitute: str | None = None

    @field_validator("quiet_from", "quiet_to", mode="before")
    @classmethod
    def _of_the_clock(cls, given: object) -> object:
        if not isinstance(given, str) or not _TIME.fullmatch(given):
            raise ValueError("时间要写成 21:00")
        return given


@dataclass(frozen=True, slots=True)
class Choice:
    """What stands for a person. ``offered``: the ways that are set up for them; ``colleagues``: who may stand
    in."""

    channels: frozenset[str]
    offered: frozenset[Reach]
    bound: bool
    email: str
    quiet_from: time | None
    quiet_to: time | None
    away_until: date | None
    substitute: str | None
    colleagues: list[StaffRow]


async def choice_of(desk: Desk, actor: Actor) -> Choice:
    """What the person reads on their page."""
    unit = desk.unit
    row, staff = await unit.reach.of(actor.name), await unit.staff.all()
    bound, email = bool(row and row.openid), email_of(desk, row)
    robot = bool(actor.department) and await unit.reach.robot(actor.department or "") is not None
    offered = {Reach.CONSOLE, Reach.EMAIL} | ({Reach.WECHAT} if bound else set())
    me = next(one for one in staff if one.login == actor.name)
    return Choice(
        channels=frozenset(row.channels if row else ()),
        offered=frozenset(offered | ({Reach.WECOM} if robot else set())),
        bound=bound,
        email=email,
        quiet_from=row.quiet_from if row else None,
        quiet_to=row.quiet_to if row else None,
        away_until=row.away_until if row else None,
        substitute=row.substitute if row else None,
        colleagues=[one for one in staff if are_colleagues(me, one)],
    )


async def choose(desk: Desk, actor: Actor, typed: dict[str, Any]) -> None:
    """Write down what a person chose for themselves; raises :class:`Invalid` naming every field."""
    wanted = checked(Wanted, typed)
    standing = await choice_of(desk, actor)
    faults = _faults(wanted, standing, local(desk.now()).date())
    if faults:
        raise Invalid("填写有误", fields=faults)
    values = wanted.model_dump(exclude={"channels", "email"})
    values["channels"] = sorted(one.value for one in wanted.channels if one is not Reach.CONSOLE)
    values["email"] = desk.vault.seal(wanted.email, EMAIL) if wanted.email else None
    await desk.unit.reach.put(actor.name, values)


def email_of(desk: Desk, row: ReachRow | None) -> str:
    """The person's address, or empty; raises ``intake.identity.Unreadable``."""
    return desk.vault.open(row.email, EMAIL) if row and row.email else ""


def are_colleagues(one: StaffRow, other: StaffRow) -> bool:
    """Whether ``other`` may stand in for ``one``: of the same unit, or without one of the same role.

    Never of another unit: it may be the accused one of a case (domain 6).
    """
    if one.login == other.login or other.disabled or one.department != other.department:
        return False
    return one.department is not None or one.role == other.role


def is_away(row: ReachRow, day: date) -> bool:
    return row.away_until is not None and day <= row.away_until


def quiet_left(row: ReachRow | None, now: datetime) -> timedelta:
    """How long the person's quiet hours still last at ``now``; nothing outside of them."""
    if row is None or row.quiet_from is None or row.quiet_to is None:
        return timedelta(0)
    here = local(now)
    at = here.time()
    inside = (
        row.quiet_from <= at < row.quiet_to
        if row.quiet_from < row.quiet_to
        else at >= row.quiet_from or at < row.quiet_to
    )
    if not inside:
        return timedelta(0)
    end = datetime.combine(here.date(), row.quiet_to, here.tzinfo)
    return (end if end > here else end + timedelta(days=1)) - here


def _faults(wanted: Wanted, standing: Choice, today: date) -> dict[str, str]:
    faults = {}
    if wanted.email and (len(wanted.email) > 254 or not _ADDRESS.fullmatch(wanted.email)):
        faults["email"] = "邮箱的格式不对"
    elif Reach.EMAIL in wanted.channels and not wanted.email:
        faults["email"] = "选了邮件，要填邮箱"
    if Reach.WECHAT in wanted.channels and not standing.bound:
        faults["channels"] = "选了微信，要先绑定微信"
    elif not set(wanted.channels) <= standing.offered:
        faults["channels"] = "本单位还没有设置群机器人"
    if (wanted.quiet_from is None) != (wanted.quiet_to is None) or (
        wanted.quiet_from is not None and wanted.quiet_from == wanted.quiet_to
    ):
        faults["quiet_from"] = "免打扰时段要填起止两个不同的时间"
    return faults | _faults_of_absence(wanted, standing, today)


def _faults_of_absence(wanted: Wanted, standing: Choice, today: date) -> dict[str, str]:
    if wanted.away_until is None:
        return {"away_until": "选了代办人，要填外出到哪天"} if wanted.substitute else {}
    faults = {}
    if wanted.away_until < today:
        faults["away_until"] = "日期已经过去"
    if wanted.substitute not in {one.login for one in standing.colleagues}:
        faults["substitute"] = "请选一位同单位（没有单位的选同岗位）的同事"
    return faults
