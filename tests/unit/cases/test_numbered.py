"""What is a list of matters in a text, and what only has numbers in it."""

import pytest

from intake.cases.numbered import numbered


@pytest.mark.parametrize(
    "text",
    [
        "反映两件事：1、路灯坏了一个月；2、垃圾没人清运。",
        "1.路灯坏了一个月\n2.垃圾没人清运",
        "（1）路灯坏了一个月（2）垃圾没人清运",
        "①路灯坏了一个月②垃圾没人清运",
        "一是路灯坏了一个月，二是垃圾没人清运",
        "第一，路灯坏了一个月。第二，垃圾没人清运",
        "第一个是路灯坏了一个月，第二个是垃圾没人清运",
    ],
)
def test_numbered_matters_are_told_apart(text: str) -> None:
    assert numbered(text) == ["路灯坏了一个月", "垃圾没人清运"]


@pytest.mark.parametrize(
    "text",
    [
        *("", "路灯坏了", "路灯坏了1.5公里", "1号楼2号楼停水", "一、二楼都漏水很久了", "1、2、3号楼全部停水"),
        *("第一，路灯坏了很久。", "楼号：1，2，3，都停水了", "2、路灯坏了很久；3、垃圾没人清运"),
    ],
)
def test_numbers_alone_are_no_matters(text: str) -> None:
    assert numbered(text) == []
