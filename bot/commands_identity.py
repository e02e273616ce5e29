"""``python -m bot identity rotate``: seal everything anew under the key in force; what ``check`` says of it.

Safe to stop and to start again at any moment, and while the service runs.
"""

import argparse
import asyncio
import sys
from collections.abc import Awaitable, Callable
from dataclasses import replace

from bot.commands import seeded
from bot.factory import vault_of
from bot.receiving import BODY as INBOX
from bot.receiving import STATE
from bot.serving import NotMigrated
from bot.settings import Settings, load
from bot.turn import REPLY, UNDERSTANDING
from bot.wechat.tokenrows import PURPOSE as TOKEN
from intake import messages, notices
from intake.cases.opening import SEALED_TEXT
from intake.commitments import opinions
from intake.errors import Invalid
from intake.evidence import MEDIA
from intake.identity import Vault
from intake.reach.binding import STAFF_OPENID
from intake.reach.choice import EMAIL
from intake.reach.robots import WEBHOOK
from intake.reporters import OPENID, PURPOSE
from intake.rotation import Census, Progress, census, reseal_batch
from intake.second_factor import SECRET as TOTP
from storage.engine import Database, DatabaseAway
from storage.unit import Raced

PURPOSES = {
    ("identity", "openid"): OPENID,
    ("identity", "name"): PURPOSE,
    ("identity", "phone"): PURPOSE,
    ("sealed_text", "body"): SEALED_TEXT,
    ("conversation", "state"): STATE,
    ("desk_message", "body"): messages.PURPOSE,
    ("desk_message", "reply"): messages.PURPOSE,
    ("opinion", "body"): opinions.PURPOSE,
    ("inbox", "body"): INBOX,
    ("inbox", "reply"): REPLY,
    ("inbox", "understanding"): UNDERSTANDING,
    ("outbox", "body"): notices.BODY,
    ("file", "media_id"): MEDIA,
    ("access_token", "token"): TOKEN,
    ("staff_totp", "secret"): TOTP,
    ("staff_reach", "openid"): STAFF_OPENID,
    ("staff_reach", "email"): EMAIL,
    ("department_robot", "webhook"): WEBHOOK,
}
"""What is bound into the values of each sealed column."""
BREATH = 0.05  # seconds between batches, in which SQLite lets the service write
LOST = 20  # races in a row after which something else is wrong
PASSES = 5  # rows that somebody held are met again in the next pass

Pause = Callable[[float], Awaitable[None]]


async def identity_rotate(_asked: argparse.Namespace) -> int:
    """Seal everything anew; 1 where something is left under the previous key or under an unknown one."""
    settings = load()
    if not settings.identity_key_previous.get_secret_value():
        raise Invalid("没有设置 JIANNUO_IDENTITY_KEY_PREVIOUS：新密钥填 JIANNUO_IDENTITY_KEY，原来的填这里")
    vault = vault_of(settings)
    async with seeded() as database:
        done, doubled = await rotate(database, vault)
        async with database.read() as unit:
            counted = await census(unit, vault)
    _tell(f"换到新密钥 {done} 行。")
    if doubled:
        _tell(f"有 {doubled} 位群众在两个密钥下各有一份身份，没有动：请保留上一个密钥，联系开发。")
    for line in _said(counted):
        _tell(line)
    return 1 if counted.previous or counted.unknown else 0


async def rotate(database: Database, vault: Vault, *, pause: Pause = asyncio.sleep) -> tuple[int, int]:
    """Every table, batch by batch; how many rows were sealed anew, and how many citizens stand twice."""
    done = 0
    for _ in range(PASSES):
        passed, doubled = 0, 0
        for table in dict.fromkeys(table for table, _ in PURPOSES):
            progress = await _table(database, vault, table, pause)
            passed, doubled = passed + progress.done, doubled + progress.doubled
        done += passed
        if not passed:
            break
    return done, doubled


async def _table(database: Database, vault: Vault, table: str, pause: Pause) -> Progress:
    progress, lost, more = Progress(table), 0, True
    while more:
        tried = replace(progress)
        try:
            async with database.write() as unit:
                more = await reseal_batch(unit, vault, PURPOSES, tried)
        except Raced:
            lost += 1
            if lost == LOST:
                raise
        else:
            progress, lost = tried, 0
        if more:
            await pause(BREATH)
    return progress


async def keys_told(settings: Settings) -> list[str]:
    """What ``check`` says about the keys of what is stored; nothing where no key is being replaced."""
    if not settings.identity_key_previous.get_secret_value():
        return []
    try:
        async with seeded() as database, database.read() as unit:
            return _said(await census(unit, vault_of(settings)))
    except (NotMigrated, DatabaseAway, OSError):
        return ["数据库不在或版本不同，没有数还有多少值用上一个身份密钥"]


def _said(counted: Census) -> list[str]:
    said = (
        f"还有 {counted.previous} 个值用上一个身份密钥：运行 python -m bot identity rotate"
        if counted.previous
        else "没有值用上一个身份密钥了：可以去掉 JIANNUO_IDENTITY_KEY_PREVIOUS"
    )
    unknown = [
        f"有 {count} 个值用的是没有设置的密钥（指纹 {mark}），打不开：请找回那个密钥"
        for mark, count in sorted(counted.unknown.items())
    ]
    return [said, *unknown]


def add_identity(to: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """``identity rotate``."""
    group = to.add_parser("identity", help="身份密钥").add_subparsers(required=True)
    part = group.add_parser("rotate", help="把全部加密内容换到新的身份密钥，服务可以照常运行，可以中断再来")
    part.set_defaults(command=identity_rotate)


def _tell(words: str) -> None:
    sys.stderr.write(words + "\n")
