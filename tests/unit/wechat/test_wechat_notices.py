import re
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.wechat.menu import KEYS, account_menu, menu_faults
from bot.wechat.notices import FACTS, NOTICES, SAMPLE, NoticeIncomplete, NoticesInvalid, fill, load_notices
from bot.wechat.template_values import fit, kind_of

STATED = {
    "tracking_no": "TS20261123000423",
    "what": "示例小区供暖承诺一直没有兑现，请尽快处理并给出书面答复",
    "state": "已登记待受理",
    "department": "示例市住房和城乡建设局",
    "due": "2026-12-14",
    "date": datetime(2026, 11, 23, 6, 30, tzinfo=UTC).isoformat(),
    "next": "三个工作日内转到承办单位😀",
    "title": "老旧小区改造",
}


def written(tmp_path, text: str):
    path = tmp_path / "notices.yml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_sample_fills_every_notice_within_the_platforms_limits():
    notices = load_notices(SAMPLE)
    assert tuple(notices) == NOTICES
    assert fill(notices["filed"], STATED) == {
        "character_string1": {"value": "TS20261123000423"},
        "thing2": {"value": "示例小区供暖承诺一直没有兑现，请尽快处…"},
        "phrase3": {"value": "已登记"},
        "date4": {"value": "2026年11月23日 14:30"},
        "thing5": {"value": "三个工作日内转到承办单位"},
    }
    for notice in notices.values():
        for key, value in fill(notice, STATED).items():
            assert value["value"]
            assert len(value["value"]) <= {"thing": 20, "phrase": 5}.get(kind_of(key) or "", 32)


def test_a_mapping_may_name_facts_bare_and_leave_notices_out(tmp_path):
    path = written(
        tmp_path, "closed: {via: template, id: T1, fields: {keyword1: tracking_no, thing2: '{what}'}}"
    )
    notices = load_notices(path)
    assert list(notices) == ["closed"]
    assert notices["closed"].via == "template"
    assert fill(notices["closed"], STATED)["keyword1"] == {"value": "TS20261123000423"}


def test_every_fault_of_a_mapping_is_told_at_once(tmp_path):
    path = written(
        tmp_path,
        "filed: {via: email, id: '', fields: {first1: x, thing2: '{whatever}', date3: 5}}\n"
        "closed: {via: subscribe, id: T, fields: {}, colour: red}\nunheard: {}\nquestion: 1\n",
    )
    with pytest.raises(NoticesInvalid) as caught:
        load_notices(path)
    text = "\n".join(caught.value.faults)
    for word in ("via", "id", "first1", "whatever", "date3", "colour", "fields", "unheard", "question"):
        assert word in text
    assert len(caught.value.faults) == 9


@pytest.mark.parametrize("text", ["", "[1]", "a: [", "just words"])
def test_a_file_that_is_no_mapping_is_refused(tmp_path, text):
    with pytest.raises(NoticesInvalid):
        load_notices(written(tmp_path, text))
    with pytest.raises(NoticesInvalid):
        load_notices(tmp_path / "absent.yml")


def test_a_field_nothing_fits_is_found_before_sending(tmp_path):
    notices = load_notices()
    with pytest.raises(NoticeIncomplete) as caught:
        fill(notices["filed"], {**STATED, "date": "以后"})
    assert (caught.value.notice, caught.value.key) == ("filed", "date4")
    assert fill(notices["filed"], {**STATED, "next": "😀"})["thing5"]["value"] == "请到公众号内查看"


