"""Understanding with a server that answers like Rasa, with one that fails, and with none."""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import date
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.nlu.port import INTENTS, Understanding
from bot.nlu.rasa import RasaAway, RasaClient
from bot.nlu.understand import LONGEST, Understander, shortened

TODAY = date(2026, 11, 23)
Handler = Callable[[web.Request], Awaitable[web.Response]]


class Server:
    """A loopback server whose next answer a test chooses."""

    def __init__(self) -> None:
        self.answer: Any = parse("inquiry")
        self.status = 200
        self.asked: list[str] = []

    async def handle(self, request: web.Request) -> web.Response:
        assert request.query["token"] == "secret"
        self.asked.append((await request.json())["text"])
        return web.json_response(self.answer, status=self.status)

    async def state(self, _request: web.Request) -> web.Response:
        return web.json_response({"model_file": "nlu-1.tar.gz"}, status=self.status)


def parse(intent: str, *entities: dict[str, Any]) -> dict[str, Any]:
    return {"intent": {"name": intent, "confidence": 0.93}, "entities": list(entities), "model": "nlu-1"}


def named(kind: str, start: int, end: int, value: str) -> dict[str, Any]:
    return {"entity": kind, "start": start, "end": end, "value": value}


@pytest.fixture
def server() -> Server:
    return Server()


@pytest.fixture
async def rasa(server: Server) -> AsyncIterator[RasaClient]:
    app = web.Application()
    app.router.add_post("/model/parse", server.handle)
    app.router.add_get("/status", server.state)
    async with TestServer(app) as running, aiohttp.ClientSession() as session:
        yield RasaClient(str(running.make_url("/")), "secret", session)


async def test_rasa_answers(server: Server, rasa: RasaClient) -> None:
    text = "请问红旗区教育局在哪，电话13800000000"
    server.answer = parse("inquiry", named("place", 2, 5, "红旗区"), named("department", 5, 8, "教育局"))
    understood = await Understander(rasa).understand(text, today=TODAY)
    assert (understood.intent, understood.source, understood.model) == ("inquiry", "rasa", "nlu-1")
    assert [(e.kind, e.text) for e in understood.entities] == [
        ("place", "红旗区"),
        ("department", "教育局"),
        ("phone", "13800000000"),
    ]


async def test_of_overlapping_units_the_longer_is_kept(server: Server, rasa: RasaClient) -> None:
    server.answer = parse(
        "complaint", named("department", 3, 6, "教育局"), named("department", 0, 6, "红旗区教育局")
    )
    understood = await Understander(rasa).understand("红旗区教育局不管", today=TODAY)
    assert [e.text for e in understood.of_kind("department")] == ["红旗区教育局"]


async def test_rules_answer_when_rasa_fails(server: Server, rasa: RasaClient) -> None:
    server.status = 500
    reasons: list[str] = []
    understood = await Understander(rasa, reasons.append).understand("欠薪三个月不给", today=TODAY)
    assert (understood.intent, understood.source, understood.model) == ("complaint", "rules", "")
    assert reasons == ["http_500"]


async def test_an_intent_that_is_not_ours_is_no_answer(server: Server, rasa: RasaClient) -> None:
    server.answer = parse("order_pizza")
    assert (await Understander(rasa).understand("你好", today=TODAY)).source == "rules"


async def test_rules_answer_without_a_rasa() -> None:
    assert (await Understander(None).understand("你好", today=TODAY)).intent == "greet"


async def test_after_three_failures_rasa_is_left_alone(server: Server, rasa: RasaClient) -> None:
    server.status = 503
    understander = Understander(rasa)
    for _ in range(5):
        await understander.understand("你好", today=TODAY)
    assert len(server.asked) == 3
    with pytest.raises(RasaAway, match="breaker_open"):
        await rasa.parse("你好")


async def test_health(server: Server, rasa: RasaClient) -> None:
    server.status = 500
    assert await rasa.probe() == "starting"
    server.status = 200
    assert await rasa.probe() == "ready"
    server.status = 500
    assert await rasa.probe() == "degraded"


async def test_a_server_that_is_not_there(unused_tcp_port_url: str) -> None:
    async with aiohttp.ClientSession() as session:
        rasa = RasaClient(unused_tcp_port_url, "", session)
        with pytest.raises(RasaAway, match="unreachable"):
            await rasa.parse("你好")


@pytest.fixture
def unused_tcp_port_url() -> str:
    return "http://127.0.0.1:1"


async def test_a_citizen_cannot_command_rasa(server: Server, rasa: RasaClient) -> None:
    await Understander(rasa).understand("/greet", today=TODAY)
    assert server.asked == ["／greet"]


async def test_a_very_long_message_is_asked_about_by_its_ends(server: Server, rasa: RasaClient) -> None:
    text = "红旗区" + "很长" * 3000 + "找教育局"
    asked = shortened(text)
    server.answer = parse("complaint", named("department", len(asked) - 3, len(asked), "教育局"))
    understood = await Understander(rasa).understand(text, today=TODAY)
    (unit,) = understood.of_kind("department")
    assert len(server.asked[0]) == LONGEST
    assert text[unit.start : unit.end] == unit.text == "教育局"


async def test_an_understanding_survives_storing() -> None:
    text = "招商承诺的30万奖补3月底前给，至今没给"
    understood = await Understander(None).understand(text, today=TODAY)
    assert Understanding.from_json(understood.as_json()) == understood


def test_there_are_eighteen_intents() -> None:
    assert len(set(INTENTS)) == 18


async def test_another_address_is_asked_at_once_even_while_the_old_one_is_given_up(
    server: Server, unused_tcp_port: int
) -> None:
    app = web.Application()
    app.router.add_post("/model/parse", server.handle)
    async with TestServer(app) as running, aiohttp.ClientSession() as session:
        rasa = RasaClient(f"http://127.0.0.1:{unused_tcp_port}", "secret", session)
        for _ in range(4):
            with pytest.raises(RasaAway):
                await rasa.parse("路灯不亮")
        rasa.use(str(running.make_url("/")))
        await rasa.parse("路灯不亮")
        assert (rasa.health, rasa.model) == ("ready", "nlu-1")
