"""Staff accounts and API tokens: adding, disabling, passwords, signing in, and the sample's accounts.

Passwords are hashed with Argon2 in a thread, outside any transaction: hashing takes a tenth of a second.
Commands take an open unit and never commit.
"""

import asyncio
import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from intake.actor import OF_ONE_UNIT
from intake.city import City
from intake.errors import Invalid, NotFound, TooManyTries
from intake.profiles.schema import Flag, Level
from storage.stores.staff import StaffRow
from storage.unit import Unit
from storage.vocab import Role, Sector

NO_STAFF = frozenset({Role.CITIZEN, Role.SYSTEM})
SHORTEST_PASSWORD = 8
DISABLED = "account_disabled"
SESSION = timedelta(hours=12)
CODE_WITHIN = timedelta(minutes=5)
WINDOW = timedelta(minutes=15)
TRIES = 5
_hasher = PasswordHasher()


@dataclass(frozen=True, slots=True)
class NewStaff:
    """An account to be: ``password`` as typed, ``department`` a code (handlers and heads have one)."""

    login: str
    password: str
    role: Role
    department: str | None = None
    name: str = ""


@dataclass(frozen=True, slots=True)
class Prepared:
    """An account whose password is hashed: what a unit of work may write."""

    new: NewStaff
    password_hash: str


@dataclass(frozen=True, slots=True)
class Place:
    """From where somebody signs in, as their list of sessions names it; the address is shortened."""

    browser: str = ""
    address: str = ""


async def prepare(new: NewStaff) -> Prepared:
    """Check and hash, before any transaction; raises :class:`Invalid`."""
    fields = {}
    if (
        not new.login.isascii()
        or not new.login.replace("-", "").replace("_", "").isalnum()
        or len(new.login) > 32
    ):
        fields["login"] = "登录名是 32 个以内的字母、数字、-、_"
    if new.role in NO_STAFF:
        fields["role"] = "没有这个岗位"
    if (new.role in OF_ONE_UNIT) and not new.department:
        fields["department"] = "承办人和承办单位负责人要有单位"
    if fields:
        raise Invalid("账号填写有误", fields=fields)
    return Prepared(new, await hashed(new.password))


async def hashed(password: str) -> str:
    """The Argon2 hash; raises :class:`Invalid` for a password that is too short."""
    if len(password) < SHORTEST_PASSWORD:
        raise Invalid("密码太短", fields={"password": f"密码至少 {SHORTEST_PASSWORD} 位"})
    return await asyncio.to_thread(_hasher.hash, password)


async def add(unit: Unit, city: City, prepared: Prepared, at: datetime, *, must_change: bool = False) -> None:
    """Write an account; raises :class:`Invalid` for a unit that is not there or a login that is taken.

    ``must_change``: the first thing that its owner does is to choose another password.
    """
    new = prepared.new
    if new.department is not None and new.department not in city.units:
        raise Invalid("没有这个单位", fields={"department": "没有这个单位"})
    if await unit.staff.by_login(new.login) is not None:
        raise Invalid("登录名已经有人用", fields={"login": "登录名已经有人用"})
    await unit.staff.add(
        {
            "login": new.login,
            "password_hash": prepared.password_hash,
            "name": new.name or new.login,
            "role": new.role.value,
            "department": new.department,
            "disabled": False,
            "created_at": at,
            "must_change": must_change,
        }
    )


async def set_password(unit: Unit, login: str, password_hash: str, *, must_change: bool = False) -> None:
    """Change a password and end every session of the account; raises :class:`NotFound`."""
    row = await account(unit, login)
    await unit.staff.change(login, {"password_hash": password_hash, "must_change": must_change})
    await unit.sessions.end_of(row.id)
    await unit.staff.forget_failures(login)


async def disable(unit: Unit, login: str) -> None:
    """Shut an account, end its sessions, cancel what waits for it and forget how it was reached; what it did
    stays under its name. Raises :class:`NotFound`."""
    row = await account(unit, login)
    await unit.staff.change(login, {"disabled": True})
    await unit.sessions.end_of(row.id)
    await unit.outbox.cancel_for_staff(login, DISABLED)
    await unit.reach.forget(login)


async def listed(unit: Unit) -> list[StaffRow]:
    return await unit.staff.all()


async def create_token(
    unit: Unit, city: City, *, role: Role, department: str | None, label: str, at: datetime
) -> str:
    """A new API token, shown this once; ``label`` is the actor in events. Raises :class:`Invalid`."""
    if role in NO_STAFF or (role in OF_ONE_UNIT and not department):
        raise Invalid("岗位不对", fields={"role": "没有这个岗位，或这个岗位要有单位"})
    if department is not None and department not in city.units:
        raise Invalid("没有这个单位", fields={"department": "没有这个单位"})
    token = "jn_" + secrets.token_urlsafe(32)
    await unit.staff.add_token(
        {
            "digest": digest(token),
            "role": role.value,
            "department": department,
            "label": (label or f"token-{role.value}")[:64],
            "created_at": at,
            "revoked": False,
        }
    )
    return token


