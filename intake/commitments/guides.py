"""Files of service guides (办事指南): YAML, or a table in CSV or XLSX.

A table has the columns ``code,title,department,steps,cautions,documents,place,time_limit,phone`` (or the
Chinese headers of the template); steps, cautions and documents take one item a line within the cell. YAML has
the same names in a list under ``guides``, and real lists::

    guides:
      - code: ZN-JY-RX
        title: 义务教育入学报名
        department: 市教育局          # code, name or short name
        steps: [网上填报, 学校核对资料, 到校报到]
        cautions: []                  # this and what follows may be left out
        documents: [户口簿]
        place: ""
        time_limit: ""
        phone: ""
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import yaml

from intake.city import City
from intake.commitments import values, writing
from intake.commitments.differences import Differences, Written, differences
from intake.commitments.faults import Faults, NotImported
from intake.commitments.progress import Progress
from intake.commitments.tables import Column, Numbered, Parsed, Rows, checked, parse_table
from storage.stores.registry import GuideRow
from storage.unit import Unit

MOST_YAML = 5 << 20
LABELS = {
    "code": "指南编号",
    "title": "事项名称",
    "department": "承办单位",
    "steps": "办理步骤",
    "cautions": "注意事项",
    "documents": "所需材料",
    "place": "办理地点",
    "time_limit": "办理时限",
    "phone": "咨询电话",
}
EXAMPLE = (
    "示例-001",
    "【示例】填写时请删去这一行",
    "市教育局",
    "1. 【示例】第一步\n2. 【示例】第二步（一步一行，格内换行用 Alt+Enter）",
    "【示例】一条一行，没有就空着",
    "【示例】一样一行",
    "【示例】地点",
    "【示例】5 个工作日",
    "【示例】咨询电话",
)


def columns_of(city: City) -> tuple[Column, ...]:
    """The columns of a guide file, in the order of the template."""
    readers: dict[str, values.Reader[object]] = {
        "code": values.code,
        "title": values.line(200, required=True),
        "department": values.unit_of(city),
        "steps": values.items(500, required=True),
        "cautions": values.items(500),
        "documents": values.items(200),
        "place": values.line(200),
        "time_limit": values.line(100),
        "phone": values.line(100),
    }
    return tuple(Column(name, LABELS[name], read) for name, read in readers.items())


def parse_guides(path: Path, city: City, progress: Progress | None = None) -> Parsed:
    """Read a file of guides (.yml, .yaml, CSV, XLSX): all of them, or all faults. Raises OSError.

    In the faults of a YAML file, ``row`` counts the guides from 1.
    """
    if path.suffix.lower() not in (".yml", ".yaml"):
        return parse_table(path, columns_of(city), progress=progress)
    faults = Faults()
    listed = list(_entries(path, faults))
    if faults.count:
        return Parsed(Rows(), faults.listed, faults.count)
    return checked(listed, columns_of(city), {name: name for name in LABELS}, faults)


async def compare_guides(unit: Unit, rows: Rows, progress: Progress | None = None) -> tuple[Written, Faults]:
    """What importing would come to, and the rows that it would refuse; nothing is written."""
    faults = Faults()
    total = await _written(unit, rows, None, faults, progress or Progress())
    return Written(total.added, total.changed, total.same, faults.count), faults


async def write_guides(
    unit: Unit, rows: Rows, at: datetime, *, dry_run: bool = False, progress: Progress | None = None
) -> Written:
    """Add what is new by code, published, and change what differs; with ``dry_run`` only count.

    Raises :class:`NotImported` where the file would change guides that people wrote or changed here.
    """
    faults = Faults()
    total = await _written(unit, rows, None if dry_run else at, faults, progress or Progress())
    if faults.count:
        raise NotImported(faults.listed, faults.count)
    if not dry_run:
        await unit.search.settle(total.added + total.changed)
    return total


@contextmanager
def exporting(path: Path) -> Iterator[Callable[[Iterable[GuideRow]], None]]:
    """A CSV or XLSX file of guides that takes them page by page and appears whole at the end.

    What it holds can be imported again. Raises :class:`Invalid` for another kind of file, and OSError.
    """
    with writing.table(path, "办事指南", tuple(LABELS)) as add:

        def take(rows: Iterable[GuideRow]) -> None:
            for row in rows:
                add([_lines(name, getattr(row, name)) for name in LABELS])

        yield take


def _lines(name: str, value: str | list[str]) -> str:
    """A value as a cell: an item a line, numbered where it is a step or would lose a number of its own."""
    if isinstance(value, str):
        return value
    numbered = name == "steps" or any(values.NUMBERED.match(item) for item in value)
    return "\n".join(f"{min(n, 99)}. {item}" if numbered else item for n, item in enumerate(value, 1))


async def _written(
    unit: Unit, rows: Rows, at: datetime | None, faults: Faults, progress: Progress
) -> Written:
    total = Written()
    progress.begin(rows.count)
    for batch in rows.batches():
        numbers = {given["code"]: number for number, given in batch}
        standing = await unit.registry.guides_by_code(list(numbers), lock=at is not None)
        found = differences([given for _, given in batch], standing)
        ours = {row.code for _, row in found.changed if row.last_seq}
        for code in sorted(ours, key=lambda code: numbers[code]):
            faults.add(numbers[code], LABELS["code"], f"{code} 在工作台里写过或改过，不能用文件修改")
        changed = [one for one in found.changed if one[1].code not in ours]
        found = Differences(found.added, changed, found.same)
        if at is not None and not faults.count:
            await unit.registry.add_guides(found.added, at)
            await unit.registry.change_guides([record for record, _ in found.changed], at)
        total += found.counted()
        progress.done += len(batch)
    return total


def write_guide_template(path: Path) -> None:
    """Write a CSV or XLSX file with Chinese headers and one 示例 row; raises Invalid and OSError."""
    with writing.table(path, "办事指南", tuple(LABELS.values())) as add:
        add(EXAMPLE)


def _entries(path: Path, faults: Faults) -> Iterator[Numbered]:
    for number, entry in enumerate(_listed(path, faults), 1):
        if not isinstance(entry, dict):
            faults.add(number, "", "要写成“名称: 内容”的形式")
            continue
        for name in entry.keys() - LABELS.keys():
            faults.add(number, str(name), f"不认识这个名称，可用：{'、'.join(LABELS)}")
        yield number, {name: value for name, value in entry.items() if name in LABELS}


def _listed(path: Path, faults: Faults) -> Sequence[object]:
    if path.stat().st_size > MOST_YAML:
        faults.add(0, "", f"文件超过 {MOST_YAML >> 20} MB，请分成几个文件")
        return ()
    try:
        read = yaml.safe_load(path.read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError:
        faults.add(0, "", "编码不是 UTF-8")
        return ()
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        faults.add(line, "", "YAML 写法有误")
        return ()
    except (yaml.YAMLError, ValueError):
        faults.add(0, "", "YAML 写法有误")
        return ()
    listed = read.get("guides") if isinstance(read, dict) else None
    if not isinstance(listed, list) or not listed:
        faults.add(0, "guides", "要有一个列表，每项是一份办事指南")
        return ()
    return listed
