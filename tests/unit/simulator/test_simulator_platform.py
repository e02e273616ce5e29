"""The platform's bookkeeping: allowances, tokens, quotas, consents, templates, media, menus, codes."""

import pytest

from bot.simulator import fields
from bot.simulator.errors import Refused
from bot.simulator.followers import Trigger, name_of, openid_of
from bot.simulator.notices import Template
from bot.simulator.platform import Account, Mode, Platform
from bot.simulator.tokens import Tokens
from tests.unit.simulator.simulator_stand import ALICE, HandClock


def code(action, *args: object, **named: object) -> int:
    with pytest.raises(Refused) as caught:
        action(*args, **named)
    return caught.value.errcode


class TestAllowance:
    def test_five_messages_in_48_hours(self, platform: Platform, hand: HandClock) -> None:
        platform.followers.contacted(ALICE, Trigger.MESSAGE)
        for _ in range(5):
            platform.followers.spend(ALICE)
        assert code(platform.followers.spend, ALICE) == 45047
        platform.followers.contacted(ALICE, Trigger.MESSAGE)
        hand.advance(hours=47, minutes=59)
        platform.followers.spend(ALICE)
        hand.advance(minutes=1)
        assert code(platform.followers.spend, ALICE) == 45015

    @pytest.mark.parametrize("trigger", [Trigger.MENU, Trigger.FOLLOW, Trigger.SCAN])
    def test_three_messages_in_a_minute(self, platform: Platform, hand: HandClock, trigger: Trigger) -> None:
        platform.followers.contacted(ALICE, trigger)
        for _ in range(3):
            platform.followers.spend(ALICE)
        assert code(platform.followers.spend, ALICE) == 45047
        hand.advance(seconds=60)
        assert code(platform.followers.spend, ALICE) == 45015

    def test_what_ends_first_is_used_first(self, platform: Platform, hand: HandClock) -> None:
        platform.followers.contacted(ALICE, Trigger.MESSAGE)
        platform.followers.contacted(ALICE, Trigger.MENU)
        assert platform.followers.allowance(ALICE) == 8
        platform.followers.spend(ALICE)
        hand.advance(minutes=2)
        assert platform.followers.allowance(ALICE) == 5

    def test_nothing_after_leaving(self, platform: Platform) -> None:
        platform.followers.contacted(ALICE, Trigger.MESSAGE)
        platform.followers.happened(ALICE, "unsubscribe", None)
        assert code(platform.followers.spend, ALICE) == 45015

    def test_typing(self, platform: Platform, hand: HandClock) -> None:
        followers = platform.followers
        followers.contacted(ALICE, Trigger.MESSAGE)
        assert code(followers.typing, ALICE, "Dancing") == 45072
        followers.typing(ALICE, "Typing")
        assert code(followers.typing, ALICE, "Typing") == 45081
        followers.spend(ALICE)
        followers.typing(ALICE, "Typing")
        hand.advance(seconds=31)
        assert code(followers.typing, ALICE, "Typing") == 45080

    def test_names_and_openids(self, platform: Platform) -> None:
        assert [name_of(number) for number in (0, 9, 10)] == ["示例群众甲", "示例群众癸", "示例群众甲2"]
        assert len(openid_of(7)) == 28
        with pytest.raises(ValueError):
            platform.followers.meet("short")


