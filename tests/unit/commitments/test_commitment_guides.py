"""Files of service guides, as YAML and as tables."""

from pathlib import Path
from typing import Any

import pytest

from intake.city import City
from intake.commitments.guides import parse_guides
from intake.commitments.tables import Parsed
from intake.registry import SAMPLE

GOOD = """
guides:
  - code: ZN-1
    title: 义务教育入学报名
    department: 市教育局
    steps: [网上填报, "2、到校报到", 3.5公里内就近入学]
    documents: [户口簿]
    phone: 12345
"""


def rows(parsed: Parsed) -> list[dict[str, Any]]:
    assert parsed.report() == []
    return [values for batch in parsed.rows.batches() for _, values in batch]


def write(folder: Path, text: str, name: str = "guides.yml") -> Path:
    path = folder / name
    path.write_text(text, "utf-8")
    return path


def test_yaml(tmp_path: Path, city: City) -> None:
    assert rows(parse_guides(write(tmp_path, GOOD), city)) == [
        {
            "code": "ZN-1",
            "title": "义务教育入学报名",
            "department": "jiaoyu",
            "steps": ["网上填报", "到校报到", "3.5公里内就近入学"],
            "cautions": [],
            "documents": ["户口簿"],
            "place": "",
            "time_limit": "",
            "phone": "12345",
        }
    ]


def test_the_sample_of_the_service_is_such_a_file(city: City) -> None:
    assert parse_guides(SAMPLE, city).rows.count >= 1


def test_a_table_takes_one_item_a_line(tmp_path: Path, city: City) -> None:
    header = "code,title,department,steps,cautions,documents,place,time_limit,phone\n"
    row = 'ZN-1,入学报名,教育局,"1. 网上填报\n\n2. 到校报到",,"户口簿\n接种证",市民中心,5 个工作日,\n'

    found = rows(parse_guides(write(tmp_path, header + row, "guides.csv"), city))[0]

    assert found["steps"] == ["网上填报", "到校报到"]
    assert found["documents"] == ["户口簿", "接种证"]
    assert found["cautions"] == []


@pytest.mark.parametrize(
    ("text", "where", "reason"),
    [
        (GOOD.replace("市教育局", "某某局"), "第 1 行 department", "没有这个单位"),
        (GOOD.replace('[网上填报, "2、到校报到", 3.5公里内就近入学]', "[]"), "第 1 行 steps", "至少填写一条"),
        (GOOD.replace("[户口簿]", "[{a: b}]"), "第 1 行 documents", "不是文字"),
        (GOOD.replace("title: 义务教育入学报名", "title: [甲]"), "第 1 行 title", "不是文字"),
        (GOOD.replace("documents", "papers"), "第 1 行 papers", "不认识这个名称"),
        (GOOD.replace("  - code", "  - x\n  - code"), "第 1 行", "名称: 内容"),
        ("guides: []", "文件 guides", "要有一个列表"),
        ("- a", "文件 guides", "要有一个列表"),
        ("guides: [", "第 1 行", "YAML 写法有误"),
        ("a: !!python/object:os.system {}", "第 1 行", "YAML 写法有误"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, city: City, text: str, where: str, reason: str) -> None:
    parsed = parse_guides(write(tmp_path, text), city)

    assert parsed.rows.count == 0
    assert where in parsed.report()[1]
    assert reason in parsed.report()[1]
