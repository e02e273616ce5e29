"""What the citizen sees after a push, for every way in which an account can answer or fail."""

import asyncio
from dataclasses import replace

import pytest
from aiohttp import web

from bot.simulator import drafts
from bot.simulator.crypto import signature
from bot.simulator.deliver import Status
from bot.simulator.platform import Mode
from bot.simulator.transcript import TIP
from bot.simulator.xmltext import child, read, write
from tests.unit.simulator.simulator_stand import ALICE, OTHER_KEY, Service


def sealed(service: Service, *, key: int = 0, **changes: object) -> bytes:
    fields = {
        "ToUserName": ALICE,
        "FromUserName": service.platform.account.original_id,
        "CreateTime": 1,
        "MsgType": "text",
        "Content": "收到",
    }
    text = service.platform.keys[key].encrypt(write(fields | changes).encode())
    signed = signature(service.platform.account.token, "1", "n", text)
    return write({"Encrypt": text, "MsgSignature": signed, "TimeStamp": 1, "Nonce": "n"}).encode()


def answers(service: Service, body: bytes, status: int = 200) -> None:
    async def answer(_: web.Request) -> web.Response:
        return web.Response(body=body, status=status)

    service.answer = answer


async def test_reply_in_safe_mode(service: Service) -> None:
    answers(service, sealed(service))
    done = await service.courier.deliver(drafts.text(ALICE, "路灯不亮"))
    assert (done.status, done.reply_text, done.tip, done.attempts) == (Status.REPLIED, "收到", False, 1)
    query, body = service.requests[0]
    assert query["signature"] == signature("token123", query["timestamp"], query["nonce"])
    text = child(read(body), "Encrypt")
    assert query["msg_signature"] == signature("token123", query["timestamp"], query["nonce"], text)
    assert query["encrypt_type"] == "aes"
    assert "<Content><![CDATA[路灯不亮]]></Content>" in service.opened()
    assert "路灯" not in body.decode()


@pytest.mark.parametrize("body", [b"success", b""])
async def test_silence_shows_nothing(service: Service, body: bytes) -> None:
    answers(service, body)
    done = await service.courier.deliver(drafts.text(ALICE, "你好"))
    assert (done.status, done.reply_text, done.tip) == (Status.SILENT, None, False)
    assert service.platform.transcript.of(ALICE) == []


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"ToUserName": "somebody"}, "wrong ToUserName"),
        ({"FromUserName": "gh_other"}, "wrong FromUserName"),
        ({"CreateTime": "today"}, "CreateTime is no number"),
        ({"MsgType": "html"}, "MsgType html"),
        ({"Content": ""}, "empty Content"),
        ({"Content": "好" * 683}, "Content over 2048 bytes"),
    ],
)
async def test_improper_reply_shows_the_tip_at_once(service: Service, changes: dict, reason: str) -> None:
    answers(service, sealed(service, **changes))
    done = await service.courier.deliver(drafts.text(ALICE, "你好"))
    assert (done.status, done.tip, done.reason, done.attempts) == (Status.BAD_REPLY, True, reason, 1)
    assert service.platform.transcript.of(ALICE)[-1].text == TIP


@pytest.mark.parametrize("body", [b'"success"', b'{"errcode":0}', b"<xml><a></xml>", b"<html/>", b"<xml/>"])
async def test_abnormal_data_shows_the_tip(service: Service, body: bytes) -> None:
    answers(service, body)
    assert (await service.courier.deliver(drafts.text(ALICE, "你好"))).tip


async def test_full_length_reply_is_taken(service: Service) -> None:
    answers(service, sealed(service, Content="好" * 682))
    assert (await service.courier.deliver(drafts.text(ALICE, "你好"))).reply_text == "好" * 682


async def test_server_errors_are_tried_three_times_with_one_message(service: Service) -> None:
    answers(service, b"", 503)
    done = await service.courier.deliver(drafts.text(ALICE, "你好"))
    assert (done.status, done.attempts, done.tip) == (Status.SERVER_ERROR, 3, True)
    assert len({service.opened(number) for number in range(3)}) == 1
    assert len({query["nonce"] for query, _ in service.requests}) == 3


