"""Replacing the identity key: nothing is lost, whoever dies when, and everybody is found throughout."""

import asyncio
import base64
from dataclasses import asdict

import pytest
from sqlalchemy import LargeBinary

from bot.commands_identity import PURPOSES, rotate
from intake.actor import Actor
from intake.cases.seeing import find
from intake.desk import Desk
from intake.identity import Unreadable, Vault, key_bytes
from intake.reach.binding import Tried, bind, new_code, openid_of, staff_lookups, unbind_reporter
from intake.reach.choice import choose, email_of
from intake.reporters import PURPOSE, known, tell_of
from intake.rotation import BATCH, census
from storage.base import metadata
from storage.engine import Database
from storage.vocab import Role
from tests.conftest import Office
from tests.flows.deadlines.conftest import employ
from tests.flows.intake.people import DISPATCHER, filed, meet
from tests.support.city import IDENTITY_KEY, SECRET_KEY
from tests.support.commands import command
from tests.support.service import Settings

OLD, SECRET = key_bytes(IDENTITY_KEY), key_bytes(SECRET_KEY)
NEW_KEY = base64.urlsafe_b64encode(b"another identity key, also test.").decode()
NEW = key_bytes(NEW_KEY)
OPENID = "o" * 28


class Died(Exception):
    """The process is gone."""


async def no_pause(_seconds: float) -> None:
    """Nobody waits for time."""


async def found(database: Database, vault: Vault, openid: str = OPENID) -> str | None:
    async with database.read() as unit:
        row = await unit.identities.by_openid(*vault.lookups("gh_test", openid))
    return None if row is None else row.reporter_id


async def reporter_with_case(office: Office) -> tuple[str, str]:
    async with office() as desk:
        reporter = await meet(desk)
        await tell_of(desk, reporter, name="示例某", phone="13800001234")
        return reporter, (await filed(desk, reporter)).case.tracking_no


def test_every_sealed_column_has_a_purpose() -> None:
    sealed = {
        (table.name, column.name)
        for table in metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, LargeBinary)
    }
    assert sealed == set(PURPOSES)


async def test_afterwards_the_new_key_alone_opens_and_finds(office: Office, database: Database) -> None:
    reporter, number = await reporter_with_case(office)
    both, alone = Vault(NEW, SECRET, OLD), Vault(NEW, SECRET)
    assert await found(database, both) == reporter
    assert await found(database, alone) is None
    done, doubled = await rotate(database, both, pause=no_pause)
    assert (done > 0, doubled) == (True, 0)
    assert await rotate(database, both, pause=no_pause) == (0, 0)
    assert await found(database, both) == reporter == await found(database, alone)
    async with office() as desk:
        row = await desk.unit.identities.get(reporter)
        case = await find(desk, DISPATCHER, number)
        counted = await census(desk.unit, alone)
    assert row is not None
    assert row.name is not None
    assert row.phone is not None
    assert alone.open(row.name, PURPOSE) == "示例某"
    assert alone.open(row.phone, PURPOSE) == "13800001234"
    assert case.reporter_id == reporter
    assert (counted.previous, counted.unknown) == (0, {})


async def test_staff_keep_their_binding_and_address(office: Office, database: Database) -> None:
    head = Actor(Role.HEAD, "head", "jiaoyu")
    async with office() as desk:
        await employ(desk, head.name, head.role, head.department)
        citizen = await meet(desk)
        assert await bind(desk, citizen, await new_code(desk, head)) is Tried.BOUND
        await choose(desk, head, {"channels": ["wechat", "email"], "email": "head@example.test"})
        clock, city = desk.clock, desk.city
    both, alone = Vault(NEW, SECRET, OLD), Vault(NEW, SECRET)
    async with database.read() as unit:
        row = await unit.reach.of(head.name)
        assert await unit.reach.by_openid(*staff_lookups(both, "gh_test", OPENID)) == row
    await rotate(database, both, pause=no_pause)
    async with database.write() as unit:
        desk, row = Desk(unit, clock, alone, city), await unit.reach.of(head.name)
        assert row is not None
        assert (openid_of(desk, row), email_of(desk, row)) == (OPENID, "head@example.test")
        assert await unbind_reporter(desk, citizen), "found by the new key alone"


async def test_who_dies_in_the_middle_loses_nothing_and_the_next_run_ends_it(
    office: Office, database: Database
) -> None:
    async with office() as desk:
        people = {f"{n:028}": await meet(desk, f"{n:028}") for n in range(BATCH + 5)}
    both = Vault(NEW, SECRET, OLD)

    async def die(_seconds: float) -> None:
        raise Died

    with pytest.raises(Died):
        await rotate(database, both, pause=die)
    async with database.read() as unit:
        half = await census(unit, both)
    assert half.current >= BATCH
    assert half.previous >= 5
    assert {one: await found(database, both, one) for one in people} == people
    await rotate(database, both, pause=no_pause)
    assert {one: await found(database, Vault(NEW, SECRET), one) for one in people} == people


async def test_a_key_that_is_not_set_is_named_and_its_values_stay(office: Office, database: Database) -> None:
    reporter, _ = await reporter_with_case(office)
    strange = Vault(NEW, SECRET, b"x" * 32)
    assert (await rotate(database, strange, pause=no_pause))[0] == 0
    async with database.read() as unit:
        counted = await census(unit, strange)
        row = await unit.identities.get(reporter)
    assert row is not None
    assert row.name is not None
    (mark,) = counted.unknown
    with pytest.raises(Unreadable, match=mark):
        strange.open(row.name, PURPOSE)
    async with office() as desk:
        assert asdict(await known(desk, reporter)) == {"name": "示例某", "phone": "13800001234"}


async def test_the_operator_is_told_what_remains(
    settings: Settings, office: Office, database: Database
) -> None:
    await reporter_with_case(office)
    code, told = await asyncio.to_thread(command, settings, "identity", "rotate")
    assert code == 1
    assert "JIANNUO_IDENTITY_KEY_PREVIOUS" in told
    changed = settings.but(identity_key=NEW_KEY, identity_key_previous=IDENTITY_KEY)
    for words, expected in (
        (["check"], "个值用上一个身份密钥"),
        (["identity", "rotate"], ""),
        (["check"], "没有值用上一个身份密钥"),
    ):
        code, told = await asyncio.to_thread(command, changed, *words)
        assert code == 0, told
        assert expected in told
    async with database.read() as unit:
        assert (await census(unit, Vault(NEW, SECRET, OLD))).previous == 0
