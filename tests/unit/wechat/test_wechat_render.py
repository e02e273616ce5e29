import re
from datetime import UTC, datetime
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.message import Button, Reply
from bot.wechat.render import MAX_BYTES, plain_text, shorten, text_reply

NOW = datetime(2026, 11, 23, tzinfo=UTC)
FAMILY = "👨‍👩‍👧"
TAG = re.compile(r'<a href="[^"<>]*">[^<]*</a>')


def shown(reply: Reply) -> str:
    """What WeChat reads out of the XML."""
    root = ElementTree.fromstring(text_reply("oABC", "gh_1", reply, NOW).encode())
    assert [each.tag for each in root] == ["ToUserName", "FromUserName", "CreateTime", "MsgType", "Content"]
    assert [root[0].text, root[1].text, root[2].text] == ["oABC", "gh_1", str(int(NOW.timestamp()))]
    return root[4].text or ""


def test_a_reply_with_choices_and_links():
    reply = Reply(
        "您想反映什么？",
        (Button("投诉举报", "我要投诉"), Button("查进度", "进度 TS1")),
        (("网页填写", "https://e.cn/m?a=1&b=2"),),
    )
    assert shown(reply).splitlines() == [
        "您想反映什么？",
        '<a href="weixin://bizmsgmenu?msgmenucontent=我要投诉&msgmenuid=1">投诉举报</a>',
        '<a href="weixin://bizmsgmenu?msgmenucontent=进度%20TS1&msgmenuid=2">查进度</a>',
        '<a href="https://e.cn/m?a=1&b=2">网页填写</a>',
    ]
    assert shown(reply) == plain_text(reply)


@pytest.mark.parametrize(
    ("typed", "seen"),
    [
        ("a]]>b]]]]>", "a]]>b]]]]>"),
        ("一\x00\x08二\x1b\ufffe\uffff三", "一二三"),
        ("半\ud83d个\udc00", "半个"),
        (f"一家{FAMILY}", f"一家{FAMILY}"),
        ("a\r\nb\rc", "a\nb\nc"),
        ("&lt;a&gt; & 3<5", "&lt;a&gt; & 3＜5"),
    ],
)
def test_what_citizens_type_comes_back_as_text(typed, seen):
    assert shown(Reply(typed)) == seen


@pytest.mark.parametrize(
    "typed",
    [
        '<a href="https://evil.example">点这里</a>',
        "< a href=x>",
        "<A\nhref='weixin://x'>",
        "</a><a href=x>",
        "<\u200ba href=x>",
    ],
)
def test_nothing_a_citizen_types_becomes_a_link(typed):
    reply = Reply(typed, (Button(typed, typed),), ((typed, f"https://e.cn/{typed}"),))
    text = shown(reply)
    assert "<" not in TAG.sub("", text)
    assert len(TAG.findall(text)) == 2


def test_a_long_text_keeps_its_choices_whole():
    reply = Reply("汉字😀" * 600, tuple(Button(f"选项{n}", f"选{n}") for n in range(5)))
    text = shown(reply)
    assert len(text.encode()) <= MAX_BYTES
    assert len(TAG.findall(text)) == 5
    assert text.split("\n<a")[0].endswith("…")


def test_too_many_choices_fall_off_whole():
    text = shown(Reply("字" * 900, tuple(Button("选" * 60, "词" * 60) for _ in range(20))))
    assert len(text.encode()) <= MAX_BYTES
    assert "<" not in TAG.sub("", text)
    assert text.startswith("字" * 30)


def test_a_text_of_exactly_the_limit_is_whole():
    exact = "字" * 682 + "ab"
    assert len(exact.encode()) == MAX_BYTES
    assert shown(Reply(exact)) == exact
    assert len(shown(Reply(exact + "c")).encode()) <= MAX_BYTES


def test_no_emoji_is_halved():
    for limit in range(4, 60):
        cut = shorten(f"一{FAMILY}👍🏽🇨🇳e\u0301❤️好" * 3, limit)
        assert len(cut.encode()) <= limit
        assert not cut.removesuffix("…").endswith("\u200d")
        assert cut.count("👨") == cut.count("👧")


def test_nothing_to_say_is_success_not_an_empty_message():
    assert text_reply("o", "gh", Reply(" \x00"), NOW) == "success"


@given(st.text(alphabet=st.characters(), max_size=900), st.text(max_size=50), st.text(max_size=50))
def test_any_text_makes_well_formed_xml_within_the_limit(text, label, word):
    reply = Reply(text, (Button(label, word),), ((label, word),))
    content = shown(reply)
    assert len(content.encode()) <= MAX_BYTES
    assert "<" not in TAG.sub("", content)
