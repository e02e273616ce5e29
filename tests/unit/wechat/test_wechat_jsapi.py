"""JS-SDK: the signature of Tencent's examples, and the ticket that many pages share."""

import asyncio

import pytest

from bot.wechat.errors import ApiAway
from bot.wechat.jsapi import Tickets, TicketUnavailable, signature

PATH = "/cgi-bin/ticket/getticket"
TICKET = "sM4AOVdWfPE4DxkXGEs8VMCPGGVi4C3VM0P37wVUCFvkVAy_90u5h9nbSlYy3-Sl-HhTdfl2fzFy1AOcHKP7qg"
NONCE, TIMESTAMP = "Wm3WZYTPz0wzccnW", "1414587457"


@pytest.fixture
def tickets(client, platform, wall):
    platform.answers[PATH] = lambda _: {
        "errcode": 0,
        "errmsg": "ok",
        "ticket": f"TICKET-{len(platform.calls)}",
        "expires_in": 7200,
    }
    return Tickets(client.jsapi_ticket, wall)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        # Tencent, JS-SDK documentation, appendix 1; also wechatpy, tests/test_client.py.
        ("http://mp.weixin.qq.com?params=value", "0f9de62fce790f9a083d5c99e95740ceb90c27ed"),
        # Tencent's documentation of 2015, as kept at cnblogs.com/Alex80/p/4259632.html; npm weixin-signature.
        ("http://mp.weixin.qq.com", "f4d90daf4b3bca3078ab155816175ba34c443a7b"),
    ],
)
def test_signatures_are_those_of_the_platforms_examples(url, expected):
    assert signature(TICKET, NONCE, TIMESTAMP, url) == expected
    assert signature(TICKET, NONCE, TIMESTAMP, url + "#/anywhere") == expected


async def test_many_pages_cost_one_request(tickets, platform):
    assert set(await asyncio.gather(*(tickets.get() for _ in range(20)))) == {"TICKET-1"}
    [(path, query, _)] = platform.calls
    assert (path, query["type"]) == (PATH, "jsapi")


async def test_a_ticket_is_renewed_five_minutes_before_its_end(tickets, wall):
    assert await tickets.get() == "TICKET-1"
    wall.pass_(seconds=7200 - 301)
    assert await tickets.get() == "TICKET-1"
    wall.pass_(seconds=1)
    assert await tickets.get() == "TICKET-2"


async def test_a_refused_token_is_replaced_once(tickets, platform, wall):
    assert await tickets.get() == "TICKET-1"
    platform.token_number += 1
    wall.pass_(seconds=6950)
    assert await tickets.get() == "TICKET-3"
    assert len(platform.token_requests) == 2


async def test_a_failure_is_not_repeated_by_every_page(tickets, platform, wall):
    platform.answers[PATH] = lambda _: {"errcode": 48001, "errmsg": "api unauthorized"}
    for _ in range(5):
        with pytest.raises(TicketUnavailable, match="48001"):
            await tickets.get()
    assert len(platform.calls) == 1
    wall.pass_(seconds=60)
    with pytest.raises(TicketUnavailable):
        await tickets.get()
    assert len(platform.calls) == 2


async def test_while_renewing_fails_the_old_ticket_serves_to_its_end(tickets, platform, wall):
    assert await tickets.get() == "TICKET-1"
    platform.answers[PATH] = lambda _: {"errcode": -1, "errmsg": "system error"}
    wall.pass_(seconds=7000)
    assert [await tickets.get() for _ in range(3)] == ["TICKET-1"] * 3
    assert len(platform.calls) == 2
    wall.pass_(seconds=200)
    with pytest.raises(TicketUnavailable):
        await tickets.get()


@pytest.mark.parametrize(
    "broken", [{}, {"ticket": "", "expires_in": 7200}, {"ticket": "x", "expires_in": "y"}]
)
async def test_an_answer_without_a_ticket_is_none(client, platform, broken):
    platform.answers[PATH] = lambda _: {"errcode": 0, **broken}
    with pytest.raises(ApiAway):
        await client.jsapi_ticket()
