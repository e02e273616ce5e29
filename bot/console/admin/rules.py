"""The rules of handling: what holds, a change looked at before it is made, and every version there was."""

from itertools import pairwise

from aiohttp import web

from bot.console.admin.frame import Facts, refused_change
from bot.console.admin.rules_form import (
    DAYS,
    HOURS,
    KINDS,
    LADDERS,
    Typed,
    diff,
    label_of,
    rules_of,
    typed_of,
)
from bot.console.door import Form, drawn, typed_in
from bot.http import csrf
from bot.http.keys import PROCESS
from bot.http.pages import see_other
from bot.http.problems import status_of
from bot.http.sessions import Session
from intake.desk import Desk
from intake.errors import Invalid, Refused
from intake.profiles.schema import Rules
from intake.rules import change_rules
from storage.vocab import CaseType

PATH = "/console/admin/rules"


async def page(request: web.Request, session: Session) -> web.StreamResponse:
    return await _drawn(request, session, {})


async def look(request: web.Request, session: Session) -> web.StreamResponse:
    """What the change would be; nothing is changed yet."""
    data = await request.post()
    typed, base, why = _typed(data), typed_in(data, "base"), typed_in(data, "note")
    before, _ = await _standing(request)
    try:
        csrf.check(request.app[PROCESS].vault, session.token, data.get(csrf.FIELD))
        after = rules_of(typed, before.name)
        if not why:
            raise Invalid("请写明为什么改", fields={"note": "要填写"})
        if after == before:
            raise Invalid("规则没有变化")
    except Refused as refused:
        return await _refusal(request, session, data, refused)
    facts = {
        "title": "办理规则：核对",
        "lines": diff(before, after),
        "typed": typed,
        "base": base,
        "note": why,
    }
    return drawn(request, session, "admin_rules_look.html", facts)


async def change(request: web.Request, session: Session) -> web.StreamResponse:
    """Make the change that was looked at: a new version, for what is dispatched from now on."""
    data = await request.post()

    async def work(desk: Desk) -> None:
        rules = rules_of(_typed(data), desk.city.rules.name)
        why, base = typed_in(data, "note"), typed_in(data, "base")
        await change_rules(desk, session.actor, rules, why, base=base)

    if refused := await refused_change(request, session, data, work):
        return await _refusal(request, session, data, refused)
    return see_other(f"{PATH}?done=1")


async def _refusal(
    request: web.Request, session: Session, data: Form, refused: Refused
) -> web.StreamResponse:
    facts: Facts = {
        "refused": refused.detail,
        "faults": refused.facts.get("fields", {}),
        "typed": _typed(data),
        "note": typed_in(data, "note"),
    }
    return await _drawn(request, session, facts, status=status_of(refused))


async def _standing(request: web.Request) -> tuple[Rules, str]:
    """The rules that hold, as the database has them, and their version."""
    async with request.app[PROCESS].database.read() as unit:
        profile = await unit.departments.profile()
    assert profile is not None
    return Rules.model_validate(profile.body["rules"]), profile.version


async def _drawn(
    request: web.Request, session: Session, facts: Facts, *, status: int = 200
) -> web.StreamResponse:
    async with request.app[PROCESS].database.read() as unit:
        profiles = await unit.departments.profiles()
    versions = [(row, Rules.model_validate(row.body["rules"])) for row in profiles]
    history = [(row, diff(old, new)) for (row, new), (_, old) in pairwise(versions)]
    usual: Facts = {
        "title": "办理规则",
        "version": profiles[0].version,
        "first": profiles[-1],
        "history": history,
        "typed": typed_of(versions[0][1]),
        "hours": HOURS,
        "types": list(CaseType),
        "days": [(name, label_of(name)) for name in DAYS],
        "kinds": KINDS,
        "note": "",
        "refused": "",
        "faults": {},
        "done": "done" in request.query,
    }
    return drawn(request, session, "admin_rules.html", usual | facts, status=status)


def _typed(data: Form) -> Typed:
    names = [*DAYS, "office", *LADDERS]
    names += [f"{name}-{part}" for name in HOURS for part in ("normal", "urgent")]
    names += [f"{name}-{kind.value}" for name in ("answer_days", "urgent_answer_days") for kind in CaseType]
    return {name: typed_in(data, name) for name in names}