class TestTokens:
    def test_stable_token_stays_and_overlaps(self, hand: HandClock) -> None:
        tokens = Tokens(hand.wall)
        first, left = tokens.stable()
        assert left == 7200
        hand.advance(seconds=6899)
        assert tokens.stable() == (first, 301)
        hand.advance(seconds=1)
        second, left = tokens.stable()
        assert (second != first, left) == (True, 7200)
        hand.advance(seconds=299)
        tokens.check(first)
        hand.advance(seconds=1)
        assert code(tokens.check, first) == 40001
        tokens.check(second)

    def test_forced_renewal_is_rare_and_ends_the_old_one(self, hand: HandClock) -> None:
        tokens = Tokens(hand.wall)
        first, _ = tokens.stable()
        tokens.stable(force=True)
        assert code(tokens.check, first) == 40001
        assert code(tokens.stable, force=True) == 45011
        for _ in range(19):
            hand.advance(seconds=30)
            tokens.stable(force=True)
        hand.advance(seconds=30)
        assert code(tokens.stable, force=True) == 45009

    def test_plain_tokens_replace_each_other_apart_from_stable_ones(self, hand: HandClock) -> None:
        tokens = Tokens(hand.wall)
        stable, (first, _), (second, _) = tokens.stable()[0], tokens.plain(), tokens.plain()
        hand.advance(seconds=301)
        assert code(tokens.check, first) == 40001
        tokens.check(second)
        tokens.check(stable)

    def test_bad_tokens(self, hand: HandClock) -> None:
        tokens = Tokens(hand.wall)
        token, _ = tokens.stable()
        assert code(tokens.check, "") == 41001
        assert code(tokens.check, "other") == 40001
        tokens.expire()
        assert code(tokens.check, token) == 42001
        assert tokens.stable()[0] != token


class TestQuotas:
    def test_day_ends_in_shanghai(self, platform: Platform, hand: HandClock) -> None:
        platform.quotas.daily["/x"] = 2
        platform.quotas.count("/x")
        platform.quotas.count("/x")
        assert code(platform.quotas.count, "/x") == 45009
        hand.advance(hours=14, minutes=59)  # 23:59
        assert code(platform.quotas.count, "/x") == 45009
        hand.advance(minutes=1)
        platform.quotas.count("/x")

    def test_ten_resets_a_month(self, platform: Platform) -> None:
        for _ in range(10):
            platform.quotas.reset()
        assert code(platform.quotas.reset) == 48006


DATA = {"thing1": {"value": "示例路施工"}}


class TestNotices:
    def test_no_consent_no_notice(self, platform: Platform) -> None:
        platform.followers.meet(ALICE)
        send = platform.notices.subscribe_send
        assert code(send, "o" * 28, "T", DATA) == 40003
        assert code(send, ALICE, "T", DATA) == 43101
        platform.notices.accept(ALICE, "T", standing=False)
        send(ALICE, "T", DATA)
        assert code(send, ALICE, "T", DATA) == 43101

    def test_standing_consent_until_refused(self, platform: Platform) -> None:
        platform.notices.accept(ALICE)
        platform.followers.happened(ALICE, "unsubscribe", None)
        for _ in range(10):
            platform.notices.subscribe_send(ALICE, "T", DATA)
        platform.notices.reject(ALICE, "T")
        assert code(platform.notices.subscribe_send, ALICE, "T", DATA) == 43101
        platform.notices.subscribe_send(ALICE, "U", DATA)
        platform.notices.reject(ALICE)
        assert code(platform.notices.subscribe_send, ALICE, "U", DATA) == 43101

    def test_a_refused_field_uses_no_consent(self, platform: Platform) -> None:
        platform.notices.accept(ALICE, "T", standing=False)
        assert code(platform.notices.subscribe_send, ALICE, "T", {"thing1": {"value": "长" * 21}}) == 47003
        platform.notices.subscribe_send(ALICE, "T", DATA)

    def test_registered_templates(self, platform: Platform) -> None:
        platform.notices.register(Template("T", "办理进度", {"thing1": "事项", "phrase2": "状态"}))
        platform.notices.accept(ALICE)
        assert code(platform.notices.subscribe_send, ALICE, "U", DATA) == 40037
        assert code(platform.notices.subscribe_send, ALICE, "T", DATA) == 47003
        sent = platform.notices.subscribe_send(ALICE, "T", DATA | {"phrase2": {"value": "已转交"}})
        assert sent.rows == [("事项", "示例路施工"), ("状态", "已转交")]

    def test_template_message(self, platform: Platform, hand: HandClock) -> None:
        platform.followers.meet(ALICE)
        send = platform.notices.template_send
        data = {"first": {"value": "您好"}, "keyword1": {"value": "一\n" + "长" * 30}}
        first = send(ALICE, "T", data, "same")
        assert first.values == {"keyword1": "一 " + "长" * 18}
        assert send(ALICE, "T", data, "same").repeated
        hand.advance(minutes=10)
        assert send(ALICE, "T", data, "same").msg_id != first.msg_id
        platform.followers.happened(ALICE, "unsubscribe", None)
        assert code(send, ALICE, "T", data) == 43004

    @pytest.mark.parametrize(
        ("name", "good", "bad"),
        [
            ("thing1", "字" * 20, "字" * 21),
            ("character_string2", "JN20260302-001", "单号1"),
            ("character_string2", "x" * 32, "x" * 33),
            ("phrase3", "办理中", "正在办理之中"),
            ("phrase3", "已转交", "ok"),
            ("number4", "12.5", "十二"),
            ("letter5", "AB", "A1"),
            ("time6", "2026年3月2日 09:30", "明天"),
            ("time6", "09:30~11:00", "9点半"),
            ("date7", "2026-03-02", "三月"),
            ("amount8", "¥100.50", "一百"),
            ("phone_number9", "0371-12345", "电话"),
            ("name10", "示例名", "名" * 11),
        ],
    )
    def test_fields(self, name: str, good: str, bad: str) -> None:
        fields.check({name: good}, frozenset())
        with pytest.raises(Refused) as caught:
            fields.check({name: bad}, frozenset())
        assert f"data.{name}.value invalid" in caught.value.errmsg


