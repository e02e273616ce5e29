"""``python -m bot …``: every command of the service (contract, "Commands")."""

import argparse
import asyncio
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

import structlog
import uvloop

from bot import commands
from bot.commands_calendar import add_calendar
from bot.commands_files import add_files
from bot.commands_identity import add_identity, keys_told
from bot.commands_learning import add_learning
from bot.commands_people import add_people
from bot.observe import set_up_logs
from bot.serving import NotListening, NotMigrated, run
from bot.settings import SettingsFault, load
from bot.wechat.notices import NoticesInvalid
from intake.calendars import YearFault
from intake.city import NotSeeded
from intake.errors import Refused
from intake.profiles.schema import ProfileFaults
from storage.engine import DatabaseAway, shown

log = structlog.get_logger(__name__)

KNOWN = (
    *(SettingsFault, ProfileFaults, NoticesInvalid, NotMigrated, NotSeeded, NotListening),
    *(Refused, YearFault, DatabaseAway),
)
"""What an operator is told in words; anything else is a defect and keeps its traceback."""

Command = Callable[[argparse.Namespace], Awaitable[int]]


def main(argv: list[str] | None = None) -> int:
    """Run one command; 0 when all is well, 1 when something is wrong, 2 for a wrong call."""
    asked = parser().parse_args(argv)
    set_up_logs()
    try:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            return int(runner.run(asked.command(asked)))
    except ExceptionGroup as group:
        return _stopped(group)
    except (*KNOWN, OSError) as fault:
        return _say(*_in_words(fault))


def parser() -> argparse.ArgumentParser:
    """The command line; ``--help`` everywhere."""
    top = argparse.ArgumentParser(prog="python -m bot", description="践诺：政务守信践诺的微信受理服务")
    commands_ = top.add_subparsers(required=True, metavar="命令")
    _running(commands_)
    _data(commands_)
    add_files(commands_)
    add_people(commands_)
    add_calendar(commands_)
    add_identity(commands_)
    add_learning(commands_)
    return top


def _running(to: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    for name, web_too, workers_too, words in (
        ("serve", True, False, "只启动网页服务"),
        ("work", False, True, "只启动后台任务（推送、计时、巡检）"),
        ("all", True, True, "网页服务和后台任务在同一进程"),
    ):
        part = to.add_parser(name, help=words, description=words)
        part.set_defaults(command=_runs(web_too=web_too, workers_too=workers_too))
    check = to.add_parser("check", help="检查设置，一次列出所有问题（不显示密钥）")
    check.set_defaults(command=_check)
    menu = to.add_parser("menu", help="公众号菜单").add_subparsers(required=True)
    menu.add_parser("push", help="把菜单推送到公众号").set_defaults(command=commands.menu_push)


def _data(to: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    to.add_parser("migrate", help="升级数据库；空库同时写入 JIANNUO_PROFILE").set_defaults(
        command=commands.migrate
    )
    seed = to.add_parser("seed", help="写入单位和规则（已有的不改）")
    seed.add_argument("profile", type=Path, metavar="PROFILE.yml")
    seed.add_argument("--sample", action="store_true", help="同时写入示例承诺、办事指南和账号")
    seed.add_argument("--logins", type=Path, help="示例账号写到这个 JSON 文件")
    seed.set_defaults(command=commands.seed)
    archive = to.add_parser("archive", help="留痕档案").add_subparsers(required=True)
    verify = archive.add_parser("verify", help="核对整个档案；有问题时退出码 1 并输出 JSON")
    verify.add_argument("--head", help="以前记下的每日校验值")
    verify.set_defaults(command=commands.archive_verify)


async def _check(asked: argparse.Namespace) -> int:
    """The settings, then which identity key what is stored stands under, while one is being replaced."""
    code = await commands.check(asked)
    for line in await keys_told(load()):
        print(line, file=sys.stderr)
    return code


def _runs(*, web_too: bool, workers_too: bool) -> Command:
    async def command(_asked: argparse.Namespace) -> int:
        await run(load(wechat=True), web_too=web_too, workers_too=workers_too)
        return 0

    return command


def _stopped(group: ExceptionGroup[Exception]) -> int:
    """A process that ended by a fault: in words where it could not listen, else for the log."""
    if all(isinstance(fault, NotListening) for fault in group.exceptions):
        return _say(*_in_words(group.exceptions[0]))
    names = sorted({type(fault).__name__ for fault in group.exceptions})
    log.error("stopped_by_fault", faults=names, exc_info=group)
    return 1


def _in_words(fault: Exception) -> tuple[str, list[str]]:
    """What is wrong, and each part of it; an OSError that names no file is raised again."""
    match fault:
        case SettingsFault():
            return "设置有误：", fault.faults
        case ProfileFaults() | NoticesInvalid():
            return "配置文件有误：", list(fault.faults)
        case Refused():
            return str(fault), [str(why) for why in fault.facts.get("fields", {}).values()]
        case DatabaseAway():
            return f"连不上数据库 {shown(load().database_url)}：{fault.driver}", []
        case OSError() if fault.filename is None:
            raise fault
        case OSError():
            return f"读写不了 {fault.filename}：{fault.strerror}", []
        case _:
            return str(fault), []


def _say(what: str, lines: list[str]) -> int:
    print(what, *(f"  {line}" for line in lines), sep="\n", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
