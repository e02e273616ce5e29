"""A few words to begin with: what is wrong is a matter at once, what is only said is none."""

import pytest

from .conftest import Citizen

WRONG = (
    *("路灯坏了", "停水了", "停电三天了", "噪音太大", "垃圾没人管", "下水道堵了", "井盖丢了", "暖气不热"),
    *("公交不来", "物业乱收费", "工地扰民", "楼道漏水", "路面塌了", "红绿灯坏了", "没暖气", "小区没水"),
    *("垃圾堆成山", "油烟扰民", "广场舞太吵", "老板拖欠工资", "大树倒了", "电梯坏了", "停气了", "河水发臭"),
    *("厕所太脏", "小区乱停车", "占道经营", "学校乱收费", "楼上漏水", "健身器材坏了"),
)
SAID = (
    *("你好吗", "在吗", "好的", "谢谢", "嗯", "知道了", "哦", "再见", "明白了", "你是谁", "测试", "哈哈"),
    *("辛苦了", "收到", "早上好", "有人吗", "什么意思", "不用了", "没事了", "可以"),
)


@pytest.mark.parametrize("words", WRONG)
async def test_what_is_wrong_comes_to_the_confirmation_at_once(citizen: Citizen, words: str) -> None:
    shown = await citizen.say(words)
    assert "类型：投诉举报" in shown.text
    assert words in shown.text


@pytest.mark.parametrize("words", SAID)
async def test_what_is_only_said_begins_nothing(citizen: Citizen, words: str) -> None:
    await citizen.say(words)
    assert citizen.state.draft is None
