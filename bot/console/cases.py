"""One case, and what can be done to it."""

from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from aiohttp import web

from bot.console import forms, previewing
from bot.console.door import back_to, drawn
from bot.console.live import stream_of
from bot.console.navigation import came
from bot.console.triage import suggested
from bot.console.waiting import causes, given_back
from bot.console.words import words
from bot.http import csrf, posted
from bot.http.attachments import hand_out
from bot.http.keys import PROCESS
from bot.http.pages import see_other
from bot.http.problems import ForgedForm, TooLarge, status_of
from bot.http.sessions import Session
from intake import answered, canned
from intake.actor import OF_ONE_UNIT
from intake.cases import actions, claims, informing, promised, seeing
from intake.cases.similar import similar
from intake.cases.thread import thread
from intake.clock import local
from intake.commitments.from_cases import can_start
from intake.desk import Desk
from intake.errors import NotFound, Refused, StaleVersion
from intake.reminders import reading
from intake.reporters import Known, check_left_any, open_identity
from storage.stores.cases import CaseRow
from storage.unit import Unit
from storage.vocab import Action, Channel, Mode, Role

CANNED, SEEN = "canned", "seen"
UNIT_NAMING = {Action.ASK_UNIT, Action.DISPATCH, Action.REQUEST_RETURN, Action.RULE_RETURN}


async def one(request: web.Request, session: Session) -> web.StreamResponse:
    """One case with its timeline, clocks, attachments and the actions that this person has."""
    process = request.app[PROCESS]
    async with process.database.read() as unit:
        facts = await _facts(process.desk(unit), session, request)
    return drawn(request, session, "case.html", facts)


async def act(request: web.Request, session: Session) -> web.StreamResponse:
    """Do one action; where it is refused the page comes back with the reason and what was typed."""
    process, action = request.app[PROCESS], request.match_info["action"]
    number = request.match_info["tracking_no"]
    told = posted.Posted({})
    try:
        told = await posted.read(request)
        told = replace(told, body=forms.LEFT_EMPTY.get(action, {}) | forms.gathered(told.body))
        csrf.check(process.vault, session.token, told.csrf)
        told = await posted.with_files(told, process, session.actor)

        async def work(unit: Unit) -> CaseRow:
            return await actions.perform(process.desk(unit), session.actor, number, action, told.body)

        case = await process.database.run(work)
    except NotFound:
        raise
    except Refused as refused:
        return await _again(request, session, refused, told)
    onward = f"/console/cases/{case.tracking_no}?{urlencode({'done': action, **came(request.query)})}"
    return see_other(back_to(told.back) if told.back else onward)


async def insert(request: web.Request, session: Session) -> web.StreamResponse:
    """Put a canned answer behind what is typed so far; nothing is done to the case yet."""
    process, told = request.app[PROCESS], posted.Posted({})
    try:
        told = await posted.read(request)
        body = forms.gathered(told.body)
        csrf.check(process.vault, session.token, told.csrf)
        told = await posted.with_files(replace(told, body=body), process, session.actor)
        async with process.database.read() as unit:
            desk = process.desk(unit)
            case = await seeing.find(desk, session.actor, request.match_info["tracking_no"])
            row = await canned.one(desk, session.actor, _number(told.body.pop(CANNED, "")))
            words = [told.body.get("text", ""), canned.filled(desk, case, row)]
            facts = await _facts(desk, session, request)
    except Refused as refused:
        return await _again(request, session, refused, told)
    typed = told.body | {"text": "\n".join(filter(None, words))}
    return drawn(request, session, "case.html", facts | {"typed": typed, "tried": Action.ANSWER.value})


async def preview(request: web.Request, session: Session) -> web.StreamResponse:
    """Show what the reporter will get, word for word; nothing is done to the case yet."""
    process, told = request.app[PROCESS], posted.Posted({})
    try:
        told = await posted.read(request)
        told = replace(told, body=forms.gathered(told.body))
        csrf.check(process.vault, session.token, told.csrf)
        told = await posted.with_files(told, process, session.actor)
        async with process.database.read() as unit:
            desk = process.desk(unit)
            facts = await _facts(desk, session, request)
            shown = await previewing.shown(desk, facts["row"], request.match_info["action"], told.body)
    except NotFound:
        raise
    except Refused as refused:
        return await _again(request, session, refused, told)
    more = {"preview": shown, "typed": told.body, "tried": request.match_info["action"]}
    return drawn(request, session, "case.html", facts | more)


