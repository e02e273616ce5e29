"""The list of commitments, one commitment with its procedure, and what can be done to it."""

from typing import Any
from urllib.parse import quote, urlencode

from aiohttp import web
from pydantic import BaseModel

from bot.console import forms
from bot.console.door import drawn
from bot.console.narrowing import KEPT_PROMISES, narrowed_promises
from bot.console.navigation import came, came_from
from bot.console.words import words
from bot.http import csrf, posted
from bot.http.filters import CommitmentFilter
from bot.http.keys import PROCESS
from bot.http.pages import see_other
from bot.http.problems import ForgedForm, TooLarge, status_of
from bot.http.sessions import Session
from intake.actor import ALL_SEEING
from intake.city import City
from intake.clock import local
from intake.commitments import actions, from_cases, making
from intake.commitments.complaints import facts_of
from intake.commitments.from_cases import FromCase
from intake.commitments.importing import IMPORTERS
from intake.commitments.states import MAKERS
from intake.commitments.telling import told
from intake.desk import Desk
from intake.errors import NotFound, Refused, StaleVersion
from intake.forms import checked
from intake.registry import count_commitments, find_commitment, list_commitments, waits_for
from storage.stores.registry import CommitmentRow
from storage.unit import Unit
from storage.vocab import CommitmentAction, Step, StepState

MOST = 200
CASE, TICKED = "case", "evidence-"
PATH = "/console/commitments"
NOTHING: dict[str, Any] = {"refused": "", "faults": {}, "typed": {}, "tried": "", "changed": []}


async def listed(request: web.Request, session: Session) -> web.StreamResponse:
    """All commitments; the filters stand in the address."""
    given = {name: value for name, value in request.query.items() if value.strip()}
    asked = checked(CommitmentFilter, given)
    process = request.app[PROCESS]
    async with process.database.read() as unit:
        desk = process.desk(unit)
        rows = await list_commitments(desk, **asked.model_dump(), everything=True, limit=MOST)
        count = await count_commitments(desk, **asked.model_dump(), everything=True)
        items = await facts_of(desk, rows, session.actor)
        said = await unit.polls.unanswered()
    facts = {
        "title": "承诺",
        "items": [
            one | {"waits": waits_for(row), "opinions": said.get(row.code, 0)}
            for one, row in zip(items, rows, strict=True)
        ],
        "count": count,
        "asked": asked,
        "narrowed": narrowed_promises(asked),
        "kept": {name: given[name] for name in KEPT_PROMISES if name in given},
        "choices": words(),
        "may_create": session.actor.role in MAKERS,
        "may_import": session.actor.role in IMPORTERS,
        "query": f"?{urlencode(given)}" if given else "",
        "tail": came_from(given),
    }
    return drawn(request, session, "commitments.html", facts)


async def blank(request: web.Request, session: Session) -> web.StreamResponse:
    """The form for a new commitment; ``?case=单号`` fills it in from a case that shows one."""
    if session.actor.role not in MAKERS:
        raise NotFound("没有这个页面")
    number = request.query.get("case", "")
    return _form(request, session, NOTHING | await _of_case(request, session, number) if number else NOTHING)


async def create(request: web.Request, session: Session) -> web.StreamResponse:
    """Write one down; where it is refused what was typed comes back."""
    process, data, number = request.app[PROCESS], posted.Posted({}), ""

    async def work(unit: Unit) -> CommitmentRow:
        desk, body = process.desk(unit), {n: v for n, v in data.body.items() if n not in ("version", CASE)}
        if number:
            return await from_cases.start(desk, session.actor, number, body | {"evidence": _ticked(body)})
        return await making.create(desk, session.actor, checked(making.NewCommitment, body))

    try:
        data = await posted.read(request)
        csrf.check(process.vault, session.token, data.csrf)
        number = data.body.get(CASE, "")
        row = await process.database.run(work)
    except NotFound:
        raise
    except Refused as refused:
        again = {"refused": refused.detail, "faults": refused.facts.get("fields", {}), "typed": data.body}
        facts = NOTHING | (await _of_case(request, session, number) if number else {}) | again
        return _form(request, session, facts, status=status_of(refused))
    return see_other(f"{PATH}/{quote(row.code)}?{urlencode({'done': 'create'})}")


async def one(request: web.Request, session: Session) -> web.StreamResponse:
    """One commitment and the actions that this person has."""
    process = request.app[PROCESS]
    async with process.database.read() as unit:
        facts = await _facts(process.desk(unit), session, request)
    return drawn(request, session, "commitment.html", facts)


