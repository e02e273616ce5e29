"""The composition root: what a process holds for its whole life, and the desk for one unit of work.

Web, workers, command line and tests are all built from a :class:`Process`; nothing else makes a client,
a store or a database.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import aiohttp

from bot.files import FileRoom, open_room
from bot.mail import Mailer
from bot.nlu.rasa import RasaClient
from bot.nlu.understand import Understander
from bot.settings import Settings
from bot.wechat.client import WeChatClient
from bot.wechat.crypto import CallbackGuard
from bot.wechat.jsapi import Tickets
from bot.wechat.notices import Notice, load_notices
from bot.wechat.robot import Robots
from bot.wechat.token import TokenManager, stable_token
from bot.wechat.tokenrows import SqlTokenStore
from bot.wechat.transport import Transport
from intake.city import City, load_city
from intake.clock import Clock
from intake.desk import Desk
from intake.identity import Vault, key_bytes
from storage.engine import Database
from storage.unit import Unit


@dataclass
class Process:
    """Singletons of one process. ``city`` and ``clock`` are refreshed by :meth:`refresh`."""

    settings: Settings
    database: Database
    clock: Clock
    vault: Vault
    city: City
    http: aiohttp.ClientSession
    understander: Understander
    rasa: RasaClient
    guard: CallbackGuard
    tokens: TokenManager
    wechat: WeChatClient
    tickets: Tickets
    notices: Mapping[str, Notice]
    mailer: Mailer
    robots: Robots
    files: FileRoom
    name: str
    stopping: asyncio.Event = field(default_factory=asyncio.Event)

    def desk(self, unit: Unit) -> Desk:
        """The office's desk for an open unit of work."""
        return Desk(unit, self.clock, self.vault, self.city)

    async def refresh(self) -> None:
        """Follow the database: the simulated clock, units or rules that an admin changed."""
        async with self.database.read() as unit:
            city = await load_city(unit, self.city)
            ahead = await unit.operations.clock_ahead() if self.settings.simulator else 0.0
            choice = await unit.learning.choice()
        self.city = city
        self.rasa.use(choice.url or self.settings.nlu_url)
        self.clock.set_ahead(ahead)


def vault_of(settings: Settings) -> Vault:
    """The keys of the settings, which were checked when they were loaded."""
    previous = settings.identity_key_previous.get_secret_value()
    return Vault(
        key_bytes(settings.identity_key.get_secret_value()),
        key_bytes(settings.secret_key.get_secret_value()),
        key_bytes(previous) if previous else None,
    )


@asynccontextmanager
async def open_process(
    settings: Settings,
    *,
    name: str,
    database: Database | None = None,
    clock: Clock | None = None,
    before: City | None = None,
) -> AsyncIterator[Process]:
    """Build a process and give everything back at the end; ``before`` is a snapshot that may still hold.

    Raises :class:`intake.city.NotSeeded`, :class:`storage.engine.DatabaseAway`.
    """
    own = database is None
    database = database or Database(settings.database_url)
    clock = clock or Clock()
    vault = vault_of(settings)
    async with database.read() as unit:
        city = await load_city(unit, before)
        clock.set_ahead(await unit.operations.clock_ahead() if settings.simulator else 0.0)
        nlu_url = (await unit.learning.choice()).url or settings.nlu_url
    connector = aiohttp.TCPConnector(limit=200, limit_per_host=100, keepalive_timeout=60)
    async with aiohttp.ClientSession(connector=connector) as http:
        rasa = RasaClient(nlu_url, settings.nlu_token.get_secret_value(), http)
        app_id, secret = settings.wechat_app_id, settings.wechat_app_secret.get_secret_value()
        tokens = TokenManager(
            stable_token(Transport(settings.wechat_api_url, http), app_id, secret),
            SqlTokenStore(database, vault, app_id, clock.wall),
            clock.wall,
        )
        wechat = WeChatClient(settings.wechat_api_url, app_id, secret, http, tokens)
        yield Process(
            settings=settings,
            database=database,
            clock=clock,
            vault=vault,
            city=city,
            http=http,
            understander=Understander(rasa),
            rasa=rasa,
            guard=CallbackGuard(
                settings.wechat_token.get_secret_value(),
                settings.wechat_app_id,
                settings.wechat_aes_key.get_secret_value(),
                settings.wechat_aes_key_previous.get_secret_value(),
            ),
            tokens=tokens,
            wechat=wechat,
            tickets=Tickets(wechat.jsapi_ticket, clock.wall),
            notices=load_notices(settings.wechat_notices),
            mailer=Mailer(settings.smtp_url.get_secret_value(), settings.mail_from, clock),
            robots=Robots(settings.wecom_url, http),
            files=open_room(settings.files_url),
            name=name,
        )
    if own:
        await database.close()
