"""A citizen who talks to the real dialogue, the real office and a real database."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.dialogue.engine import Talk, converse, needs_understanding
from bot.dialogue.state import State
from bot.message import Inbound, Kind, Reply
from bot.nlu.port import Understanding
from bot.nlu.understand import Understander
from bot.wechat.render import MAX_BYTES, plain_text
from intake.actor import Actor
from intake.cases.actions import perform
from intake.city import City, seed_city
from intake.clock import Clock
from intake.desk import Desk
from intake.identity import Vault, new_reporter_id
from intake.notices import BODY
from intake.profiles.schema import load_profile
from storage.engine import Database
from storage.migrate import upgrade
from storage.stores.cases import CaseRow
from storage.stores.sights import Sight
from storage.vocab import Breach, Role
from tests.support import city as sample
from tests.support import databases

PROFILE = Path("intake/profiles/xinxiang.yml")
MONDAY = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)  # 10:00 in Shanghai
LONGEST = 600
DISPATCHER = Actor(Role.DISPATCHER, "dispatcher")


class FrozenClock(Clock):
    """A clock that moves when it is told to."""

    def __init__(self) -> None:
        super().__init__()
        self.at = MONDAY

    def now(self) -> datetime:
        return self.at

    def wall(self) -> datetime:
        return self.at

    def pass_by(self, **span: float) -> None:
        self.at += timedelta(**span)


def heard(
    intent: str,
    confidence: float = 0.9,
    *,
    about: float = 0.0,
    breach: tuple[tuple[Breach, float], ...] = (),
    source: str = "rasa",
) -> Understanding:
    """How a message is understood, where a test says so."""
    return Understanding(intent, confidence, source, (), about, breach, "test")  # type: ignore[arg-type]


@dataclass
class Office:
    """The database and everything a desk needs."""

    database: Database
    clock: FrozenClock
    vault: Vault
    city: City

    async def do(self, work: Callable[[Desk], Awaitable[Any]]) -> Any:
        async with self.database.write() as unit:
            return await work(Desk(unit, self.clock, self.vault, self.city))

    async def case(self, number: str) -> CaseRow:
        async def look(desk: Desk) -> CaseRow:
            case = await desk.unit.cases.by_number(number, Sight(everything=True))
            assert case is not None
            return case

        return await self.do(look)

    async def act(self, number: str, action: str, *, role: Role = Role.DISPATCHER, **body: object) -> CaseRow:
        """A member of staff of the case's own unit acts."""
        case = await self.case(number)
        actor = Actor(role, role.value, department=case.department)
        return await self.do(
            lambda desk: perform(desk, actor, number, action, {"version": case.version, **body})
        )

    async def answer(self, number: str, text: str = "路灯已经修好。", outcome: str = "resolved") -> None:
        case = await self.case(number)
        if case.state == "received":
            await self.act(number, "dispatch", department="chengguan")
        if case.state != "handling":
            await self.act(number, "sign", role=Role.HANDLER)
        await self.act(number, "answer", role=Role.HANDLER, text=text, outcome=outcome)
        await self.act(number, "approve", role=Role.HEAD)

    async def events(self, number: str) -> list[str]:
        case = await self.case(number)
        rows = await self.do(lambda desk: desk.unit.events.of("case", case.id))
        return [row.action for row in rows]

    async def files(self, number: str) -> list[str]:
        case = await self.case(number)
        return [row.kind for row in await self.do(lambda desk: desk.unit.files.of_case(case.id))]

    async def pushes(self, number: str) -> list[tuple[str, dict[str, Any]]]:
        case = await self.case(number)
        rows = await self.do(lambda desk: desk.unit.outbox.of_case(case.id))
        return [(row.notice, self.vault.open_json(row.body, BODY)) for row in rows]