async def test_second_attempt_may_succeed(service: Service) -> None:
    async def answer(_: web.Request) -> web.Response:
        return web.Response(status=500) if len(service.requests) == 1 else web.Response(body=sealed(service))

    service.answer = answer
    done = await service.courier.deliver(drafts.text(ALICE, "你好"))
    assert (done.attempts, done.reply_text) == (2, "收到")


async def test_late_answers_are_dropped(service: Service) -> None:
    async def answer(_: web.Request) -> web.Response:
        await asyncio.Event().wait()
        raise AssertionError

    service.answer = answer
    done = await service.courier.deliver(drafts.text(ALICE, "你好"))
    assert (done.status, done.attempts, done.tip) == (Status.NO_ANSWER, 3, True)
    assert 0.4 < done.seconds < 2


async def test_nobody_there(service: Service) -> None:
    service.courier.callback_url = "http://127.0.0.1:9/wechat"
    done = await service.courier.deliver(drafts.text(ALICE, "你好"))
    assert (done.status, done.attempts, done.tip) == (Status.UNREACHABLE, 3, True)


async def test_no_tip_for_what_the_citizen_does_not_wait_for(service: Service) -> None:
    answers(service, b"nonsense")
    assert not (await service.courier.deliver(drafts.unsubscribe(ALICE))).tip
    assert not (await service.courier.deliver(drafts.template_finished(ALICE, 1))).tip
    assert (await service.courier.deliver(drafts.click(ALICE, "report"))).tip


async def test_plain_and_compatible_mode(service: Service) -> None:
    platform = service.platform
    plain = write(
        {
            "ToUserName": ALICE,
            "FromUserName": platform.account.original_id,
            "CreateTime": 1,
            "MsgType": "text",
            "Content": "明文",
        }
    ).encode()
    answers(service, plain)
    assert (await service.courier.deliver(drafts.text(ALICE, "你好"))).reason == "not encrypted in safe mode"
    platform.account = replace(platform.account, mode=Mode.COMPATIBLE)
    assert (await service.courier.deliver(drafts.text(ALICE, "你好"))).reply_text == "明文"
    both = read(service.requests[-1][1])
    assert child(both, "Content") == "你好"
    assert child(both, "Encrypt")
    platform.account = replace(platform.account, mode=Mode.PLAIN)
    assert (await service.courier.deliver(drafts.text(ALICE, "你好"))).reply_text == "明文"
    assert "encrypt_type" not in service.requests[-1][0]


async def test_old_key_after_a_change(service: Service) -> None:
    service.platform.change_key(OTHER_KEY)
    service.platform.faults.push.old_key = True
    answers(service, sealed(service, key=1))
    assert (await service.courier.deliver(drafts.text(ALICE, "你好"))).reply_text == "收到"
    answers(service, sealed(service, key=0))
    assert (await service.courier.deliver(drafts.text(ALICE, "你好"))).status is Status.BAD_REPLY


async def test_duplicates_arrive_together(service: Service) -> None:
    service.platform.faults.push.duplicate = 1
    answers(service, sealed(service))
    await service.courier.deliver(drafts.text(ALICE, "你好"))
    assert len(service.requests) == 2
    assert service.opened(0) == service.opened(1)
    assert [entry.kind for entry in service.platform.transcript.of(ALICE)] == ["reply"]
    await service.courier.deliver(drafts.text(ALICE, "再来"))
    assert len(service.requests) == 3


async def test_held_push_arrives_after_the_next(service: Service) -> None:
    service.platform.faults.push.hold = 1
    assert (await service.courier.deliver(drafts.text(ALICE, "一"))).status is Status.HELD
    await service.courier.deliver(drafts.text(ALICE, "二"))
    await service.courier.drain()
    assert ["一" in service.opened(0), "一" in service.opened(1)] == [False, True]


async def test_repeat_is_the_same_message(service: Service) -> None:
    await service.courier.deliver(drafts.text(ALICE, "你好"))
    await service.courier.repeat(ALICE)
    assert service.opened(0) == service.opened(1)


async def test_text_cannot_break_out_of_its_element(service: Service) -> None:
    await service.courier.deliver(drafts.text(ALICE, "]]></Content><MsgType>event</MsgType>\x08😀"))
    assert child(read(service.opened().encode()), "Content") == "]]></Content><MsgType>event</MsgType>😀"


async def test_address_check(service: Service) -> None:
    assert await service.courier.verify()
