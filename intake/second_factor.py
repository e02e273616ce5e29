"""A second factor after the password: a code of thirty seconds (TOTP, RFC 6238), or a recovery code.

The secret is sealed by the vault, recovery codes are kept as keyed digests, and no code is taken twice
(RFC 6238, section 5.2). Wrong codes are counted as wrong passwords are.
"""

import hmac
import secrets
import unicodedata
from datetime import datetime, timedelta
from enum import Enum, auto

import pyotp

from intake.actor import Actor
from intake.administering.log import note, only_admin
from intake.desk import Desk
from intake.errors import Invalid, NotFound, TooManyTries
from intake.staffing import TRIES, WINDOW
from storage.stores.staff import StaffRow
from storage.vocab import AdminAction, Role

SECRET = "staff totp"
STEP = 30  # seconds
AROUND = (0, -1, 1)  # steps that a telephone's clock may be off
CODES = 10
LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"  # none that is read as another
LENGTH = 10


class Passed(Enum):
    """By what somebody passed."""

    CODE = auto()
    RECOVERY = auto()


async def begin(desk: Desk, person: StaffRow) -> str:
    """A new secret to be set up in an application; in force once :func:`confirm` has seen its code."""
    secret = pyotp.random_base32()
    await desk.unit.second_factors.begin(person.id, desk.vault.seal(secret, SECRET))
    return secret


async def being_set_up(desk: Desk, person: StaffRow) -> str | None:
    """The secret that waits for its first code, if any; raises ``intake.identity.Unreadable``."""
    row = await desk.unit.second_factors.of(person.id)
    return desk.vault.open(row.secret, SECRET) if row and row.confirmed_at is None else None


def address_of(secret: str, login: str, city: str) -> str:
    """What the QR code says: the key URI that applications read."""
    return pyotp.TOTP(secret).provisioning_uri(name=login, issuer_name=f"践诺 {city}")


async def confirm(desk: Desk, actor: Actor, person: StaffRow, typed: str, at: datetime) -> list[str]:
    """Put the secret in force by its first code; the recovery codes, shown this once.

    Empty where the code is wrong, which the caller commits: it was counted. Raises :class:`TooManyTries`.
    """
    row = await desk.unit.second_factors.of(person.id)
    if row is None or row.confirmed_at is not None or not await tried(desk, person, typed, at):
        return []
    await desk.unit.second_factors.confirm(person.id, desk.now())
    await note(desk, actor, AdminAction.SECOND_FACTOR_ON, person.login)
    return await _new_codes(desk, person)


async def tried(desk: Desk, person: StaffRow, typed: str, at: datetime) -> Passed | None:
    """Whether a typed code lets the person in; a wrong one is counted, so the caller commits either way.

    Raises :class:`TooManyTries` after five wrong ones in a quarter of an hour.
    """
    counter = f"code:{person.login}"
    row = await desk.unit.second_factors.of(person.id, held=True)  # many at once gain nothing
    if await desk.unit.staff.failures_since(counter, at - WINDOW) >= TRIES:
        raise TooManyTries("验证码错了太多次，请 15 分钟后再试")
    given = "".join(letter for letter in unicodedata.normalize("NFKC", typed).upper() if letter.isalnum())
    passed = None
    if row is not None:
        passed = await _passed(desk, person, desk.vault.open(row.secret, SECRET), given, at)
    if passed is None:
        await desk.unit.staff.note_failure(counter, at)
    else:
        await desk.unit.staff.forget_failures(counter)
    return passed


async def turn_off(desk: Desk, actor: Actor, person: StaffRow) -> None:
    """The person signs in with the password alone; raises :class:`Invalid` where the role must have it."""
    if person.role in await desk.unit.second_factors.guarded():
        raise Invalid("您的岗位必须用两步验证，不能关闭")
    await desk.unit.second_factors.drop(person.id)
    await note(desk, actor, AdminAction.SECOND_FACTOR_OFF, person.login)


async def new_codes(desk: Desk, actor: Actor, person: StaffRow) -> list[str]:
    """Recovery codes in the place of the earlier ones, shown this once; raises :class:`NotFound`."""
    row = await desk.unit.second_factors.of(person.id)
    if row is None or row.confirmed_at is None:
        raise NotFound("还没有开启两步验证")
    await note(desk, actor, AdminAction.RECOVERY_CODES_MADE, person.login)
    return await _new_codes(desk, person)


async def reset(desk: Desk, actor: Actor, login: str) -> bool:
    """Take a lost second factor away and end the account's sessions; whether there was one.

    Raises :class:`WrongRole`, :class:`NotFound`.
    """
    only_admin(actor)
    person = await desk.unit.staff.by_login(login)
    if person is None:
        raise NotFound("没有这个账号")
    had = await desk.unit.second_factors.drop(person.id)
    await desk.unit.sessions.end_of(person.id)
    await note(desk, actor, AdminAction.SECOND_FACTOR_RESET, login)
    return had


async def demand(desk: Desk, actor: Actor, role: Role, *, wanted: bool) -> None:
    """Demand a second factor of a role, from everybody's next sign-in on, or no more; raises WrongRole."""
    only_admin(actor)
    before = role.value in await desk.unit.second_factors.guarded()
    if before == wanted:
        return
    await desk.unit.second_factors.guard(role.value, desk.clock.wall() if wanted else None)
    await note(desk, actor, AdminAction.SECOND_FACTOR_DEMANDED, role.value, {"second": (before, wanted)})


async def _passed(desk: Desk, person: StaffRow, secret: str, given: str, at: datetime) -> Passed | None:
    known = desk.unit.second_factors
    if given.isdigit():
        step = _step_of(secret, given, at)
        return Passed.CODE if step is not None and await known.take(person.id, step) else None
    if len(given) == LENGTH and await known.use_code(person.id, _digest(desk, person, given)):
        return Passed.RECOVERY
    return None


def _step_of(secret: str, given: str, at: datetime) -> int | None:
    """Of which step a code is; None for one of no step around ``at``."""
    code = pyotp.TOTP(secret, interval=STEP)
    for off in AROUND:
        moment = at + timedelta(seconds=off * STEP)
        if hmac.compare_digest(code.at(moment).encode(), given.encode()):
            return code.timecode(moment)
    return None


async def _new_codes(desk: Desk, person: StaffRow) -> list[str]:
    codes = ["".join(secrets.choice(LETTERS) for _ in range(LENGTH)) for _ in range(CODES)]
    await desk.unit.second_factors.put_codes(person.id, [_digest(desk, person, code) for code in codes])
    return [f"{code[:5]}-{code[5:]}" for code in codes]


def _digest(desk: Desk, person: StaffRow, code: str) -> str:
    return desk.vault.code_digest(f"staff recovery {person.id}", code)