async def try_sign_in(unit: Unit, login: str, at: datetime) -> StaffRow | None:
    """Count a try and hand out the account to check the password against, outside the transaction.

    Five wrong tries in a quarter of an hour raise :class:`TooManyTries`, known login or not; the try is
    counted before the password is looked at, so that many at once gain nothing.
    """
    login = login[:32]
    if await unit.staff.failures_since(login, at - WINDOW) >= TRIES:
        raise TooManyTries("登录名或密码错了太多次，请 15 分钟后再试")
    await unit.staff.note_failure(login, at)
    row = await unit.staff.by_login(login)
    return None if row is None or row.disabled else row


async def matches(row: StaffRow | None, password: str) -> bool:
    """Whether the password is the account's; takes as long where there is no account."""
    return await asyncio.to_thread(_verified, row.password_hash if row else None, password)


async def open_session(unit: Unit, row: StaffRow, at: datetime, place: Place = Place()) -> str:
    """A session's token for somebody who may come in; earlier wrong tries are forgotten."""
    await unit.staff.forget_failures(row.login)
    return await _session(unit, row, at, place, SESSION)


async def await_code(unit: Unit, row: StaffRow, at: datetime) -> str:
    """The token of somebody whose password was right and whose code is asked for; it opens nothing."""
    return await _session(unit, row, at, Place(), CODE_WITHIN, waiting=True)


async def _session(
    unit: Unit, row: StaffRow, at: datetime, place: Place, lasts: timedelta, *, waiting: bool = False
) -> str:
    token = secrets.token_urlsafe(32)
    await unit.sessions.drop_ended(row.id, at)
    await unit.sessions.add(
        {
            "token_digest": digest(token),
            "staff_id": row.id,
            "created_at": at,
            "expires_at": at + lasts,
            "seen_at": at,
            "browser": place.browser[:100],
            "address": place.address[:64],
            "waiting": waiting,
        }
    )
    return token


def digest(token: str) -> str:
    """How tokens are stored: SHA-256, since they are random and long."""
    return hashlib.sha256(token.encode()).hexdigest()


SAMPLE_SECTORS = (
    Sector.EDUCATION,
    Sector.HOUSING,
    Sector.URBAN_MANAGEMENT,
    Sector.HUMAN_RESOURCES,
    Sector.TRANSPORT,
    Sector.MARKET,
)
_OFFICE = {
    Role.DISPATCHER: "示例受理员",
    Role.SUPERVISOR: "示例督办员",
    Role.LEADER: "示例分管领导",
    Role.LIAISON: "示例联络员",
    Role.CUSTODIAN: "示例身份保管员",
    Role.ADMIN: "示例管理员",
    Role.AUDITOR: "示例审计员",
}


def sample_staff(city: City) -> list[NewStaff]:
    """Accounts to try the console with, each with a fresh password: one for every role of the office, and a
    handler and a head for the supervision unit, the 12345 desk and one unit of each of six sectors."""
    accounts = [NewStaff(role.value, new_password(), role, None, name) for role, name in _OFFICE.items()]
    for code in _sample_units(city):
        for role, word in ((Role.HANDLER, "承办人"), (Role.HEAD, "负责人")):
            accounts.append(NewStaff(f"{code}-{role.value}", new_password(), role, code, f"示例{word}"))
    return accounts


def _sample_units(city: City) -> list[str]:
    codes = [city.flagged(Flag.SUPERVISION), city.flagged(Flag.DESK_12345)]
    for sector in SAMPLE_SECTORS:
        units = (u.code for u in city.units.values() if u.sector is sector and u.level is Level.CITY)
        codes.append(next((code for code in units if city.units[code].parent is None), None))
    return [code for code in codes if code is not None]


async def seed_staff(unit: Unit, city: City, accounts: list[Prepared], at: datetime) -> list[NewStaff]:
    """Write the accounts whose login is new and return them; who stands already keeps the password."""
    known = {row.login for row in await unit.staff.all()}
    fresh = [account for account in accounts if account.new.login not in known]
    for account in fresh:
        await add(unit, city, account, at)
    return [account.new for account in fresh]


async def account(unit: Unit, login: str) -> StaffRow:
    """The account of a login; raises :class:`NotFound`."""
    row = await unit.staff.by_login(login)
    if row is None:
        raise NotFound("没有这个账号")
    return row


@cache
def _nobody() -> str:
    """Checked where there is no such account, so that the time taken does not tell."""
    return _hasher.hash(secrets.token_urlsafe(16))


def _verified(password_hash: str | None, password: str) -> bool:
    try:
        return _hasher.verify(password_hash or _nobody(), password)
    except (VerificationError, InvalidHashError):
        return False


def new_password() -> str:
    """Twelve random characters that nobody thought of."""
    return secrets.token_urlsafe(9)