async def identity(request: web.Request, session: Session) -> web.StreamResponse:
    """Open who reported, once, on this page alone; the look is in the archive with its reason."""
    process = request.app[PROCESS]
    data = await request.post()
    reason = str(data.get("reason", "")).strip()[:1000]

    async def work(unit: Unit) -> Known:
        desk = process.desk(unit)
        case = await seeing.find(desk, session.actor, request.match_info["tracking_no"], lock=True)
        check_left_any(case)
        return await open_identity(desk, session.actor, case, reason)

    try:
        csrf.check(process.vault, session.token, data.get(csrf.FIELD))
        known = await process.database.run(work)
    except NotFound:
        raise
    except Refused as refused:
        return await _again(request, session, refused, posted.Posted({"identity_reason": reason}))
    async with process.database.read() as unit:
        facts = await _facts(process.desk(unit), session, request)
    return drawn(request, session, "case.html", facts | {"known": known})


async def attachment(request: web.Request, session: Session) -> web.StreamResponse:
    return await hand_out(request, session.actor, request.match_info["id"])


async def _again(
    request: web.Request, session: Session, refused: Refused, told: posted.Posted
) -> web.Response:
    """The page as it stands now, with the refusal, what was typed, and what changed meanwhile."""
    process, action = request.app[PROCESS], request.match_info.get("action", _tried(request))
    async with process.database.read() as unit:
        facts = await _facts(process.desk(unit), session, request)
    faults = dict(refused.facts.get("fields", {}))
    if action in actions.ACTIONS and not isinstance(refused, ForgedForm | TooLarge):
        faults |= forms.faults_of(Action(action), told.body)
    facts |= {"refused": refused.detail, "faults": faults, "typed": told.body, "tried": action}
    if isinstance(refused, StaleVersion):
        facts["changed"] = [event for event in facts["case"]["events"] if event["seq"] > told.seen]
    return drawn(request, session, "case.html", facts, status=status_of(refused))


async def _facts(desk: Desk, session: Session, request: web.Request) -> dict[str, Any]:
    actor = session.actor
    tip = await desk.unit.news.tip()
    case = await seeing.find(desk, actor, request.match_info["tracking_no"])
    hidden = await desk.unit.cases.hidden_from(case.id)
    may = await actions.may_do(desk, actor, case)
    told = await seeing.details(desk, case)
    done, seen = request.query.get("done", ""), _number(request.query.get(SEEN, "")) or case.last_seq
    return {
        "title": case.tracking_no,
        "live": stream_of(tip, case.tracking_no),
        "watch": f"/console/cases/{case.tracking_no}?{urlencode({SEEN: seen, **came(request.query)})}",
        "news": [event for event in told["events"] if event["seq"] > seen],
        "words": words(),
        "now": local(desk.now()).isoformat(timespec="seconds"),
        "row": case,
        "case": told,
        "thread": thread(told),
        "reminders": await reading.of_case(desk, actor, case.id),
        "previews": sorted(previewing.NOTICES),
        "causes": causes(told["events"], may),
        "standing": {
            Action.ANSWER.value: given_back(told["events"]),
            Action.SET_CLAIMS.value: {"claims": claims.offered(case)},
        },
        "preview": await previewing.of_approval(desk, case) if Action.APPROVE in may else None,
        "forms": {action.value: forms.fields_of(action) for action in sorted(may, key=_hearing_first)},
        "similar": await similar(desk, actor, case) if Action.MERGE in may else [],
        "promises": await promised.suggested(desk, actor, case) if Action.LINK_COMMITMENT in may else [],
        "suggested": suggested(case, hidden) if Action.DISPATCH in may else [],
        "unit_names": _unit_names(desk, hidden) if UNIT_NAMING & set(may) else [],
        "canned": await canned.listed(desk, actor) if Action.ANSWER in may else [],
        "sources": await informing.sources(desk, case) if Action.ANSWER_NOW in may else [],
        "starts_commitment": can_start(actor, case),
        "keeps_answer": answered.can_be_kept(actor, case),
        "opens_identity": _opens_identity(session, case),
        "done": done if done in words()["action"] else "",
        "stood": "standing" in request.query,
        "known": None,
        "refused": "",
        "faults": {},
        "typed": {},
        "tried": "",
        "changed": [],
    }


def _tried(request: web.Request) -> str:
    """Which form of the page was sent, where its address names no action."""
    return Action.ANSWER.value if request.path.endswith(f"/{CANNED}") else "identity"


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0


def _hearing_first(action: Action) -> bool:
    """As a sort key: what a recording says is needed before anything else."""
    return action is not Action.TRANSCRIBE


def _unit_names(desk: Desk, hidden: set[str]) -> list[str]:
    return [unit.name for code, unit in desk.city.units.items() if code not in hidden]


def _opens_identity(session: Session, case: CaseRow) -> bool:
    """Whether the page offers to open the identity; the command decides (``intake.reporters``)."""
    actor = session.actor
    if actor.role is Role.CUSTODIAN:
        return True
    if case.mode != Mode.NAMED:
        return False
    if actor.role in OF_ONE_UNIT:
        return actor.department == case.department
    return actor.role is Role.DISPATCHER and case.channel != Channel.WECHAT
