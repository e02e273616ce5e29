"""Units as an administrator keeps them: names, duties and telephones, and the three parts of the city.

Each part (督办, 纪检, 12345) is played by exactly one unit (domain 3, 6): it is taken over, never put down.
A unit is retired when nothing hangs on it any more; old cases go on naming it.
"""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Annotated, Any

from pydantic import Field

from intake.actor import Actor
from intake.administering.log import differences, note, only_admin
from intake.desk import Desk
from intake.errors import Invalid, NotFound, StaleVersion
from intake.profiles.schema import Code, Department, Flag, Level, Words, own_ancestors
from storage.stores.departments import DepartmentRow
from storage.vocab import AdminAction

REFRESH = "refresh"
"""Topic of the loop that follows the database: its own process sees a change at once."""
Line = Annotated[str, Field(max_length=100)]
FLAG_NAMES = {Flag.SUPERVISION: "督办单位", Flag.DISCIPLINE: "纪检单位", Flag.DESK_12345: "12345 热线"}
_HANGS = {
    "cases": "件没有办结",
    "clocks": "个协办或督办的期限",
    "commitments": "项承诺没有了结",
    "staff": "个账号在用",
    "below": "个下属单位",
}


class Entry(Department):
    """A unit as a form describes it."""

    code: Annotated[Code, Field(max_length=64)]
    name: Annotated[str, Field(min_length=2, max_length=100)]
    short_names: Annotated[Words, Field(max_length=40)] = ()
    duties: Annotated[Words, Field(max_length=1000)] = ()
    phone: Line = ""
    email: Line = ""
    supervision_phone: Line = ""
    supervision_email: Line = ""
    leader_post: Line = ""


async def add(desk: Desk, actor: Actor, entry: Entry) -> None:
    """Write a new unit; raises :class:`WrongRole`, :class:`Invalid`."""
    only_admin(actor)
    known = await desk.unit.departments.held()
    if entry.code in known:
        raise Invalid("这个代码已经有单位用", fields={"code": "已经有单位用"})
    _check(desk, known, entry)
    await desk.unit.departments.add(_row(entry) | {"active": True})
    await note(desk, actor, AdminAction.DEPARTMENT_ADDED, entry.code, {"name": (None, entry.name)})
    await _take_over(desk, actor, known, entry)


async def change(desk: Desk, actor: Actor, entry: Entry, version: int) -> None:
    """Write what a unit is now; parts that it is to play leave the unit that played them.

    Raises WrongRole, NotFound, StaleVersion and :class:`Invalid`.
    """
    known, row = await _looked_at(desk, actor, entry.code, version)
    if not row.active:
        raise Invalid("单位已经停用：先恢复")
    _check(desk, known, entry)
    dropped = sorted(set(row.flags) - set(entry.flags))
    if dropped:
        name = FLAG_NAMES[Flag(dropped[0])]
        raise Invalid(f"{name}总要有一个：请到接任的单位那里指定", fields={"flags": "在接任的单位那里指定"})
    before = {name: getattr(row, name) for name in _row(entry)}
    changes = differences(before, _row(entry))
    if not changes:
        raise Invalid("没有变化")
    await _take_over(desk, actor, known, entry)
    await desk.unit.departments.change(entry.code, _row(entry))
    await note(desk, actor, AdminAction.DEPARTMENT_CHANGED, entry.code, changes)
    desk.unit.wake(REFRESH)


async def retire(desk: Desk, actor: Actor, code: str, version: int) -> None:
    """Take a unit out of use; raises WrongRole, NotFound, StaleVersion, and :class:`Invalid` where something
    hangs on it."""
    _, row = await _looked_at(desk, actor, code, version)
    burdens = asdict(await desk.unit.departments.burdens(code))
    hangs = [f"{count} {_HANGS[what]}" for what, count in burdens.items() if count]
    hangs += [f"它是{FLAG_NAMES[Flag(flag)]}" for flag in row.flags]
    if not row.active:
        raise Invalid("单位已经停用")
    if hangs:
        raise Invalid(f"还不能停用：{'，'.join(hangs)}")
    await desk.unit.departments.change(code, {"active": False})
    await note(desk, actor, AdminAction.DEPARTMENT_RETIRED, code)
    desk.unit.wake(REFRESH)


async def reinstate(desk: Desk, actor: Actor, code: str, version: int) -> None:
    """Take a unit into use again; raises as :func:`retire`."""
    known, row = await _looked_at(desk, actor, code, version)
    if row.active:
        raise Invalid("单位没有停用")
    facts = {name: getattr(row, name) for name in Entry.model_fields}
    _check(desk, known, Entry.model_validate(facts))
    await desk.unit.departments.change(code, {"active": True})
    await note(desk, actor, AdminAction.DEPARTMENT_REINSTATED, code)
    desk.unit.wake(REFRESH)


async def _looked_at(
    desk: Desk, actor: Actor, code: str, version: int
) -> tuple[dict[str, DepartmentRow], DepartmentRow]:
    """Every unit, and the one asked for as the page showed it that the asker decided on."""
    only_admin(actor)
    known = await desk.unit.departments.held()
    if code not in known:
        raise NotFound("没有这个单位")
    if known[code].version != version:
        raise StaleVersion("别人刚改过这个单位，请看一遍再改", version=known[code].version)
    return known, known[code]


async def _take_over(desk: Desk, actor: Actor, known: Mapping[str, DepartmentRow], entry: Entry) -> None:
    """Let go of the parts that ``entry`` plays now whoever played them."""
    for other in known.values():
        left = [flag for flag in other.flags if flag not in entry.flags]
        if other.code != entry.code and left != other.flags:
            await desk.unit.departments.change(other.code, {"flags": left})
            changes = {"flags": (other.flags, left)}
            await note(desk, actor, AdminAction.DEPARTMENT_CHANGED, other.code, changes)
    desk.unit.wake(REFRESH)


def _row(entry: Entry) -> dict[str, Any]:
    row = entry.model_dump(mode="json")
    return row | {"flags": sorted(row["flags"])}


def _check(desk: Desk, known: Mapping[str, DepartmentRow], entry: Entry) -> None:
    others = [row for row in known.values() if row.code != entry.code]
    words = {word for row in others if row.active for word in (row.name,)}
    faults = {}
    if any(row.name == entry.name for row in others):
        faults["name"] = "已经有单位叫这个名字"
    if taken := sorted(set(entry.short_names) & words):
        faults["short_names"] = f"是别的单位的全称：{'、'.join(taken)}"
    if entry.place is not None and entry.place not in {place.name for place in desk.city.places}:
        faults["place"] = "没有这个地方"
    if (entry.level is Level.CITY) != (entry.place is None):
        faults["place"] = "市里的单位不填地方，县区的单位要填"
    if entry.parent is not None and not any(row.code == entry.parent and row.active for row in others):
        faults["parent"] = "没有这个单位"
    elif entry.code in own_ancestors([*(u for u in desk.city.units.values() if u.code != entry.code), entry]):
        faults["parent"] = "不能归自己的下属管"
    if {Flag.SUPERVISION, Flag.DISCIPLINE} <= entry.flags:
        faults["flags"] = "督办单位和纪检单位不能是同一个：反映它自己的件就没有去处"
    if faults:
        raise Invalid("填写有误", fields=faults)
