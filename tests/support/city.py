"""The sample city in a database, and the keys with which its identities are sealed."""

import base64

from bot.settings import ROOT
from intake.city import seed_city
from intake.identity import Vault, key_bytes
from intake.profiles.schema import load_profile
from storage.engine import Database
from storage.migrate import upgrade
from tests.support.time import START

PROFILE = ROOT / "intake" / "profiles" / "xinxiang.yml"
IDENTITY_KEY = base64.urlsafe_b64encode(b"identity key only for the tests.").decode()
SECRET_KEY = base64.urlsafe_b64encode(b"sessions key only for the tests.").decode()


def make_vault() -> Vault:
    """The vault of every test, and of every service started with ``support.service``."""
    return Vault(key_bytes(IDENTITY_KEY), key_bytes(SECRET_KEY))


async def build(url: str) -> None:
    """Migrate an empty database and seed the sample city's units and rules."""
    await upgrade(url)
    database = Database(url)
    profile = load_profile(PROFILE)
    async with database.write() as unit:
        await seed_city(unit, profile, at=START)
    await database.close()