class TestMedia:
    def test_three_days(self, platform: Platform, hand: HandClock) -> None:
        held = platform.media.keep("image", b"x", "image/jpeg", "a.jpg")
        hand.advance(days=3, seconds=-1)
        assert platform.media.get(held.id).content == b"x"
        hand.advance(seconds=1)
        assert code(platform.media.get, held.id) == 40007

    def test_uploads(self, platform: Platform) -> None:
        upload = platform.media.upload
        assert upload("image", b"\xff\xd8\xff.", "image/jpeg", "a.jpg").kind == "image"
        assert code(upload, "image", b"<html>", "image/jpeg", "a.jpg") == 40004
        assert code(upload, "song", b"x", "", "") == 40004
        assert code(upload, "image", b"", "", "") == 41005
        assert code(upload, "thumb", b"\xff\xd8\xff" + bytes(64 << 10), "", "") == 40006


@pytest.mark.parametrize(
    ("buttons", "expected"),
    [
        ([], 40016),
        ([{"name": "一", "type": "click", "key": "k"}] * 4, 40016),
        ([{"name": "名字实在太长了", "type": "click", "key": "k"}], 40018),
        ([{"name": "一", "type": "click"}], 40019),
        ([{"name": "一", "type": "view", "url": "javascript:1"}], 40054),
        ([{"name": "一", "type": "dance"}], 40035),
        ([{"name": "一", "sub_button": [{"name": "二", "type": "click", "key": "k"}] * 6}], 40016),
    ],
)
def test_menu_rules(platform: Platform, buttons: list, expected: int) -> None:
    assert code(platform.menu.create, {"button": buttons}) == expected
    assert code(platform.menu.shown) == 46003


def test_codes_are_for_once_and_five_minutes(platform: Platform, hand: HandClock) -> None:
    query = {"redirect_uri": "http://127.0.0.1/m?a=1", "scope": "snsapi_base", "state": "s1"}
    address = platform.oauth.grant(query, ALICE)
    assert address.startswith("http://127.0.0.1/m?a=1&code=")
    given = address.split("code=")[1].split("&")[0]
    answer = platform.oauth.exchange(given)
    assert answer["openid"] == ALICE
    assert "is_snapshotuser" not in answer
    assert code(platform.oauth.exchange, given) == 40163
    assert code(platform.oauth.exchange, "none") == 40029
    late = platform.oauth.grant(query, ALICE).split("code=")[1].split("&")[0]
    hand.advance(minutes=5)
    assert code(platform.oauth.exchange, late) == 42003


def test_encrypted_account_needs_a_key() -> None:
    with pytest.raises(ValueError):
        Account("wx", "s", "t", mode=Mode.SAFE)
    assert Account.of("wx", "s", "t").mode is Mode.PLAIN
