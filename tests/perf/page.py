"""``docs/measurements.md``: the last result of each kind of run, its command, its day and the machine."""

import os
import re
import sys
from datetime import datetime
from typing import Any

import psutil

from bot.settings import ROOT
from intake.clock import SHANGHAI

PAGE = ROOT / "docs" / "measurements.md"
HEAD = """# 实测数据

数字都是量出来的；`make bench` 和 `make soak` 可以重做。
吞吐：服务、Rasa、PostgreSQL 合用一个核，另一个核发消息；消息是“说事、确认、进度”三句一轮。
“底线”是同一次运行里的最小程序：每条消息解密、写一行并落盘、问一次 Rasa、加密回复，别的什么都不做。
"""
TITLES = {"bench": ("吞吐和内存", "make bench"), "soak": ("长时间和故障", "make soak")}
#: What the names of runs mean to people; what stands in brackets after one is its engine.
RUNS = {
    "sqlite": "吞吐（SQLite）",
    "postgres": "吞吐（PostgreSQL）",
    "memory": "内存",
    "reminders": "提醒",
    "search": "查找承诺",
    "following": "承诺有消息时告诉关注的人",
    "understanding": "理解",
    "imports": "导入承诺文件",
    "analysis": "分析",
    "test_killed_at_random_moments": "反复强行终止进程",
    "test_a_thousand_at_once": "一千人同时发消息",
    "test_memory_over_many_messages": "五万条消息的内存",
    "test_a_year_with_restarts": "模拟一年",
}
#: What the names of measured values mean to people.
WORDS = {
    "ratio": "与底线之比",
    "rate": "条/秒",
    "p50": "一半消息在此时间内（秒）",
    "p99": "99% 的消息在此时间内（秒）",
    "slowest": "最慢一条（秒）",
    "messages": "消息",
    "citizens": "群众",
    "kills": "强行终止进程（次）",
    "lost": "丢失的消息",
    "filed_twice": "重复立案",
    "told": "应推送",
    "told_never": "没有送到的推送",
    "told_again": "重复的推送",
    "said_again": "看到故障提示后又发了一遍",
    "start_seconds": "重新启动到可用，最长（秒）",
    "over_wire": "当场回复",
    "pushed": "改为推送的回复",
    "start_mb": "刚启动时内存（MB）",
    "settled_mb": "5,000 条消息以后内存（MB）",
    "last_mb": "最后内存（MB）",
    "growth_mb": "增长（MB）",
    "cpu_ms": "每条消息的处理器时间（毫秒）",
    "minutes": "用时（分钟）",
    "cases": "办件",
    "actions": "办理动作",
    "restarts": "重新启动（次）",
    "rungs": "应发并恰好发出一次的提醒",
    "clocks": "计时",
    "fire_seconds_sqlite": "全部发出（SQLite，秒）",
    "fire_seconds_postgres": "全部发出（PostgreSQL，秒）",
    "digests": "合成的提醒单",
    "followers": "关注同一项承诺的人",
    "tell_seconds_sqlite": "一遍写完每人一条（SQLite，秒）",
    "tell_seconds_postgres": "一遍写完每人一条（PostgreSQL，秒）",
    "tell_longest_ms_sqlite": "其中最长的一次写入（SQLite，毫秒）",
    "tell_longest_ms_postgres": "其中最长的一次写入（PostgreSQL，毫秒）",
    "among": "计时总数",
    "find_ms_p50": "其中找出 500 条到期的，一半在此时间内（毫秒）",
    "find_ms_most": "其中找出 500 条到期的，最慢一次（毫秒）",
    "a_second": "每秒问（条，匀速）",
    "p50_ms": "一半在此时间内（毫秒）",
    "p99_ms": "99% 在此时间内（毫秒）",
    "most_ms": "最慢一条（毫秒）",
    "odd_ms_most": "古怪的输入（空、十万字、表情、代码……）最慢一条（毫秒）",
    "rasa_mb": "Rasa 的内存（MB）",
    "commitments": "承诺",
    "fill_seconds_sqlite": "写入全部承诺（SQLite，秒）",
    "fill_seconds_postgres": "写入全部承诺（PostgreSQL，秒）",
    "rows": "行",
    "import_start_mb": "命令什么都不读时的内存（MB）",
    **{
        f"{kind}_{what}_{engine}": f"{kind.upper()}，{words}（{name}）"
        for kind in ("csv", "xlsx")
        for what, words in (
            ("seconds", "第一次导入，秒"),
            ("again_seconds", "再导入一次，秒"),
            ("growth_mb", "内存最多增长 MB"),
        )
        for engine, name in (("sqlite", "SQLite"), ("postgres", "PostgreSQL"))
    },
    "month_ms": "打开本月的分析（毫秒）",
    "unit_ms": "一个单位打开今年的分析（毫秒）",
    "week_ms": "近七天的超期（毫秒）",
    "reckoned_year_ms": "算一遍今年的数（毫秒）",
    "reckoned_month_ms": "算一遍本月的数（毫秒）",
    "year_ms": "打开今年的分析（毫秒）",
    "nothing_due_ms": "没有到期的时候看一次（毫秒）",
}

SEARCHED = {
    "common": "很多承诺有的词",
    "some": "几百项承诺有的词",
    "rare": "几项承诺有的词",
    "absent": "没有的词",
    "odd": "古怪的输入（一个字、编号、引号、一万字）",
    "question": "查一个问题的答案",
}
WORDS |= {
    f"{kind}_ms_{figure}_{engine}": f"{said}，{share}（{name}，毫秒）"
    for kind, said in SEARCHED.items()
    for figure, share in (("p95", "95% 在此时间内"), ("most", "最慢一次"))
    for engine, name in (("sqlite", "SQLite"), ("postgres", "PostgreSQL"))
}


def write(kind: str, result: dict[str, Any]) -> None:
    """Put ``result`` in the place of the last one of its kind, ``bench`` or ``soak``."""
    page = PAGE.read_text("utf-8") if PAGE.exists() else HEAD
    title, command = TITLES[kind]
    lines = [f"<!-- {kind} -->", f"## {title}", "", f"`{command}`，{_when()}，{_machine()}。", ""]
    lines += ["| 项目 | 内容 | 数值 |", "|---|---|---|"]
    for name, measured in result.items():
        run, _, engine = name.partition("[")
        shown = f"{RUNS[run]}（{engine[:-1]}）" if engine else RUNS[run]
        lines += [f"| {shown} | {label} | {value} |" for label, value in _rows("", measured)]
    section = "\n".join([*lines, f"<!-- /{kind} -->"])
    old = re.compile(rf"<!-- {kind} -->.*<!-- /{kind} -->", re.DOTALL)
    page = old.sub(lambda _: section, page) if old.search(page) else f"{page.rstrip()}\n\n{section}\n"
    PAGE.write_text(page, "utf-8")


def _rows(before: str, measured: dict[str, Any]) -> list[tuple[str, object]]:
    rows: list[tuple[str, object]] = []
    for name, value in measured.items():
        if isinstance(value, dict):
            rows += _rows({"floor": "底线：", "service": "服务："}.get(name, ""), value)
        elif name in WORDS:
            rows.append((before + WORDS[name], round(value, 3) if isinstance(value, float) else value))
    return rows


def _when() -> str:
    return f"{datetime.now(SHANGHAI):%Y-%m-%d}"


def _machine() -> str:
    memory = round(psutil.virtual_memory().total / 2**30)
    return f"{os.cpu_count()} 核，{memory} GB 内存，Python {sys.version_info.major}.{sys.version_info.minor}"
