"""What nobody should send: a 4xx with its reason counted, nothing stored, and business as usual."""

import re
from collections import Counter
from collections.abc import Callable

import pytest
from aiohttp import FormData

from bot.simulator import drafts
from bot.simulator.crypto import MessageKey, signature
from bot.simulator.platform import Mode
from tests.support.service import AES_KEY, APP_ID, TOKEN

from .conftest import ME, OTHER_KEY, Door, Opener

REFUSED = "jiannuo_callback_rejected_total"
Change = Callable[[str], str]


def without(field: str) -> Change:
    return lambda xml: re.sub(f"<{field}>.*?</{field}>", "", xml)


def twice(field: str) -> Change:
    return lambda xml: re.sub(f"(<{field}>.*?</{field}>)", r"\1\1", xml)


def with_value(field: str, value: str) -> Change:
    return lambda xml: re.sub(f"<{field}>.*?</{field}>", f"<{field}>{value}</{field}>", xml)


BODIES: dict[str, tuple[Change, str]] = {
    "doctype": (lambda xml: f"<!DOCTYPE xml>{xml}", "doctype"),
    "entities": (lambda xml: f'<!DOCTYPE x [<!ENTITY a "b">]>{xml}', "doctype"),
    "deep": (lambda _: "<a>" * 200_000, "too_large"),
    "deep within the limit": (lambda _: "<xml>" + "<a>" * 8_000, "too_deep"),
    "a megabyte": (lambda xml: xml.replace("</xml>", f"<X>{'x' * 1_000_000}</X></xml>"), "too_large"),
    "no recipient": (without("ToUserName"), "missing_field"),
    "no sender": (without("FromUserName"), "missing_field"),
    "no time": (without("CreateTime"), "missing_field"),
    "no type": (without("MsgType"), "missing_field"),
    "two recipients": (twice("ToUserName"), "duplicate_field"),
    "two senders": (twice("FromUserName"), "duplicate_field"),
    "two times": (twice("CreateTime"), "duplicate_field"),
    "two types": (twice("MsgType"), "duplicate_field"),
    "two numbers": (twice("MsgId"), "duplicate_field"),
    "two texts": (twice("Content"), "duplicate_field"),
    "nul": (lambda xml: xml.replace("路灯", "\x00"), "nul"),
    "huge number": (with_value("MsgId", "9" * 4000), "bad_msg_id"),
    "number beyond 64 bits": (with_value("MsgId", str(2**64)), "bad_msg_id"),
    "odd time": (with_value("CreateTime", "now"), "bad_create_time"),
    "long sender": (with_value("FromUserName", "o" * 500), "bad_user_name"),
    "json": (lambda _: '{"MsgType":"text"}', "json"),
    "empty": (lambda _: "", "empty"),
    "cut off": (lambda xml: xml[:-20], "malformed_xml"),
    "html": (lambda _: "<html></html>", "malformed_xml"),
}


@pytest.mark.parametrize("mode", [Mode.PLAIN, Mode.SAFE])
async def test_bodies_that_are_no_message(opener: Opener, mode: Mode) -> None:
    async with opener.open(mode) as door:
        bodies = [(*changed(door, change, mode), (reason,)) for change, reason in BODIES.values()]
        await refused(door, *bodies)
        await goes_on(door)


def changed(door: Door, change: Change, mode: Mode) -> tuple[dict[str, str], bytes]:
    """A signed delivery whose message was changed, sealed again in safe mode."""
    push = door.platform.stamp(drafts.text(ME, "路灯坏了"))
    xml = change(push.xml)
    query, _ = door.signed(push.draft)
    if mode is Mode.PLAIN:
        return query, xml.encode()
    sealed = MessageKey(AES_KEY, APP_ID).encrypt(xml.encode())
    return signed(query, sealed), enveloped(sealed)


def signed(query: dict[str, str], sealed: str) -> dict[str, str]:
    return query | {"msg_signature": signature(TOKEN, query["timestamp"], query["nonce"], sealed)}


def enveloped(sealed: str) -> bytes:
    return f"<xml><ToUserName>gh</ToUserName><Encrypt>{sealed}</Encrypt></xml>".encode()


