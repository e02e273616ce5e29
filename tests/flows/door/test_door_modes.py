"""The address check, the three modes, the change of keys, and replies that WeChat can always read."""

import re
from xml.etree import ElementTree

import pytest

from bot.simulator import drafts
from bot.simulator.deliver import Status
from bot.simulator.envelope import Envelope
from bot.simulator.platform import Mode
from tests.support.service import AES_KEY

from .conftest import ME, OTHER_KEY, Door, Opener, number_in

HELP = "直接说事就行"


async def test_the_address_is_verified_with_the_echo_word_for_word(door: Door) -> None:
    assert await door.courier.verify()
    query = Envelope(door.platform).probe("5837492061")
    async with door.http.get(f"{door.url}/wechat", params=query) as response:
        assert (response.status, await response.read()) == (200, b"5837492061")
        assert response.content_type == "text/plain"


@pytest.mark.parametrize("change", [{"signature": "0" * 40}, {"timestamp": "1"}, {"nonce": "other"}])
async def test_an_address_check_with_another_signature_is_refused(door: Door, change: dict[str, str]) -> None:
    query = Envelope(door.platform).probe("5837492061") | change
    async with door.http.get(f"{door.url}/wechat", params=query) as response:
        assert response.status == 403
        assert "5837492061" not in await response.text()


@pytest.mark.parametrize("mode", list(Mode))
async def test_a_matter_is_told_and_filed_in_every_mode(opener: Opener, mode: Mode) -> None:
    async with opener.open(mode) as door:
        assert "请核对" in await door.say("红旗区平原路的路灯不亮一个月了")
        receipt = await door.push(drafts.text(ME, "确认"))
        assert receipt.status is Status.REPLIED
        assert ("<Encrypt>" in receipt.raw) is (mode is not Mode.PLAIN)
        assert [case.tracking_no for case in await door.cases()] == [number_in(receipt.reply_text or "")]


async def test_compatible_bodies_are_read_by_their_plain_part_where_there_is_no_key(opener: Opener) -> None:
    async with opener.open(Mode.COMPATIBLE, JIANNUO_WECHAT_AES_KEY="") as door:
        query, body = door.signed(drafts.text(ME, "帮助"))
        status, answer = await door.post(query, body)
        assert status == 200
        assert HELP in (ElementTree.fromstring(answer).findtext("Content") or "")


async def test_messages_under_the_previous_key_are_answered_under_it(opener: Opener) -> None:
    keys = {"JIANNUO_WECHAT_AES_KEY": OTHER_KEY, "JIANNUO_WECHAT_AES_KEY_PREVIOUS": AES_KEY}
    async with opener.open(**keys) as door:
        assert HELP in await door.say("帮助"), "the platform still has the old key"
        door.platform.change_key(OTHER_KEY)
        assert HELP in await door.say("帮助"), "the platform has the new one"
        door.platform.faults.push.old_key = True
        assert HELP in await door.say("帮助"), "a message from before the change"


@pytest.mark.parametrize(
    "typed",
    [
        "路灯坏了]]><MsgType>news</MsgType>一直没人修",
        "路灯坏了\x08\x0b\x1f一直没人修",
        "路灯坏了\u200d👨‍👩‍👧‍👦🏳️‍🌈🇨🇳一直没人修",
        '路灯<a href="https://example.com">坏了</a>&amp;一直没人修',
        "路灯坏了" + "，一直没人修😀" * 90,
        "路" * 1_000,
        "  \n路灯坏了\r\n一直没人修\t",
    ],
)
async def test_whatever_is_typed_the_reply_can_be_read(door: Door, typed: str) -> None:
    for text in (typed, "确认", "进度"):
        delivery = await door.push(drafts.text(ME, text))
        assert delivery.status is Status.REPLIED, delivery
        assert len((delivery.reply_text or "").encode()) <= 2048
        assert "https://example.com" not in re.findall('<a href="([^"]*)', delivery.reply_text or "")


async def test_lone_surrogates_and_forbidden_characters_are_refused_as_no_xml(opener: Opener) -> None:
    async with opener.open(Mode.PLAIN) as door:
        query, body = door.signed(drafts.text(ME, "路灯坏了"))
        for odd in (b"\xed\xa0\x80", b"&#xD800;", b"&#0;", b"\x08"):
            content = b"<Content>a" + odd + b"</Content>"
            changed = re.sub(rb"<Content>.*</Content>", lambda _: content, body)  # noqa: B023
            assert (await door.post(query, changed))[0] == 400
        assert await door.inbox() == []
