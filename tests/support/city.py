"""The sample city in a database, and the keys with which its identities are sealed."""

import base64
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.factory import Process, open_process
from bot.settings import ROOT, Settings
from intake.city import City, load_city, seed_city
from intake.clock import Clock
from intake.identity import Vault, key_bytes
from intake.profiles.schema import load_profile
from storage.engine import Database
from storage.migrate import upgrade
from storage.unit import Unit
from tests.support.time import START

PROFILE = ROOT / "intake" / "profiles" / "xinxiang.yml"
IDENTITY_KEY = base64.urlsafe_b64encode(b"identity key only for the tests.").decode()
SECRET_KEY = base64.urlsafe_b64encode(b"sessions key only for the tests.").decode()


def make_vault() -> Vault:
    """The vault of every test, and of every service started with ``support.service``."""
    return Vault(key_bytes(IDENTITY_KEY), key_bytes(SECRET_KEY))


class Snapshot:
    """The city as the last test saw it: few tests change a unit, and building it costs more than they do."""

    last: City | None = None


async def snapshot(unit: Unit) -> City:
    """The city of this database, from the last test where nothing differs."""
    Snapshot.last = await load_city(unit, Snapshot.last)
    return Snapshot.last


@asynccontextmanager
async def opened(
    settings: Settings, database: Database, *, clock: Clock | None = None
) -> AsyncIterator[Process]:
    """The service's own parts in this process, on this database."""
    before = Snapshot.last
    async with open_process(settings, name="test", database=database, clock=clock, before=before) as process:
        Snapshot.last = process.city
        yield process


async def build(url: str) -> None:
    """Migrate an empty database and seed the sample city's units and rules."""
    await upgrade(url)
    database = Database(url)
    profile = load_profile(PROFILE)
    async with database.write() as unit:
        await seed_city(unit, profile, at=START)
    await database.close()
