"""An office at work for the console's tests: cases in every state that a desk has a number for."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from sqlalchemy import event

from storage.engine import Database
from storage.vocab import Role
from tests.flows.api.service import Service

TEXT = "市住建局承诺今年六月交付安置房，没有兑现。"
UNIT = "zhujian"
TILE = re.compile(r'<a class="tile[^"]*" href="([^"]+)"><b>(\d+)</b>([^<]+)</a>')


async def do(service: Service, number: str, action: str, role: Role, **body: Any) -> None:
    """One action over the API, by somebody of the role (of ``UNIT``, where the role is of one)."""
    unit = UNIT if role in (Role.HANDLER, Role.HEAD) else None
    told = await (await service.ask("GET", f"/cases/{number}", role, unit)).json()
    sent = body | {"version": told["version"]}
    answer = await service.ask("POST", f"/cases/{number}/actions/{action}", role, unit, json=sent)
    assert answer.status == 200, await answer.text()


async def case(
    service: Service, *steps: tuple[str, Role, dict[str, Any]], department: str | None = UNIT
) -> str:
    """A case that went these steps; its number."""
    more = {"department": department} if department else {"awaits_transcript": True}
    number = (await service.file(TEXT, **more)).case.tracking_no
    for action, role, body in steps:
        await do(service, number, action, role, **body)
    return number


SIGN = ("sign", Role.HANDLER, {})
ANSWER = ("answer", Role.HANDLER, {"text": "已经复工，八月交付。", "outcome": "partly"})
APPROVE = ("approve", Role.HEAD, {})
BACK = ("send_back", Role.HEAD, {"reason": "写明日期"})
RETURN = (
    "request_return",
    Role.HEAD,
    {"reason": "不归我们", "basis": "三定", "proposed_department": "jiaoyu"},
)
EXTEND = ("request_extension", Role.HEAD, {"reason": "要等检测", "days": 3})
CALLED = ("follow_up", Role.DISPATCHER, {"reached": True, "rating": 1, "words": "不满意"})


async def at_work(service: Service) -> dict[str, str]:
    """One case for every number; name → tracking number."""
    made = {
        "received": await case(service, department=None),
        "dispatched": await case(service),
        "handling": await case(service, SIGN),
        "sent_back": await case(service, SIGN, ANSWER, BACK),
        "in_again": await case(service, SIGN, ANSWER, BACK, ANSWER),
        "reviewing": await case(service, SIGN, ANSWER),
        "answered": await case(service, SIGN, ANSWER, APPROVE),
        "unhappy": await case(service, SIGN, ANSWER, APPROVE, CALLED),
        "to_return": await case(service, RETURN),
        "to_extend": await case(service, SIGN, EXTEND),
    }
    day = service.process.clock.today() + timedelta(days=1)
    await do(
        service, made["handling"], "supervise", Role.SUPERVISOR, demand="三日内办结", due_on=day.isoformat()
    )
    return made


def tiles(html: str) -> dict[str, tuple[int, str]]:
    """Words → number and address of each tile."""
    found: Iterator[tuple[str, str, str]] = iter(TILE.findall(html))
    return {words: (int(count), href.replace("&amp;", "&")) for href, count, words in found}


@contextmanager
def statements(database: Database) -> Iterator[list[str]]:
    """What is asked of the database meanwhile."""
    asked: list[str] = []
    engines = {id(one): one for one in (database._writer.sync_engine, database._reader.sync_engine)}

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        asked.append(statement)

    for engine in engines.values():
        event.listen(engine, "before_cursor_execute", note)
    yield asked
    for engine in engines.values():
        event.remove(engine, "before_cursor_execute", note)
