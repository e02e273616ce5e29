"""How a reporter asks to be kept is heard wherever it stands, and what the unit will see is said truly."""

import pytest

from .conftest import Citizen, heard

MATTER = "市住建局办证乱收费"


@pytest.mark.parametrize(
    ("words", "mode"),
    [
        (f"保密举报：{MATTER}", "保密"),
        (f"保密投诉{MATTER}", "保密"),
        (f"{MATTER}，保密", "保密"),
        (f"{MATTER}，别说是我说的", "保密"),
        (f"{MATTER}，不想暴露身份", "保密"),
        (f"请为我保密，{MATTER}", "保密"),
        (f"我想匿名，{MATTER}", "匿名"),
        (f"{MATTER}，匿名", "匿名"),
        (f"不想留名，{MATTER}", "匿名"),
        (f"我要匿名举报{MATTER}", "匿名"),
        (MATTER, "实名"),
        ("示例医院泄露学生信息，不要泄露学生信息", "实名"),
        ("示例路派出所对保密工作不上心，乱收费", "实名"),
    ],
)
async def test_the_wish_is_heard_in_the_telling(citizen: Citizen, words: str, mode: str) -> None:
    assert f"方式：{mode}" in (await citizen.say(words, heard("complaint"))).text


async def test_who_writes_a_phone_into_the_matter_is_told_that_the_unit_reads_it(citizen: Citizen) -> None:
    shown = await citizen.say("我叫李示例，电话13800000000，平原路停水两天了", heard("complaint"))
    assert "您写在里面的姓名、电话也在内" in shown.text
    assert "您没留姓名电话" not in shown.text
    assert "能看出您是谁的字会遮住" in (await citizen.say("保密")).text