async def test_requests_that_do_not_come_from_the_platform(door: Door) -> None:
    query, body = door.signed(drafts.text(ME, "路灯坏了"))
    requests = [
        ({}, "missing_signature"),
        ({k: v for k, v in query.items() if k != "signature"}, "missing_signature"),
        ({k: v for k, v in query.items() if k != "msg_signature"}, "missing_signature"),
        (query | {"signature": "0" * 40}, "bad_signature"),
        (query | {"msg_signature": "0" * 40}, "bad_signature"),
        (query | {"timestamp": "x"}, "bad_timestamp"),
        (query | {"nonce": "]]>"}, "bad_nonce"),
    ]
    await refused(door, *((changed_query, body, (reason,)) for changed_query, reason in requests))
    await goes_on(door)


async def test_plain_bodies_in_safe_mode(door: Door) -> None:
    query, _ = door.signed(drafts.text(ME, "路灯坏了"))
    plain = door.platform.stamp(drafts.text(ME, "路灯坏了")).xml.encode()
    bare = {k: v for k, v in query.items() if k not in ("encrypt_type", "msg_signature")}
    forms = (query, bare, bare | {"encrypt_type": "raw"})
    await refused(door, *((one, plain, ("plain_in_safe_mode",)) for one in forms))
    await goes_on(door)


async def test_ciphertexts_that_cannot_be_opened(door: Door) -> None:
    query, _ = door.signed(drafts.text(ME, "路灯坏了"))
    xml = door.platform.stamp(drafts.text(ME, "路灯坏了")).xml.encode()
    good = MessageKey(AES_KEY, APP_ID).encrypt(xml)
    sealed = {
        MessageKey(OTHER_KEY, APP_ID).encrypt(xml): ("bad_padding", "bad_length", "wrong_app_id"),
        MessageKey(AES_KEY, "wxsomebodyelse").encrypt(xml): ("wrong_app_id",),
        good[: len(good) // 2 // 4 * 4 - 4]: ("truncated_ciphertext", "bad_padding"),
        good[:-1] + "*": ("bad_base64",),
        "路灯": ("bad_base64",),
    }
    await refused(
        door, *((signed(query, text), enveloped(text), reasons) for text, reasons in sealed.items())
    )
    await goes_on(door)


async def test_an_old_key_that_is_not_kept(door: Door) -> None:
    door.platform.change_key(OTHER_KEY)
    query, body = door.signed(drafts.text(ME, "路灯坏了"))
    await refused(door, (query, body, ("bad_padding", "bad_length", "wrong_app_id")))


async def test_a_body_without_end_is_cut_off(door: Door) -> None:
    async def endless() -> object:
        for _ in range(64):
            yield b"x" * 64 * 1024

    query, _ = door.signed(drafts.text(ME, "路灯坏了"))
    async with door.http.post(f"{door.url}/wechat", params=query, data=endless()) as response:
        assert response.status == 413
    await goes_on(door)


async def test_other_methods_and_forms_are_refused(door: Door) -> None:
    for method in ("PUT", "DELETE", "PATCH"):
        async with door.http.request(method, f"{door.url}/wechat") as response:
            assert response.status == 405
    query, _ = door.signed(drafts.text(ME, "路灯坏了"))
    form = FormData({"MsgType": "text"})
    async with door.http.post(f"{door.url}/wechat", params=query, data=form) as response:
        assert 400 <= response.status < 500
    assert await door.inbox() == []


Request = tuple[dict[str, str], bytes, tuple[str, ...]]


async def refused(door: Door, *requests: Request) -> None:
    """Each request is refused for one of its reasons, which is counted once, and nothing is written."""
    before, given = await counted(door), Counter[str]()
    for query, body, reasons in requests:
        status, answer = await door.post(query, body)
        assert 400 <= status < 500, (reasons, status, answer)
        assert answer in reasons
        given[answer] += 1
    assert await counted(door) == before + given
    assert await door.inbox() == []


async def counted(door: Door) -> Counter[str]:
    """How many requests were refused so far, by reason."""
    async with door.http.get(f"{door.url}/metrics") as response:
        found = re.findall(REFUSED + r'\{reason="(\w+)"\} ([\d.]+)', await response.text())
    return Counter({reason: int(float(times)) for reason, times in found if float(times)})


async def goes_on(door: Door) -> None:
    assert "直接说事就行" in await door.say("帮助")
    assert len(await door.inbox()) == 1
