"""Which words of a message name a unit: the expressions that Rasa is trained with (nlu_data/nlu)."""

import re
from pathlib import Path

import pytest
import yaml

WRITTEN = Path(__file__).parents[3] / "nlu_data" / "nlu" / "department.yml"
EXPRESSIONS = [
    re.compile(line.removeprefix("- "))
    for part in yaml.safe_load(WRITTEN.read_text(encoding="utf-8"))["nlu"]
    for line in part["examples"].splitlines()
]


def longest(text: str) -> list[str]:
    """The names in order; of overlapping ones the longest, as the service keeps them."""
    found = [match for expression in EXPRESSIONS for match in expression.finditer(text)]
    found.sort(key=lambda match: (match.start() - match.end(), match.start()))
    kept: list[re.Match[str]] = []
    for match in found:
        if not any(match.start() < other.end() and other.start() < match.end() for other in kept):
            kept.append(match)
    return [match[0] for match in sorted(kept, key=lambda match: match.start())]


@pytest.mark.parametrize(
    ("text", "units"),
    [
        ("原阳县教育局不给办", ["原阳县教育局"]),
        ("市里的住建局来过一趟", ["市里的住建局"]),
        ("民政说卡上的字错了", ["民政"]),
        ("求消防的来查查", ["消防"]),
        ("环保推城管，城管又推环保", ["环保", "城管", "环保"]),
        ("请环保和自然资源的一块儿来", ["环保", "自然资源"]),
        ("工资由人社拨到镇上", ["人社"]),
        ("大数据部门牵个头", ["大数据部门"]),
        ("乡镇卫生院没有药", ["乡镇卫生院"]),
        ("辉县市医院的号难挂", ["辉县市医院"]),
        ("夜里博物馆开门吗", ["博物馆"]),
        ("清欠专班让我们报了三次表", ["清欠专班"]),
        ("官司打到中院，判我们胜诉", ["中院"]),
    ],
)
def test_units_are_heard_in_everyday_words(text: str, units: list[str]) -> None:
    assert longest(text) == units


@pytest.mark.parametrize(
    "text",
    [
        "消防通道被堵了",
        "医保怎么交",
        "新乡是交通发达的地方",
        "交通、教育、医疗都不方便",
        "让教育发展得更好",
        "请规划一条公交线",
        "规划说明书在哪看",
        "财政推广一卡通",
        "交通让人头疼",
        "社区医院怎么去",
        "四合院中院漏雨",
    ],
)
def test_the_bare_word_of_a_field_is_no_unit(text: str) -> None:
    assert longest(text) == []
