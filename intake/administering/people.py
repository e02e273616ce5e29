"""Accounts as an administrator keeps them: added with a password for the first time, changed, shut, opened.

Whoever gets a password from somebody else chooses another one first. Nobody shuts themselves out, and one
administrator always stands.
"""

from pydantic import BaseModel, ConfigDict, Field

from intake import staffing
from intake.actor import OF_ONE_UNIT, Actor
from intake.administering.log import differences, note, only_admin
from intake.desk import Desk
from intake.errors import Invalid, StaleVersion
from intake.staffing import NO_STAFF, Prepared, account
from storage.stores.staff import StaffRow
from storage.vocab import AdminAction, Role


class Changed(BaseModel):
    """What may be changed of an account; ``department`` a code, of handlers and heads only."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(min_length=1, max_length=100)
    role: Role
    department: str | None = None


async def add(desk: Desk, actor: Actor, prepared: Prepared, *, must_change: bool = True) -> None:
    """Write an account; raises :class:`WrongRole`, :class:`Invalid`."""
    only_admin(actor)
    new = prepared.new
    if new.role not in OF_ONE_UNIT and new.department:
        raise Invalid("这个岗位不属于一个单位", fields={"department": "这个岗位不填单位"})
    await staffing.add(desk.unit, desk.city, prepared, desk.now(), must_change=must_change)
    facts = {"name": (None, new.name), "role": (None, new.role.value), "department": (None, new.department)}
    await note(desk, actor, AdminAction.STAFF_ADDED, new.login, facts)


async def change(desk: Desk, actor: Actor, login: str, asked: Changed, version: int) -> None:
    """Another name, role or unit; raises WrongRole, NotFound, StaleVersion and Invalid."""
    row = await _looked_at(desk, actor, login, version)
    _check(desk, actor, row, asked)
    await _one_admin_stays(desk, row, leaves=asked.role is not Role.ADMIN)
    changes = differences(_told(row), asked.model_dump(mode="json"))
    if not changes:
        raise Invalid("没有变化")
    await desk.unit.staff.change(login, asked.model_dump(mode="json"))
    await note(desk, actor, AdminAction.STAFF_CHANGED, login, changes)


async def set_password(
    desk: Desk, actor: Actor, login: str, password_hash: str, *, must_change: bool = True
) -> None:
    """A password from somebody else's hand; every session of the account ends. Raises WrongRole, NotFound."""
    only_admin(actor)
    await staffing.set_password(desk.unit, login, password_hash, must_change=must_change)
    await note(desk, actor, AdminAction.PASSWORD_RESET, login)


async def disable(desk: Desk, actor: Actor, login: str, version: int | None = None) -> None:
    """Shut an account (``intake.staffing.disable``); raises WrongRole, NotFound, StaleVersion, Invalid."""
    row = await _looked_at(desk, actor, login, version)
    if login == actor.name:
        raise Invalid("不能停用自己的账号")
    if row.disabled:
        raise Invalid("这个账号已经停用")
    await _one_admin_stays(desk, row, leaves=True)
    await staffing.disable(desk.unit, login)
    await note(desk, actor, AdminAction.STAFF_DISABLED, login)


async def enable(desk: Desk, actor: Actor, login: str, version: int) -> None:
    """Open a shut account again, with the password it had; raises as :func:`disable`."""
    row = await _looked_at(desk, actor, login, version)
    if not row.disabled:
        raise Invalid("这个账号没有停用")
    if row.department is not None and row.department not in desk.city.units:
        raise Invalid("他的单位已经停用：先换一个单位")
    await desk.unit.staff.change(login, {"disabled": False})
    await note(desk, actor, AdminAction.STAFF_ENABLED, login)


async def _looked_at(desk: Desk, actor: Actor, login: str, version: int | None) -> StaffRow:
    """The account, as the page showed it that the asker decided on."""
    only_admin(actor)
    row = await account(desk.unit, login)
    if version is not None and row.version != version:
        raise StaleVersion("别人刚改过这个账号，请看一遍再改", version=row.version)
    return row


def _check(desk: Desk, actor: Actor, row: StaffRow, asked: Changed) -> None:
    faults = {}
    if asked.role in NO_STAFF:
        faults["role"] = "没有这个岗位"
    elif actor.name == row.login and asked.role is not Role(row.role):
        faults["role"] = "不能改自己的岗位"
    if (asked.role in OF_ONE_UNIT) != bool(asked.department):
        faults["department"] = "承办人和承办单位负责人要有单位，别的岗位不填"
    elif asked.department and asked.department not in desk.city.units:
        faults["department"] = "没有这个单位"
    if faults:
        raise Invalid("填写有误", fields=faults)


async def _one_admin_stays(desk: Desk, row: StaffRow, *, leaves: bool) -> None:
    """Refuse what would leave nobody to administer; the others are held until the unit ends."""
    if not leaves or row.role != Role.ADMIN or row.disabled:
        return
    if all(one.login == row.login for one in await desk.unit.staff.held(Role.ADMIN.value)):
        raise Invalid("这是最后一个系统管理员，不能停用或改岗位")


def _told(row: StaffRow) -> dict[str, str | None]:
    return {"name": row.name, "role": row.role, "department": row.department}
