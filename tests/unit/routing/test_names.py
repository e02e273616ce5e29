"""Units and places, however they are written."""

import pytest

from intake.routing.names import UnitIndex


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("卫辉教育局不给办", "weihui-jiaoyu"),
        ("卫辉的教育局不给办", "weihui-jiaoyu"),
        ("卫辉市教育体育局", "weihui-jiaoyu"),
        ("市里的住建局", "zhujian"),
        ("新乡市住房和城乡建设局", "zhujian"),
        ("长垣市住建局", "changyuan-zhujian"),
        ("辉县公安不立案", "huixian-gongan"),
        ("红旗公安分局的民警", "hongqi-gongan"),
        ("市公安局红旗分局", "hongqi-gongan"),
        ("我住在原阳县城，县教育局答复我", "yuanyang-jiaoyu"),
        ("住建局", "zhujian"),
        ("新乡市红旗区城管局", "hongqi-chengguan"),
        ("卫辉市公安局交警大队", "weihui-jiaojing"),
        ("国网新乡供电公司", "gongdian"),
        ("市监局", "shichang"),
        ("市场监管局", "shichang"),
        ("市监委", "jiwei"),
        ("高新区管委会", "gaoxin-gov"),
        ("封丘招商时当地政府承诺返税", "fengqiu-gov"),
        ("市政府答应的", "shifu"),
        ("12345热线", "rexian"),
    ],
)
def test_a_unit_is_found_however_it_is_called(text: str, code: str, index: UnitIndex) -> None:
    assert [mention.code for mention in index.mentions(text)] == [code]


@pytest.mark.parametrize(
    "text",
    [
        "省教育厅",
        "河南省公安厅",
        "工商银行",
        "郑州市公安局",
        "手机尾号1234567",
        "政府采购",
        "最高人民法院",
        "城管家",
    ],
)
def test_what_only_looks_like_a_unit_is_not_one(text: str, index: UnitIndex) -> None:
    assert index.mentions(text) == ()


def test_a_mention_stands_where_it_says(index: UnitIndex) -> None:
    text = "我去过获嘉的教育局和市里的住建局。"
    assert [text[m.start : m.end] for m in index.mentions(text)] == ["获嘉的教育局", "市里的住建局"]
    assert all(m.text == text[m.start : m.end] for m in index.mentions(text))


def test_places_have_their_full_names_and_the_city_is_none_of_them(index: UnitIndex) -> None:
    found = index.places("新乡市卫辉和新乡县、高新区，不是郑州高新区，也不是太原阳曲")
    assert [place.name for place in found] == ["卫辉市", "新乡县", "高新区"]


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("jiaoyu", "jiaoyu"),
        (" 新乡市教育局 ", "jiaoyu"),
        ("教育局", "jiaoyu"),
        ("卫辉 教体局", "weihui-jiaoyu"),
        ("营商办", "yingshang"),
        ("12345", "rexian"),
        ("县教育局", None),
        ("不知道", None),
        ("", None),
    ],
)
def test_what_an_officer_types_is_resolved_or_refused(words: str, code: str | None, index: UnitIndex) -> None:
    found = index.resolve(words)
    assert (found.code if found else None) == code


def test_every_full_name_leads_to_its_unit(index: UnitIndex) -> None:
    assert [unit.name for unit in index.units.values() if index.resolve(unit.name) != unit] == []
