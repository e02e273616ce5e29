"""The commands about time: ``python -m bot calendar …``, ``python -m bot rules …``.

They act as the administrator of the machine they run on.
"""

import argparse
import sys
from datetime import date
from pathlib import Path

import yaml

from bot.commands import operator, seeded, within
from intake import recounting, rules
from intake.calendars import read_year
from intake.city import load_city
from intake.clock import local
from intake.desk import Desk
from intake.profiles.schema import load_rules

Asked = argparse.Namespace
SHOWN = 50


async def calendar_load(asked: Asked) -> int:
    """Load a published year; running workers count every deadline anew that reaches into it."""
    year = read_year(asked.file)

    async def load(desk: Desk) -> list[date]:
        return await recounting.load_year(desk, operator(), year)

    kept = await within(load)
    sys.stderr.write(f"已载入 {year.year} 年的放假安排；后台任务会重算跨到这一年的期限。\n")
    for day in kept:
        sys.stderr.write(f"{day} 已由管理员另行设定，保持不变。\n")
    return 0


async def calendar_changes(_asked: Asked) -> int:
    """Print the newest changes of the calendar: when, who, what, why."""
    async with seeded() as database, database.read() as unit:
        for row in await unit.calendar.changes(SHOWN):
            what = " ".join(f"{name}={value}" for name, value in row.what.items() if name != "known")
            sys.stdout.write(f"{local(row.at):%Y-%m-%d %H:%M}\t{row.actor}\t{what or '-'}\t{row.reason}\n")
    return 0


async def rules_show(_asked: Asked) -> int:
    """Print the rules of cases that are dispatched now, as a file for :func:`rules_set`."""
    async with seeded() as database, database.read() as unit:
        now = (await load_city(unit)).rules
    sys.stdout.write(yaml.safe_dump(now.model_dump(mode="json"), allow_unicode=True, sort_keys=False))
    return 0


async def rules_set(asked: Asked) -> int:
    """Make a file the rules of every case that is dispatched from now on."""
    wanted = load_rules(asked.file)

    async def change(desk: Desk) -> str:
        return await rules.change_rules(desk, operator(), wanted, asked.note)

    version = await within(change)
    sys.stderr.write(f"新规则 {version} 对以后派出的件生效，已派出的件不变。\n")
    return 0


def add_calendar(to: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """The commands' part of the command line."""
    calendar = to.add_parser("calendar", help="工作日历").add_subparsers(required=True)
    load = calendar.add_parser("load", help="载入一年的放假安排（YAML）")
    load.add_argument("file", type=Path, metavar="FILE")
    load.set_defaults(command=calendar_load)
    changes = calendar.add_parser("changes", help="日历改过什么：时间、谁、什么、原因")
    changes.set_defaults(command=calendar_changes)
    part = to.add_parser("rules", help="办理规则：时限、提醒、办公时间").add_subparsers(required=True)
    part.add_parser("show", help="输出现在的规则（YAML）").set_defaults(command=rules_show)
    change = part.add_parser("set", help="换成这份规则，只对以后派出的件生效")
    change.add_argument("file", type=Path, metavar="FILE")
    change.add_argument("--note", required=True, help="为什么改")
    change.set_defaults(command=rules_set)
