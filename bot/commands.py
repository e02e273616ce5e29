"""What the commands of ``python -m bot`` do; the command line itself stands in ``bot.__main__``.

Each opens the database for itself, does one thing in one unit of work, and says what it did.
"""

import argparse
import getpass
import json
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TypeVar

from bot.factory import open_process, vault_of
from bot.http.readiness import file_faults
from bot.serving import require_migrated
from bot.settings import Settings, SettingsFault, examined, load
from bot.wechat.errors import ApiAway, ApiRefused
from bot.wechat.menu import account_menu, menu_faults
from bot.wechat.token import TokenUnavailable
from intake import archive, registry, staffing
from intake.actor import Actor
from intake.city import load_city, seed_city
from intake.clock import Clock
from intake.desk import Desk
from intake.errors import Invalid
from intake.profiles.schema import load_profile
from storage.engine import Database
from storage.migrate import upgrade
from storage.unit import Unit
from storage.vocab import Role

Asked = argparse.Namespace
T = TypeVar("T")


async def check(_asked: Asked) -> int:
    """Show the settings without secrets; raises every fault of theirs and of their files at once."""
    settings, faults = examined(wechat=True)
    faults = [*faults, *file_faults(settings)]
    if faults:
        raise SettingsFault(faults)
    for name, value in settings.shown().items():
        sys.stdout.write(f"{name}={value}\n")
    return 0


async def migrate(_asked: Asked) -> int:
    """Bring the tables up to date; an empty database gets the profile's units and rules as well."""
    settings = load()
    await upgrade(settings.database_url)
    profile = load_profile(settings.profile)
    async with _database(settings) as database:

        async def first_time(unit: Unit) -> int:
            if await unit.departments.all():
                return 0
            return await seed_city(unit, profile, at=Clock().now())

        added = await database.run(first_time)
    _tell(f"数据库已是最新。{f'写入 {added} 个单位。' if added else ''}")
    return 0


async def seed(asked: Asked) -> int:
    """Write units and rules that are missing, with ``--sample`` also the samples; edits made since stay."""
    settings = load()
    profile = load_profile(asked.profile)
    await require_migrated(settings.database_url)
    async with _database(settings) as database:
        added = await database.run(lambda unit: seed_city(unit, profile, at=Clock().now()))
        _tell(f"写入 {added} 个单位。")
        if asked.sample:
            await _seed_sample(database, asked.logins)
    return 0


async def archive_verify(asked: Asked) -> int:
    """Go through the whole archive; 1 and JSON on standard output when something is wrong."""
    settings = load()
    await require_migrated(settings.database_url)
    async with _database(settings) as database, database.read() as unit:
        faults = await archive.verify(unit, vault_of(settings).archive_key, head=asked.head)
    report = {"ok": not faults, "faults": [fault.as_json() for fault in faults]}
    sys.stdout.write(json.dumps(report, ensure_ascii=False) + "\n")
    return 1 if faults else 0


async def menu_push(_asked: Asked) -> int:
    """Put the account's menu in place at the platform."""
    settings = load(wechat=True)
    menu = account_menu(settings.public_url)
    faults = menu_faults(menu)
    if faults:
        raise Invalid("菜单有误：" + "；".join(faults))
    async with open_process(settings, name="menu") as process:
        try:
            await process.wechat.create_menu(menu)
        except (ApiRefused, ApiAway, TokenUnavailable) as refusal:
            _tell(f"平台没有接受：{refusal}")
            return 1
    _tell("菜单已推送，关注者约 5 分钟后看到。")
    return 0


async def _seed_sample(database: Database, logins: Path | None) -> None:
    async with database.read() as unit:
        city = await load_city(unit)
        known = bool(await unit.staff.all())
    accounts = [] if known else [await staffing.prepare(new) for new in staffing.sample_staff(city)]

    async def write(unit: Unit) -> list[staffing.NewStaff]:
        await registry.seed_sample(unit, city, Clock().now())
        return await staffing.seed_staff(unit, city, accounts, Clock().now())

    fresh = await database.run(write)
    if fresh and logins is not None:
        _write_logins(logins, fresh)
    _tell(f"写入示例承诺、办事指南和 {len(fresh)} 个示例账号。")


def _write_logins(path: Path, accounts: list[staffing.NewStaff]) -> None:
    """The sample's passwords, readable by the owner alone."""
    rows = [
        {"login": a.login, "password": a.password, "role": a.role.value, "department": a.department}
        for a in accounts
    ]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)
    path.write_text(json.dumps(rows, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def role_named(name: str) -> Role:
    try:
        return Role(name)
    except ValueError:
        raise Invalid(
            f"没有这个岗位：{name}；可用：{'、'.join(role for role in Role if role not in staffing.NO_STAFF)}"
        ) from None


@asynccontextmanager
async def seeded() -> AsyncIterator[Database]:
    """The database of the settings, migrated; closed at the end."""
    settings = load()
    await require_migrated(settings.database_url)
    async with _database(settings) as database:
        yield database


def operator() -> Actor:
    """Who types here: the administrator of the machine."""
    return Actor(Role.ADMIN, f"命令行 {getpass.getuser()}"[:64])


async def within(work: Callable[[Desk], Awaitable[T]]) -> T:
    """Do ``work`` at a desk of its own, in one unit of work."""
    async with seeded() as database:

        async def one(unit: Unit) -> T:
            return await work(Desk(unit, Clock(), vault_of(load()), await load_city(unit)))

        return await database.run(one)


@asynccontextmanager
async def _database(settings: Settings) -> AsyncIterator[Database]:
    database = Database(settings.database_url, pool=2)
    try:
        yield database
    finally:
        await database.close()


def _tell(words: str) -> None:
    sys.stderr.write(words + "\n")
