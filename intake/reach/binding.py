"""Binding a WeChat to a staff account: a code shown once in the console, typed into the chat.

The openid is sealed and found by a keyed digest of its own purpose, so that no row tells which cases the same
person reported as a citizen. The chat must commit whatever comes of a try: wrong ones are counted.
"""

import secrets
from datetime import timedelta
from enum import Enum, auto

from intake.actor import Actor
from intake.desk import Desk
from intake.identity import Vault
from intake.reporters import OPENID
from storage.stores.identities import IdentityRow
from storage.stores.reach import ReachRow
from storage.vocab import Reach

STAFF_OPENID = "staff openid"
DIGITS = 6
VALID = timedelta(minutes=10)
KEPT = timedelta(days=1)  # so long a code that ran out is told from a wrong one
HOUR = timedelta(hours=1)
TRIES = 5  # wrong ones an hour of one WeChat account
TRIES_OF_ALL = 50  # of everybody together: six digits must not be found by many asking
_ACCOUNT, _PURPOSE, _ALL = "staff", "bind", "bind:all"


class Tried(Enum):
    """What came of a code."""

    BOUND = auto()
    WRONG = auto()
    USED = auto()
    EXPIRED = auto()
    ANOTHER = auto()
    TOO_MANY = auto()


async def new_code(desk: Desk, actor: Actor) -> str:
    """A fresh code for a person's own account, shown this once; earlier ones are worth nothing any more."""
    now = desk.now()
    await desk.unit.reach.drop_codes(actor.name, before=now - KEPT)
    while True:
        code = "".join(secrets.choice("0123456789") for _ in range(DIGITS))
        if await desk.unit.reach.add_code(_digest(desk, code), actor.name, expires=now + VALID):
            return code


async def bind(desk: Desk, reporter_id: str, code: str) -> Tried:
    """Bind the WeChat of whoever types a code to the account that it was made for."""
    mine, since = f"bind:{reporter_id}", desk.now() - HOUR
    for subject, most in ((mine, TRIES), (_ALL, TRIES_OF_ALL)):
        if await desk.unit.cases.attempts_since(subject, since) >= most:
            return Tried.TOO_MANY
    tried = await _tried(desk, reporter_id, _digest(desk, code))
    if tried is Tried.WRONG:
        for subject in (mine, _ALL):
            await desk.unit.cases.note_attempt(subject, desk.now())
    return tried


async def unbind(desk: Desk, login: str) -> None:
    """From the console: the account has no WeChat any more."""
    await desk.unit.reach.put(login, {"openid": None, "openid_hmac": None, "account": ""})


async def unbind_reporter(desk: Desk, reporter_id: str) -> bool:
    """From the chat: whether the WeChat was bound to an account."""
    row = await _bound(desk, await desk.unit.identities.get(reporter_id))
    if row is not None:
        await unbind(desk, row.login)
    return row is not None


async def citizen_of(desk: Desk, row: ReachRow) -> IdentityRow | None:
    """The follower of the official account behind a binding, whose allowance pushes use."""
    if row.openid is None:
        return None
    return await desk.unit.identities.by_openid(*desk.vault.lookups(row.account, openid_of(desk, row)))


def openid_of(desk: Desk, row: ReachRow) -> str:
    """The address of a binding, for sending alone; raises ``intake.identity.Unreadable``."""
    assert row.openid is not None
    return desk.vault.open(row.openid, STAFF_OPENID)


def staff_lookups(vault: Vault, account: str, openid: str) -> tuple[str, ...]:
    """Every digest under which a bound openid may stand: the one of the key in force first."""
    return vault.lookups(f"{_ACCOUNT}\0{account}", openid)


async def _tried(desk: Desk, reporter_id: str, digest: str) -> Tried:
    row, citizen = await desk.unit.reach.code(digest), await desk.unit.identities.get(reporter_id)
    if row is None or citizen is None or citizen.openid is None:
        return Tried.WRONG
    if row.used_at is not None:
        return Tried.USED
    if row.expires_at <= desk.now():
        return Tried.EXPIRED
    holder = await _bound(desk, citizen)
    if holder is not None and holder.login != row.login:
        return Tried.ANOTHER
    if not await desk.unit.reach.use_code(digest, desk.now()):
        return Tried.USED
    await _write(desk, row.login, citizen.account, desk.vault.open(citizen.openid, OPENID))
    return Tried.BOUND


async def _write(desk: Desk, login: str, account: str, openid: str) -> None:
    standing = await desk.unit.reach.of(login)
    channels = {*(standing.channels if standing else ()), Reach.WECHAT.value}
    await desk.unit.reach.put(
        login,
        {
            "channels": sorted(channels),
            "account": account,
            "openid": desk.vault.seal(openid, STAFF_OPENID),
            "openid_hmac": staff_lookups(desk.vault, account, openid)[0],
        },
    )


async def _bound(desk: Desk, citizen: IdentityRow | None) -> ReachRow | None:
    """The account that a citizen's WeChat is bound to."""
    if citizen is None or citizen.openid is None:
        return None
    openid = desk.vault.open(citizen.openid, OPENID)
    return await desk.unit.reach.by_openid(*staff_lookups(desk.vault, citizen.account, openid))


def _digest(desk: Desk, code: str) -> str:
    return desk.vault.code_digest(_PURPOSE, code)
