"""Whose promise a message is about, and how it was broken."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.nlu.pledges import promise_phrase
from bot.nlu.promise import about_commitment, breaches
from storage.vocab import Breach


@pytest.mark.parametrize(
    ("text", "worst"),
    [
        ("招商时说好免三年租金，来了以后一条都不认", Breach.B2),
        ("县里引进人才的安家费两年了一分没发", Breach.B2),
        ("前任书记签的协议，换了领导就不认账了", Breach.B3),
        ("新官不理旧账，政府签的合同没人管", Breach.B3),
        ("粮补从去年就停发了，镇里说没钱", Breach.B4),
        ("法院判决镇政府赔偿，镇政府一直不履行判决", Breach.A2),
        ("政务大厅承诺5个工作日办结，一个月了没办好", Breach.B5),
        ("教育局公示今年9月建好学校，到现在还没动工", Breach.B5),
        ("镇政府拖欠工程款三年不给", Breach.B4),
        ("环保局公示已整改完成，实际根本没动", Breach.A1),
    ],
)
def test_a_broken_public_promise(text: str, worst: Breach) -> None:
    assert about_commitment(text, "complaint") >= 0.5
    assert breaches(text, "complaint")[0][0] is worst


@pytest.mark.parametrize(
    "text",
    [
        "楼下烧烤店太吵了",
        "开发商承诺今年交房，到现在没交",
        "物业答应退钱又不退",
        "老板拖欠工资不给",
        "4S店说好送保养不兑现",
        "网上买的手机是假货",
        "邻居家的狗咬人",
    ],
)
def test_a_private_grievance_is_no_commitment(text: str) -> None:
    assert about_commitment(text, "complaint") < 0.5
    assert breaches(text, "complaint") == ()


def test_small_talk_is_about_nothing() -> None:
    assert about_commitment("政府承诺的路修好了，谢谢", "thanks") == 0.0


def test_questions_and_suggestions_have_no_breaches() -> None:
    assert breaches("请问政府承诺的加装电梯补贴现在怎么申请", "inquiry") == ()
    assert breaches("招商时政府承诺的奖补至今没兑现", "suggestion") == ()


def test_a_broken_promise_told_as_a_question_keeps_its_breach() -> None:
    text = "招商时政府承诺的奖补至今没兑现，请问什么时候给"
    assert breaches(text, "inquiry")[0][0] is Breach.B2


@given(st.text(), st.sampled_from(["complaint", "inquiry", "greet"]))
def test_scores_stay_between_0_and_1(text: str, intent: str) -> None:
    assert 0.0 <= about_commitment(text, intent) <= 1.0
    assert all(0.0 < score <= 1.0 for _, score in breaches(text, intent))


@pytest.mark.parametrize(
    "text",
    [
        "冬天供暖承诺室温不低于18度，可我家只有14度",
        "你们承诺过48小时内修好",
        "俺村的路三年前就说修，到现在也没动静",
        "當初招商說好的稅收優惠，現在一概不認",
    ],
)
def test_a_promise_in_any_words(text: str) -> None:
    assert about_commitment(text, "complaint") >= 0.5


@pytest.mark.parametrize(
    "text", ["政府没承诺过我什么，就是这路口太堵", "没有人答应过要修，反正这路灯一直不亮"]
)
def test_what_nobody_promised_is_no_promise(text: str) -> None:
    assert about_commitment(text, "complaint") < 0.5


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("你好，镇政府去年答应给我们装路灯，到现在没装", "镇政府去年答应给我们装路灯"),
        ("开发商说好送车位，街道答应修路也没修", "街道答应修路也没修"),
        ("我要投诉。公告牌上写人民路三月底通车，还围着挡板", "公告牌上写人民路三月底通车"),
        ("楼下烧烤店太吵了", ""),
    ],
)
def test_what_was_promised_in_the_citizens_words(text: str, what: str) -> None:
    assert promise_phrase(text) == what


def test_a_hundred_thousand_characters_take_no_time() -> None:
    begun = time.perf_counter()
    about_commitment("政府承诺修路没修，村里说法院判了也不给钱。" * 5000, "complaint")
    assert time.perf_counter() - begun < 0.2
