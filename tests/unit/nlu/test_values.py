"""Order numbers, phones, dates and amounts, as people type them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.nlu.values import entities

TODAY = date(2026, 11, 23)


def found(text: str, kind: str, today: date = TODAY) -> list[str | float]:
    return [entity.value for entity in entities(text, today=today) if entity.kind == kind]


@pytest.mark.parametrize(
    "typed",
    [
        "TS20261123000423",
        "ts20261123000423",
        "TS 20261123 00042 3",
        "ts-2026-1123-000423",
        "t s 2026 11 23 000 423",
        "ＴＳ２０２６１１２３０００４２３",
        "TS：20261123000423",
        "单号TS20261123000423，请查",
        "进度TS20261123000423",
        "TS20261123000423号",
    ],
)
def test_tracking_number_is_read_however_it_is_typed(typed: str) -> None:
    assert found(typed, "tracking_no") == ["TS20261123000423"]


@pytest.mark.parametrize("typed", ["zx20260308000117", "JY-2026-0308-000117"])
def test_other_prefixes(typed: str) -> None:
    assert found(typed, "tracking_no")[0].endswith("20260308000117")


@pytest.mark.parametrize(
    "typed", ["20261123000423", "TS2026112300042", "TS202611230004231", "ATS20261123000423"]
)
def test_what_is_no_tracking_number(typed: str) -> None:
    assert found(typed, "tracking_no") == []


def test_several_tracking_numbers() -> None:
    text = "TS20261123000423和zx20260308000117"
    assert found(text, "tracking_no") == ["TS20261123000423", "ZX20260308000117"]


@pytest.mark.parametrize(
    "typed",
    [
        "13800000000",
        "138 0000 0000",
        "138-0000-0000",
        "１３８００００００００",
        "+86 13800000000",
        "电话13800000000。",
    ],
)
def test_phone(typed: str) -> None:
    assert found(typed, "phone") == ["13800000000"]


@pytest.mark.parametrize(
    "typed", ["138000000000", "410702199001010011", "12345", "12800000000", "TS20261380000000"]
)
def test_what_is_no_phone(typed: str) -> None:
    assert found(typed, "phone") == []


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026年3月31日", "2026-03-31"),
        ("2026年3月31号前", "2026-03-31"),
        ("2026-3-31", "2026-03-31"),
        ("2026/03/31之前", "2026-03-31"),
        ("2026.3.31", "2026-03-31"),
        ("二〇二六年三月三十一日", "2026-03-31"),
        ("２０２６年３月３１日", "2026-03-31"),
        ("2026年2月", "2026-02-28"),
        ("2024年2月底", "2024-02-29"),
        ("2027年3月中旬", "2027-03-20"),
        ("2027年三月上旬", "2027-03-10"),
        ("2026年底", "2026-12-31"),
        ("2027年上半年", "2027-06-30"),
        ("2025年第三季度", "2025-09-30"),
        ("去年底", "2025-12-31"),
        ("去年年底", "2025-12-31"),
        ("前年10月", "2024-10-31"),
        ("今年6月", "2026-06-30"),
        ("今年6月底前", "2026-06-30"),
        ("明年上半年", "2027-06-30"),
        ("明年3月15日", "2027-03-15"),
        ("3月底前", "2027-03-31"),
        ("三月底之前", "2027-03-31"),
        ("12月底前", "2026-12-31"),
        ("11月底", "2026-11-30"),
        ("12月25号", "2026-12-25"),
        ("十二月三十一号", "2026-12-31"),
        ("8月份", "2026-08-31"),
        ("4月份", "2027-04-30"),
        ("年底前", "2026-12-31"),
        ("月底前", "2026-11-30"),
        ("本月底", "2026-11-30"),
        ("下个月底", "2026-12-31"),
        ("下月5号", "2026-12-05"),
        ("三年前", "2023-11-23"),
        ("半年前", "2026-05-23"),
        ("2个月前", "2026-09-23"),
        ("10天内", "2026-12-03"),
        ("请在三天之内答复", "2026-11-26"),
        ("一个星期之内", "2026-11-30"),
        ("昨天", "2026-11-22"),
        ("大前天", "2026-11-20"),
        ("后天", "2026-11-25"),
        ("本周五", "2026-11-27"),
        ("下周一", "2026-11-30"),
        ("上星期天", "2026-11-22"),
        ("国庆节前", "2026-10-01"),
        ("元旦之前", "2027-01-01"),
    ],
)
def test_date(text: str, day: str) -> None:
    assert found(text, "due_date") == [day]


@pytest.mark.parametrize(
    "text", ["他们今天又来闹了一回，快来人", "请撤掉我昨天提交的那件诉求", "今天天气咋样啊你们说"]
)
def test_a_day_on_which_something_happened_is_no_date_due(text: str) -> None:
    assert found(text, "due_date") == []


def test_a_day_behind_is_due_where_it_ends_a_term() -> None:
    assert found("通知上写的办理期限截止到昨天，可窗口没开门", "due_date") == ["2026-11-22"]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("说好3月底前修好，到现在没动静", "2026-03-31"),
        ("承诺12月底前给，至今没给", "2025-12-31"),
        ("公示写的年底前完成，一直没完成", "2025-12-31"),
        ("头年少给了一截，今年又让自己垫钱，说年底报销，到现在没见", "2026-12-31"),
        ("年初说下半年开业，到现在还在装修", "2026-12-31"),
        ("横幅写着五一前投入使用，五一过了门还围着", "2026-05-01"),
        ("贴牌说年底前清淤，眼下还没到期", "2026-12-31"),
        ("2024年签的合同，写着年底交房，一直没交", "2024-12-31"),
        ("合同写着每年十月底前付清，今年一分没见", "2026-10-31"),
        ("说八月底前发到位，连短信都没收到", "2026-08-31"),
    ],
)
def test_date_without_a_year_lies_behind_when_the_text_says_so(text: str, day: str) -> None:
    assert found(text, "due_date") == [day]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("公示九月底前硬化到组", "2026-09-30"),
        ("法院5月18日判的", "2026-05-18"),
        ("4月底前拆完", "2027-04-30"),
    ],
)
def test_of_a_date_without_a_year_the_nearer_one_is_meant(text: str, day: str) -> None:
    assert found(text, "due_date") == [day]


def test_month_is_read_against_the_day_of_asking() -> None:
    assert found("3月底前", "due_date", date(2026, 2, 1)) == ["2026-03-31"]
    assert found("3月底前", "due_date", date(2026, 3, 31)) == ["2026-03-31"]
    assert found("3月底前", "due_date", date(2026, 4, 1)) == ["2026-03-31"]
    assert found("3月底前", "due_date", date(2026, 10, 20)) == ["2027-03-31"]


@pytest.mark.parametrize(
    "text",
    [
        "2月30日",
        "2026年13月",
        "3个月了",
        "一年多",
        "1.5公里",
        "3号楼",
        "十五个月",
        "上个月交的材料",
        "合同写七日内退款",
        "前三季度只发了一回",
    ],
)
def test_what_is_no_date(text: str) -> None:
    assert found(text, "due_date") == []


@pytest.mark.parametrize(
    ("text", "yuan"),
    [
        ("三十万", 300000),
        ("30w", 300000),
        ("30W", 300000),
        ("30万元", 300000),
        ("1.2亿", 120000000),
        ("5000元", 5000),
        ("5,000元", 5000),
        ("５０００元", 5000),
        ("两千块", 2000),
        ("两千块钱", 2000),
        ("一万二", 12000),
        ("三千五百元", 3500),
        ("三万五千元", 35000),
        ("3万5", 35000),
        ("3.5万", 35000),
        ("￥3,000", 3000),
        ("¥ 99.5", 99.5),
        ("一百二十万元", 1200000),
        ("120多万元", 1200000),
        ("三千多块", 3000),
        ("一块五", 1.5),
        ("3块5", 3.5),
        ("欠我80块", 80),
        ("两千万", 20000000),
        ("3千元", 3000),
        ("一亿二", 120000000),
        ("被多收1800了", 1800),
        ("卡里还有两千六不退", 2600),
        ("工资还是一千九，说等通知", 1900),
        ("每个月六百，发了三年", 600),
        ("停车罚200", 200),
        ("每户补四千，到手里没见", 4000),
        ("年卡三千六谁给退", 3600),
        ("那一千五去哪了", 1500),
        ("超时要收五毛", 0.5),
        ("一度电多收2毛钱", 0.2),
        ("一度五毛六", 0.56),
        ("安装费2200，线头还露着", 2200),
        ("收押金6980，说能报", 6980),
        ("非让俺掏一米260，不掏就堵门", 260),
        ("850一吨的差价没补", 850),
        ("1999的卡打了四回", 1999),
        ("保底八千，跑满了不给", 8000),
        ("冬装一套三百六十八，算自愿吗", 368),
        ("不打表张口就要五十", 50),
        ("说多给两千能排前面", 2000),
        ("包月一个月扣她八十多", 80),
        ("学校还要抽两百的管理费", 200),
        ("让买50块一盒的外敷膏", 50),
        ("买袋瓜子39，一半是空壳", 39),
        ("一栋补3000，直接打到账上", 3000),
    ],
)
def test_amount(text: str, yuan: float) -> None:
    assert found(text, "amount_yuan") == [yuan]


@pytest.mark.parametrize(
    "text",
    [
        "30万平方米",
        "2万人",
        "十万火急",
        "千万不要",
        "万一",
        "三块地",
        "我们一块去",
        "5000人",
        "3号楼",
        "K2路",
        "十几万",
        "三百来户",
        "三百五户",
        "工资2000年没发",
        "每个月十五发工资",
        "每个月15的时候",
        "工资二十号发",
        "交了十五天",
        "打了12345没人接",
        "收了两次都没用",
        "一千五百人",
        "亩产一千四，浇水不够",
        "血压一百八，头晕",
        "墙皮一块一块往下掉",
        "视频十万赞了",
        "打了五次12345，每次都是已转办",
        "猫有三毛色",
        "材料交12345，没有回音",
        "每年八一在公交上播一周口述",
    ],
)
def test_what_is_no_amount(text: str) -> None:
    assert found(text, "amount_yuan") == []


def test_one_message_with_everything() -> None:
    text = "单号 ts20261123000423，电话138 0000 0000，去年底说好给30万，3月底前付清，到现在没给"
    kinds = {entity.kind: entity.value for entity in entities(text, today=TODAY)}
    assert kinds == {
        "tracking_no": "TS20261123000423",
        "phone": "13800000000",
        "amount_yuan": 300000,
        "due_date": "2026-03-31",
    }


ODD = (
    "０１２３年月日号底前内个块元万亿千百十一二三两半去今明下上本周星期季度"
    "TSZXJYtsw0123456789-－ ./,，。多余第国庆ſ²٣"
)


@given(st.text() | st.text(alphabet=ODD, max_size=60), st.dates(date(1, 1, 1), date(9999, 12, 31)))
def test_no_text_raises_and_every_entity_stands_where_it_says(text: str, today: date) -> None:
    last = 0
    for entity in entities(text, today=today):
        assert text[entity.start : entity.end] == entity.text != ""
        assert entity.start >= last, "entities overlap"
        last = entity.end
        if entity.kind == "due_date":
            assert date.fromisoformat(str(entity.value))
