"""The commands about people: ``python -m bot staff …``, ``python -m bot token create``.

They act as the administrator of the machine they run on; all but the list is in the log of administration.
"""

import argparse
import secrets
import sys

from bot.commands import operator, role_named, seeded, within
from intake import second_factor, staffing
from intake.administering import people
from intake.administering.log import note
from intake.desk import Desk
from storage.vocab import AdminAction

Asked = argparse.Namespace
FIRST = "第一次登录要换成自己的。"


async def staff_add(asked: Asked) -> int:
    """Add an account; the password is read from standard input when it is piped, else made and shown once."""
    password, piped = _password()
    new = staffing.NewStaff(asked.login, password, role_named(asked.role), asked.department, asked.name)
    prepared, must_change = await staffing.prepare(new), bool(asked.once)

    async def add(desk: Desk) -> None:
        await people.add(desk, operator(), prepared, must_change=must_change)

    await within(add)
    shown = "" if piped else f"{FIRST if must_change else ''}密码（只显示这一次）：{password}"
    _tell(f"账号 {asked.login} 已建立。{shown}")
    return 0


async def staff_disable(asked: Asked) -> int:
    """Shut an account; the last administrator stays."""
    await within(lambda desk: people.disable(desk, operator(), asked.login))
    _tell(f"账号 {asked.login} 已停用。")
    return 0


async def staff_list(_asked: Asked) -> int:
    async with seeded() as database, database.read() as unit:
        second = await unit.second_factors.confirmed()
        for row in await staffing.listed(unit):
            state = "停用" if row.disabled else "可用"
            factor = "两步验证" if row.id in second else "-"
            told = (row.login, row.role, row.department or "-", row.name, state, factor)
            sys.stdout.write("\t".join(told) + "\n")
    return 0


async def staff_password(asked: Asked) -> int:
    """Set a new password (piped, or made and shown once) and end the account's sessions."""
    password, piped = _password()
    digest, must_change = await staffing.hashed(password), bool(asked.once)

    async def change(desk: Desk) -> None:
        await people.set_password(desk, operator(), asked.login, digest, must_change=must_change)

    await within(change)
    shown = "" if piped else f"{FIRST if must_change else ''}新密码（只显示这一次）：{password}"
    _tell(f"账号 {asked.login} 的密码已更新。{shown}")
    return 0


async def staff_totp_reset(asked: Asked) -> int:
    """Take a lost second factor away and end the account's sessions."""
    had = await within(lambda desk: second_factor.reset(desk, operator(), asked.login))
    _tell(f"账号 {asked.login} {'的两步验证已取消，要重新设置' if had else '本来就没有两步验证'}。")
    return 0


async def token_create(asked: Asked) -> int:
    """Make an API token and print it alone on standard output, this once."""
    role = role_named(asked.role)

    async def create(desk: Desk) -> str:
        token = await staffing.create_token(
            desk.unit, desk.city, role=role, department=asked.department, label=asked.label, at=desk.now()
        )
        facts = {"role": (None, role.value), "department": (None, asked.department)}
        await note(desk, operator(), AdminAction.TOKEN_CREATED, asked.label, facts)
        return token

    sys.stdout.write(await within(create) + "\n")
    return 0


def add_people(to: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """``staff …`` and ``token create``."""
    staff = to.add_parser("staff", help="工作人员账号").add_subparsers(required=True)
    add = staff.add_parser("add", help="新建账号（密码从标准输入读，或自动生成）")
    add.add_argument("login")
    add.add_argument("--name", required=True)
    add.add_argument("--role", required=True)
    add.add_argument("--department")
    add.set_defaults(command=staff_add)
    password = staff.add_parser("password", help="重设密码")
    password.add_argument("login")
    password.set_defaults(command=staff_password)
    for part in (add, password):
        part.add_argument("--once", action="store_true", help="第一次登录要换密码（交给别人时用）")
    disable = staff.add_parser("disable", help="停用账号")
    disable.add_argument("login")
    disable.set_defaults(command=staff_disable)
    reset = staff.add_parser("totp-reset", help="取消一个账号的两步验证（手机丢了）")
    reset.add_argument("login")
    reset.set_defaults(command=staff_totp_reset)
    staff.add_parser("list", help="列出账号").set_defaults(command=staff_list)
    token = to.add_parser("token", help="接口令牌").add_subparsers(required=True)
    create = token.add_parser("create", help="新建令牌，只显示一次")
    create.add_argument("--role", required=True)
    create.add_argument("--department")
    create.add_argument("--label", default="api")
    create.set_defaults(command=token_create)


def _password() -> tuple[str, bool]:
    """What was piped in, or a new one; whether it was piped."""
    piped = "" if sys.stdin.isatty() else sys.stdin.readline().strip()
    return piped or secrets.token_urlsafe(9), bool(piped)


def _tell(words: str) -> None:
    sys.stderr.write(words + "\n")
