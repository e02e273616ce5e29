"""Finding the registered commitment that a message speaks of."""

import pytest

from intake.city import City
from intake.commitments.matching import CommitmentIndex, Match, Promise, raised
from intake.registry import load_sample


@pytest.fixture(scope="module")
def index(city: City) -> CommitmentIndex:
    sample = load_sample(city)
    return CommitmentIndex(Promise(c.code, c.title, c.text, c.department) for c in sample.commitments)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("冬天供暖承诺室温不低于18度，我家只有14度", "SL-RL-001"),
        ("你们说背街的路灯48小时内修复，坏了一个多月没人管", "SL-CG-001"),
        ("老旧小区改造年内完成，到现在管网还没动", "SL-ZJ-001"),
        ("农民工工资春节前清欠，我们的欠薪还没办结", "SL-RS-001"),
        ("高新技术企业认定奖励一年了没发", "SL-KJ-001"),
        ("大学生毕业来新乡的安家补贴一直不到账", "SL-RS-002"),
        ("二手房过户登记说好当日办结，等了十天", "SL-ZR-001"),
        ("停水不提前通知，爆管了一天没抢修", "SL-GS-001"),
        ("乡镇卫生院周末没有门诊", "SL-WJ-001"),
        ("招商时承诺的优惠事项换了领导就不兑现", "SL-SW-001"),
        ("耕地地力补贴六月底没发到一卡通", "SL-NY-001"),
        ("公交早晚高峰发车间隔半个小时", "SL-JT-002"),
    ],
)
def test_the_commitment_spoken_of_comes_first(index: CommitmentIndex, text: str, code: str) -> None:
    assert index.best(text)[0].code == code


@pytest.mark.parametrize("text", ["", "你好", "邻居家的狗咬人", "网上买的手机是假货", "👍👍", "123456"])
def test_what_nobody_promised_matches_nothing(index: CommitmentIndex, text: str) -> None:
    assert index.best(text) == []


def test_the_named_unit_decides_between_alike(index: CommitmentIndex) -> None:
    text = "路灯不亮，一直没人修复"
    plain = index.best(text)[0].score
    assert index.best(text, departments=frozenset({"shizheng"}))[0].score > plain


def test_a_match_raises_only_what_half_sounds_like_a_promise() -> None:
    match = [Match("SL-RL-001", 0.6)]
    assert raised(0.4, match) > 0.7
    assert raised(0.1, match) == 0.1
    assert raised(0.4, []) == 0.4