@dataclass
class Citizen:
    """Says things and reads the replies; the state goes through JSON between turns, as it is kept."""

    office: Office
    reporter_id: str
    kept: object = field(default_factory=lambda: State.fresh().to_json())
    count: int = 0

    @property
    def state(self) -> State:
        return State.from_json(self.kept)

    async def say(self, text: str, understood: Understanding | None = None) -> Reply:
        """What the citizen reads; free text is understood by the rules unless ``understood`` is given."""
        reply = await self.send(Kind.TEXT, understood, text=text)
        assert reply is not None, text
        return reply

    async def send(self, kind: Kind, understood: Understanding | None = None, **parts: Any) -> Reply | None:
        self.count += 1
        said = Inbound("gh_x", "openid", f"k{self.count}", self.office.clock.now(), kind, **parts)
        state = self.state
        wants = needs_understanding(said, state)
        assert wants or understood is None, f"{said.text!r} is not asked about"
        if wants and understood is None:
            understood = await Understander(None).understand(said.text, today=self.office.clock.today())

        async def turn(desk: Desk) -> Any:
            return await converse(
                Talk(desk, self.reporter_id, said, understood, state, "https://example.test/")
            )

        spoken = await self.office.do(turn)
        self.kept = spoken.state.to_json()
        if spoken.reply is not None:
            check(spoken.reply)
        return spoken.reply

    async def event(self, event: str, **facts: Any) -> Reply | None:
        return await self.send(Kind.EVENT, event=event, facts=facts)

    async def photo(self) -> Reply | None:
        return await self.send(Kind.IMAGE, media_id="media-1")

    async def voice(self) -> Reply | None:
        return await self.send(Kind.VOICE, media_id="media-2", facts={"format": "amr"})

    async def files(self, text: str = "红旗区平原路的路灯不亮一个月了") -> str:
        """Tell and confirm one complaint; its tracking number."""
        await self.say(text, heard("complaint"))
        return number_of(await self.say("确认"))

    async def cases(self) -> list[CaseRow]:
        return await self.office.do(lambda desk: desk.unit.cases.of_reporter(self.reporter_id))


def check(reply: Reply) -> None:
    """What holds of every reply: short, whole on the screen, and every choice a plain word."""
    assert 0 < len(reply.text) <= LONGEST, reply.text
    assert "{" not in reply.text
    assert plain_text(reply).startswith(reply.text.replace("<", "＜")), "cut on the screen"
    assert len(plain_text(reply).encode()) <= MAX_BYTES


def number_of(reply: Reply) -> str:
    """The tracking number in a receipt."""
    line = next(line for line in reply.text.splitlines() if line.startswith("单号："))
    return line.removeprefix("单号：")


def code_of(reply: Reply) -> str:
    """The query code in a receipt."""
    line = next(line for line in reply.text.splitlines() if line.startswith("查询码："))
    return line.removeprefix("查询码：")[:6]


def words(reply: Reply) -> list[str]:
    """What the choices say."""
    return [button.word for button in reply.buttons]


@pytest.fixture(scope="session")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with the sample city, made once and copied for every test."""
    file = tmp_path_factory.mktemp("dialogue") / "seeded.db"

    async def make() -> None:
        await upgrade(url_of(file))
        database = databases.opened(url_of(file))
        async with database.write() as unit:
            await seed_city(unit, load_profile(PROFILE), at=MONDAY)
        await database.close()

    asyncio.run(make())
    return file


def url_of(file: Path) -> str:
    return f"sqlite+aiosqlite:///{file}"


@pytest.fixture
async def office(tmp_path: Path, seeded: Path) -> AsyncIterator[Office]:
    file = shutil.copy(seeded, tmp_path / "dialogue.db")
    database, clock = databases.opened(url_of(file)), FrozenClock()
    async with database.read() as unit:
        city = await sample.snapshot(unit)
    yield Office(database, clock, Vault(b"i" * 32, b"s" * 32), city)
    await database.close()


@pytest.fixture
async def meet(office: Office) -> Callable[[], Awaitable[Citizen]]:
    """Another citizen, known to the office by an openid."""

    async def one() -> Citizen:
        reporter_id = new_reporter_id()

        async def add(desk: Desk) -> None:
            await desk.unit.identities.add_citizen(
                reporter_id=reporter_id,
                account="gh_x",
                openid_hmac=reporter_id,
                openid=office.vault.seal(reporter_id, "openid"),
                at=office.clock.now(),
            )

        await office.do(add)
        return Citizen(office, reporter_id)

    return one


@pytest.fixture
async def citizen(meet: Callable[[], Awaitable[Citizen]]) -> Citizen:
    return await meet()
