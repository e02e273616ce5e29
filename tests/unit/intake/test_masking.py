"""What points to the writer goes; what the office needs stays."""

import pytest

from intake.masking import masked


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("请打我电话13800000000联系", "13800000000"),
        ("电话 138-0000-0000", "138-0000-0000"),
        ("我叫王小明，住在红旗区", "王小明"),
        ("姓名：李四，电话无", "李四"),
        ("本人张三丰，是城中村村民", "张三丰"),
        ("身份证410702199001011234请核实", "410702199001011234"),
        ("邮箱 someone@example.com", "someone@example.com"),
        ("座机0373-3333333", "0373-3333333"),
        ("微信号abc_12345", "abc_12345"),
        ("盼回复。此致 敬礼 赵六", "赵六"),
        ("路灯一直不亮，请尽快修好。\n张小三", "张小三"),
        ("路灯一直不亮，请尽快修好。\n李四\n2026年3月1日", "李四"),
        ("请尽快修好！王小明 3月5日", "王小明"),
    ],
)
def test_what_points_to_the_writer_is_hidden(text: str, secret: str) -> None:
    assert secret not in masked(text)


@pytest.mark.parametrize(
    "text",
    [
        "住建局承诺2026年3月底前交房，至今没有动静",
        "我是高中教师，政策说补贴3000元",
        "单号TS20261123000423查不到",
        "我是方便的，随时可以来",
        "路灯一直不亮。\n马庄村",
        "这条路一直没修。\n高新区",
        "承诺的事没办。石油",
        "化工路188号院供热不热，楼号12，温度14度",
        "招商引资协议第3条约定返还税收120万元",
    ],
)
def test_what_the_office_needs_stays(text: str) -> None:
    assert masked(text) == text