@pytest.mark.parametrize(
    ("key", "given", "fits"),
    [
        ("thing1", "第一行\n第二行\x00", "第一行 第二行"),
        ("thing1", "面积100㎡，室温18℃", "面积100㎡，室温18℃"),
        ("thing1", "好☀️" * 15, "好" * 15),
        ("character_string1", "ＴＳ-２０２６ 单号", "TS-2026"),
        ("character_string1", "单号", ""),
        ("phrase1", "已登记待受理", "已登记待受"),
        ("phrase1", "OK 办结", "办结"),
        ("name1", "欧阳 示例Li", "欧阳示例"),
        ("name1", "Li Ming 3", "Li Ming"),
        ("number1", "共 1,234.5 件", "1234.5"),
        ("amount1", "￥1,200.50元", "¥1200.50元"),
        ("amount1", "12345678901元", ""),
        ("date1", "2026-3-31", "2026年3月31日"),
        ("date1", "2026年3月31日前", "2026年3月31日"),
        ("date1", "2026-02-30", ""),
        ("date1", "2026-12-14T15:59:59+00:00", "2026年12月14日 23:59"),
        ("time1", "2026-03-31", "2026年3月31日 23:59"),
        ("time1", "2026年3月31日 9:05", "2026年3月31日 09:05"),
        ("time1", "15:01", "15:01"),
        ("time1", "25:01", ""),
        ("phone_number1", "000-000 转 1", "000-000  1"),
        ("letter1", "abc-1", "abc"),
        ("symbol1", "a_!?", "!?"),
        ("car_number1", "豫G·00000示例", "豫G00000示"),
    ],
)
def test_values_are_cut_and_cleaned_to_their_kind(key, given, fits):
    assert fit(key, given) == fits


@pytest.mark.parametrize("key", ["first", "remark", "thing", "Thing1", "thing1 ", "colour1"])
def test_keys_no_template_has(key):
    assert kind_of(key) is None


DAY, CLOCK = r"\d{4}年\d{1,2}月\d{1,2}日", r"\d{2}:\d{2}"
TAKEN = {
    "thing": r"\S.{0,19}",
    "const": r"\S.{0,19}",
    "keyword": r"\S.{0,19}",
    "character_string": r"[!-~ ]{1,32}",
    "letter": r"[A-Za-z]{1,32}",
    "symbol": r"[^\w\s]{1,5}",
    "number": r"-?[0-9.]{1,32}",
    "amount": r"[¥$€£]?(?=[0-9.]{1,11}元?$)[0-9]{1,10}(\.[0-9]{1,2})?元?",
    "phone_number": r"[0-9+\-() ]{1,17}",
    "car_number": r"[A-Z0-9\u4e00-\u9fff]{1,8}",
    "name": r"[\u4e00-\u9fff]{1,10}|[A-Za-z. ]{1,20}",
    "phrase": r"[\u4e00-\u9fff]{1,5}",
    "date": rf"{DAY}( {CLOCK})?",
    "time": rf"({DAY} )?{CLOCK}",
}
WRITTEN = st.text(max_size=60) | st.text(alphabet="0123456789-:.,年月日元￥ T+aA字😀_", max_size=60)


@pytest.mark.parametrize("kind", TAKEN)
@given(text=WRITTEN)
def test_whatever_is_written_the_value_is_of_its_kind_or_none(kind, text):
    value = fit(f"{kind}1", text)
    assert not value or re.fullmatch(TAKEN[kind], value)


@given(st.dictionaries(st.sampled_from(FACTS), st.text(max_size=60)))
def test_facts_are_never_read_as_templates(facts):
    notices = load_notices()
    try:
        data = fill(notices["question"], facts | {"tracking_no": "TS1", "what": "{state}", "state": "机密"})
    except NoticeIncomplete:
        return
    assert data["thing2"] == {"value": "{state}"}


def test_the_menu_keeps_the_platforms_limits_and_says_every_key_once():
    menu = account_menu("https://e.cn/")
    assert menu_faults(menu) == []
    below = [each for button in menu["button"] for each in button["sub_button"]]
    assert tuple(each["key"] for each in below if each["type"] == "click") == KEYS
    assert all(each["url"].startswith("https://e.cn/m/") for each in below if each["type"] == "view")


def test_a_menu_the_platform_would_refuse_is_found_out():
    click = {"type": "click", "name": "一", "key": "k"}
    faulty = {
        "button": [
            {"name": "一二三四五", "sub_button": [click] * 6},
            {"name": "好", "type": "view", "url": "weixin://x"},
            {"name": "好", "type": "click", "key": "k" * 129},
            {"name": "好", "type": "scan"},
        ]
    }
    assert len(menu_faults(faulty)) == 6
    assert menu_faults({})
