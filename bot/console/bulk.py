"""Several cases at once: chosen in a list, looked at once more, then done one by one, each by itself."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from aiohttp import web
from multidict import MultiDictProxy

from bot.console import forms
from bot.console.door import back_to, drawn, typed_in
from bot.console.triage import suggested
from bot.console.words import word, words
from bot.factory import Process
from bot.http import csrf
from bot.http.keys import PROCESS
from bot.http.pages import see_other
from bot.http.sessions import Session
from intake.actor import Actor
from intake.cases import actions, seeing, states
from intake.cases.listing import lines
from intake.desk import Desk
from intake.errors import NotFound, Refused
from storage.engine import DatabaseAway
from storage.stores.cases import CaseRow
from storage.unit import Raced, Unit
from storage.vocab import Action, CaseState, Role

BULK: Mapping[Role, tuple[Action, ...]] = {
    Role.DISPATCHER: (Action.DISPATCH,),
    Role.HANDLER: (Action.SIGN, Action.ASSIGN),
    Role.HEAD: (Action.SIGN, Action.ASSIGN),
    Role.SUPERVISOR: (Action.SUPERVISE,),
}
MOST = seeing.MAX_PAGE
OWN = {Action.DISPATCH: "department"}
"""The field that each case has for itself."""
ONLY: Mapping[Action, tuple[str, ...]] = {Action.DISPATCH: ("reason",)}
"""Which other fields are asked for, where not all are: who a case accuses is read case by case."""
AWAY = "系统暂时不能用，这一件没有办"
BUSY = "同时办理的人太多，这一件没有办"

Form = MultiDictProxy[Any]
Chosen = dict[str, int]
"""Number → the version that the list showed."""


@dataclass(frozen=True, slots=True)
class Planned:
    """What will become of one case: its next state, or why nothing will."""

    line: dict[str, Any]
    version: int
    target: str
    why: str
    own: str


@dataclass(frozen=True, slots=True)
class Done:
    """What became of one case; ``why`` is empty where it was done."""

    number: str
    why: str = ""


async def leave(request: web.Request, session: Session) -> web.StreamResponse:
    """There is nothing to read here without a choice."""
    return see_other("/console/cases")


async def confirm(request: web.Request, session: Session) -> web.StreamResponse:
    """Say of every chosen case what will happen to it; nothing is done yet."""
    data = await request.post()
    csrf.check(request.app[PROCESS].vault, session.token, data.get(csrf.FIELD))
    action = _offered(session.actor, typed_in(data, "action"))
    return await _confirm(request, session, action, data, {})


async def act(request: web.Request, session: Session) -> web.StreamResponse:
    """Do the action to each case in a unit of work of its own, and say what became of each."""
    process, data = request.app[PROCESS], await request.post()
    csrf.check(process.vault, session.token, data.get(csrf.FIELD))
    action = _offered(session.actor, request.match_info["action"])
    shared = {name: value for name in _shared(action) if (value := typed_in(data, name))}
    standing = {OWN[action]: "x"} if action in OWN else {}
    if faults := forms.faults_of(action, shared | standing):
        return await _confirm(request, session, action, data, faults)
    done = []
    for number, version in _chosen(data).items():
        body = shared | {"version": version} | _own(action, number, data)
        done.append(await _do(process, session.actor, number, action, body))
    facts = {
        "title": word(action, "action"),
        "action": action,
        "done": [one for one in done if not one.why],
        "refused": [one for one in done if one.why],
        "back": back_to(typed_in(data, "back")),
    }
    return drawn(request, session, "bulk_done.html", facts)


async def _do(process: Process, actor: Actor, number: str, action: Action, body: dict[str, Any]) -> Done:
    async def work(unit: Unit) -> CaseRow:
        return await actions.perform(process.desk(unit), actor, number, action, body)

    try:
        await process.database.run(work)
    except Refused as refused:
        return Done(number, "；".join([refused.detail, *refused.facts.get("fields", {}).values()]))
    except Raced:
        return Done(number, BUSY)
    except DatabaseAway:
        return Done(number, AWAY)
    return Done(number)


async def _confirm(
    request: web.Request, session: Session, action: Action, data: Form, faults: dict[str, str]
) -> web.Response:
    process, chosen = request.app[PROCESS], _chosen(data)
    async with process.database.read() as unit:
        plan = await _planned(process.desk(unit), session.actor, action, chosen, data)
    facts = {
        "title": word(action, "action"),
        "action": action,
        "words": words(),
        "plan": plan,
        "going": sum(not one.why for one in plan),
        "gone": len(chosen) - len(plan),
        "own": OWN.get(action, ""),
        "fields": [one for one in forms.fields_of(action) if one.name in _shared(action)],
        "typed": {name: typed_in(data, name) for name in _shared(action)},
        "faults": faults,
        "back": back_to(typed_in(data, "back")),
        "unit_names": [unit.name for unit in process.city.units.values()] if action in OWN else [],
    }
    return drawn(request, session, "bulk.html", facts, status=422 if faults else 200)


async def _planned(desk: Desk, actor: Actor, action: Action, chosen: Chosen, data: Form) -> list[Planned]:
    found = await desk.unit.cases.by_numbers(list(chosen), seeing.sight_of(actor))
    rows = [found[number] for number in chosen if number in found]
    hidden = await desk.unit.cases.hidden_from_each([row.id for row in rows])
    plan = []
    for row, line in zip(rows, await lines(desk, rows), strict=True):
        may = await actions.may_do(desk, actor, row)
        best = suggested(row, hidden.get(row.id, set())) if action in OWN else []
        typed = typed_in(data, f"own-{row.tracking_no}")
        own = typed or (best[0]["name"] if best else "")
        version = chosen[row.tracking_no]
        plan.append(Planned(line, version, _target(row, action), _why(row, version, action, may), own))
    return plan


def _why(row: CaseRow, version: int, action: Action, may: list[Action]) -> str:
    if action not in may:
        return f"现在是“{word(row.state, 'state')}”，不能{word(action, 'action')}"
    return "" if version == row.version else "您打开列表以后有了变化，请看过再办"


def _target(row: CaseRow, action: Action) -> str:
    rule = states.rule_for(CaseState(row.state), action)
    return str(rule.target) if rule and rule.target else ""


def _offered(actor: Actor, given: str) -> Action:
    action = next((one for one in BULK.get(actor.role, ()) if one == given), None)
    if action is None:
        raise NotFound("没有这个操作")
    return action


def _chosen(data: Form) -> Chosen:
    """What was ticked, in the list's order; what is of no form is left out."""
    pairs = [str(one).partition(".") for one in data.getall("case", [])]
    return {
        number: int(version)
        for number, _, version in pairs[:MOST]
        if number.isascii() and version.isascii() and version.isdigit() and len(version) < 10
    }


def _shared(action: Action) -> tuple[str, ...]:
    """The fields that are filled in once for all."""
    return ONLY.get(action, tuple(one.name for one in forms.fields_of(action)))


def _own(action: Action, number: str, data: Form) -> dict[str, Any]:
    return {OWN[action]: typed_in(data, f"own-{number}")} if action in OWN else {}