async def act(request: web.Request, session: Session) -> web.StreamResponse:
    """Do one action; where it is refused the page comes back with the reason and what was typed."""
    process, action, code = request.app[PROCESS], request.match_info["action"], request.match_info["code"]
    data = posted.Posted({})

    async def work(unit: Unit) -> CommitmentRow:
        return await actions.perform(process.desk(unit), session.actor, code, action, data.body)

    try:
        data = await posted.read(request)
        csrf.check(process.vault, session.token, data.csrf)
        data = await posted.with_files(data, process, session.actor)
        await process.database.run(work)
    except NotFound:
        raise
    except Refused as refused:
        return await _again(request, session, refused, data)
    return see_other(f"{PATH}/{quote(code)}?{urlencode({'done': action, **came(request.query)})}")


async def _again(
    request: web.Request, session: Session, refused: Refused, data: posted.Posted
) -> web.Response:
    """The page as it stands now, with the refusal, what was typed, and what changed meanwhile."""
    process, action = request.app[PROCESS], request.match_info["action"]
    async with process.database.read() as unit:
        facts = await _facts(process.desk(unit), session, request)
    faults = dict(refused.facts.get("fields", {}))
    if action in actions.ACTIONS and not isinstance(refused, ForgedForm | TooLarge):
        faults |= forms.faults_in(_asked(CommitmentAction(action)), data.body)
    facts |= {"refused": refused.detail, "faults": faults, "typed": data.body, "tried": action}
    if isinstance(refused, StaleVersion):
        facts["changed"] = [event for event in facts["one"]["events"] if event["seq"] > data.seen]
    return drawn(request, session, "commitment.html", facts, status=status_of(refused))


async def _facts(desk: Desk, session: Session, request: web.Request) -> dict[str, Any]:
    row = await find_commitment(desk, request.match_info["code"], everything=True)
    facts = await told(desk, row, session.actor)
    done = request.query.get("done", "")
    return NOTHING | {
        "title": row.title,
        "words": words(),
        "now": local(desk.now()).isoformat(timespec="seconds"),
        "one": facts,
        "counts_all": session.actor.role in ALL_SEEING,
        "forms": {
            action.value: forms.inputs_of(_asked(action))
            for action in facts["allowed"]
            if action is not CommitmentAction.ANSWER_OPINION
        },
        "may_answer": CommitmentAction.ANSWER_OPINION in facts["allowed"],
        "standing": _standing(facts),
        "unit_names": _unit_names(desk.city) if CommitmentAction.REVISE in facts["allowed"] else [],
        "done": done if done in words()["commitment_action"] else "",
    }


async def _of_case(request: web.Request, session: Session, number: str) -> dict[str, Any]:
    """The form as a case fills it in; raises :class:`NotFound` where none can be made of it."""
    process = request.app[PROCESS]
    async with process.database.read() as unit:
        typed = await from_cases.prefilled(process.desk(unit), session.actor, number)
    files, hides = typed.pop("attachments"), typed.pop("hides")
    typed |= {TICKED + file["id"]: "true" for file in files}
    fields = [field for field in forms.inputs_of(FromCase) if field.name != "evidence"]
    return {
        "title": "登记为承诺",
        CASE: number,
        "fields": fields,
        "files": files,
        "hides": hides,
        "typed": typed,
    }


def _ticked(body: dict[str, Any]) -> list[str]:
    """The attachments that were ticked as evidence."""
    return [name.removeprefix(TICKED) for name in body if name.startswith(TICKED)]


def _form(
    request: web.Request, session: Session, facts: dict[str, Any], *, status: int = 200
) -> web.Response:
    usual = {
        "title": "拟定承诺",
        CASE: "",
        "words": words(),
        "fields": forms.inputs_of(making.NewCommitment),
        "unit_names": _unit_names(request.app[PROCESS].city),
    }
    return drawn(request, session, "commitment_new.html", usual | facts, status=status)


def _asked(action: CommitmentAction) -> type[BaseModel]:
    return actions.ACTIONS[action].form


def _standing(facts: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """What a form starts from: to revise is to change what stands; the result of a poll is at hand when its
    step is recorded."""
    co_departments = "、".join(unit["name"] for unit in facts["co_departments"])
    said = facts | {"department": facts["department"]["name"], "co_departments": co_departments}
    revised = {name: said[name] for name in making.Described.model_fields if said[name] is not None}
    started = {CommitmentAction.REVISE.value: revised | {"public": str(facts["public"]).lower()}}
    poll, open_steps = facts["poll"], [step["step"] for step in facts["steps"] if step["state"] == "open"]
    if poll and not poll["open"] and open_steps == [Step.POLL]:
        result = {"step": Step.POLL.value, "state": StepState.DONE.value, "outcome": poll["result"]}
        started[CommitmentAction.RECORD_STEP.value] = result | {"done_on": poll["closed_on"]}
    return started


def _unit_names(city: City) -> list[str]:
    return [unit.name for unit in city.units.values()]
