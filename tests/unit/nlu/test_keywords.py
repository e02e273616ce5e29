"""The rules that answer while Rasa is away."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.nlu.keywords import intent
from bot.nlu.port import INTENTS


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("楼下烧烤摊天天吵到半夜，没人管", "complaint"),
        ("停工一年了什么时候能交房", "complaint"),
        ("拖欠工资三个月不给", "complaint"),
        ("人社局说好的补贴到现在没到账", "complaint"),
        ("请问老年公交卡怎么办理，需要什么材料？", "inquiry"),
        ("公积金贷款首付比例是多少", "inquiry"),
        ("建议在学校门口增设红绿灯", "suggestion"),
        ("能不能增加公交班次", "suggestion"),
        ("进度", "check_status"),
        ("TS20261123000423", "check_status"),
        ("我的投诉处理得怎么样了", "check_status"),
        ("催办", "urge"),
        ("帮我催一下承办单位", "urge"),
        ("补充 车牌号我记错了", "supplement"),
        ("撤回", "withdraw"),
        ("不投诉了", "withdraw"),
        ("评价 5", "rate"),
        ("非常满意", "rate"),
        ("关注 供暖改造", "follow_commitment"),
        ("转人工", "request_human"),
        ("是的", "affirm"),
        ("中", "affirm"),
        ("好的。", "affirm"),
        ("不是", "deny"),
        ("不中", "deny"),
        ("你好", "greet"),
        ("恁好！", "greet"),
        ("谢谢", "thanks"),
        ("再见", "goodbye"),
        ("帮助", "help"),
        ("你能干什么", "help"),
        ("着火了快来人", "emergency"),
        ("今天天气怎么样", "out_of_scope"),
        ("", "out_of_scope"),
    ],
)
def test_daily_messages(text: str, expected: str) -> None:
    assert intent(text)[0] == expected


def test_a_long_complaint_that_thanks_stays_a_complaint() -> None:
    text = "楼上漏水漏了半年，物业推诿，社区也不管，家里墙都发霉了，老人住不了。" * 3 + "请尽快处理，谢谢"
    assert intent(text)[0] == "complaint"


@given(st.text())
def test_any_text_gets_a_known_intent(text: str) -> None:
    name, confidence = intent(text)
    assert name in INTENTS
    assert 0 < confidence < 1
