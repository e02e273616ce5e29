"""What people corrected, what the last measurement said, and which model answers."""

import asyncio
from typing import Any
from urllib.parse import urlencode

from aiohttp import web

from bot.console.door import drawn, refusal_of, typed_in
from bot.http.keys import PROCESS
from bot.http.pages import see_other
from bot.http.problems import status_of
from bot.http.sessions import Session
from bot.nlu.trained import REPORT, offered, report, stored
from intake import learning, model_choice
from intake.errors import NotFound, WrongRole
from storage.unit import Unit
from storage.vocab import CaseType, ExampleState, Origin, Role

PATH = "/console/learning"
PAGE = 30
WORST = 30
PICTURES = ("confusion.png", "calibration.png")
MEASURED = "third.json"  # the set written apart that is drawn as well: nlu_data/evaluate.py
FIGURES = {
    "accuracy": "准确率",
    "macro_f1": "各意图 F1 平均",
    "complaint_vs_inquiry": "投诉与咨询分得对",
    "entity_f1": "实体 F1",
    "routing_top1": "单位第一位就对",
    "routing_top3": "前三位里有对的",
    "about_commitment_auc": "是否关于承诺（AUC）",
    "breach_top1": "失信类别第一位",
    "emergency_recall": "紧急情况召回",
    "calibration_error": "置信度偏差（ECE）",
}
Facts = dict[str, Any]


async def listed(request: web.Request, session: Session) -> web.StreamResponse:
    """The examples, filtered by the address, beside the report."""
    return await _drawn(request, session, {})


async def decide(request: web.Request, session: Session) -> web.StreamResponse:
    """Accept or refuse one example; where it is refused what was typed stays."""
    process, data = request.app[PROCESS], await request.post()
    number = int(request.match_info["id"])
    typed = {name: typed_in(data, name) for name in ("text", "intent", "department")}
    state = ExampleState.ACCEPTED if data.get("decision") == "accepted" else ExampleState.REFUSED

    async def work(unit: Unit) -> None:
        await learning.decide(process.desk(unit), session.actor, number, state, **typed)

    if refused := await refusal_of(request, session, data, work):
        facts = {"refused": refused.detail, "typed": typed, "tried": number}
        return await _drawn(request, session, facts, status=status_of(refused))
    return see_other(f"{PATH}?done=1")


async def choose(request: web.Request, session: Session) -> web.StreamResponse:
    """Choose a model that passed the gate, or the one before."""
    process, data = request.app[PROCESS], await request.post()
    name = str(data.get("name", ""))
    known = await asyncio.to_thread(offered)

    async def work(unit: Unit) -> None:
        desk = process.desk(unit)
        if "back" in data:
            await model_choice.back(desk, session.actor)
        else:
            await model_choice.want(desk, session.actor, name, offered=known)

    if refused := await refusal_of(request, session, data, work):
        return await _drawn(request, session, {"refused": refused.detail}, status=status_of(refused))
    return see_other(f"{PATH}?chosen=1")


async def picture(request: web.Request, session: Session) -> web.StreamResponse:
    """A picture of the last measurement."""
    path = REPORT / request.match_info["name"]
    if path.name not in PICTURES or session.actor.role not in learning.READERS or not path.is_file():
        raise NotFound("没有这个页面")
    return web.Response(body=await asyncio.to_thread(path.read_bytes), content_type="image/png")


async def _drawn(
    request: web.Request, session: Session, facts: Facts, *, status: int = 200
) -> web.StreamResponse:
    process, asked = request.app[PROCESS], request.query
    state = _one_of(ExampleState, asked.get("state", ""))
    origin = _one_of(Origin, asked.get("origin", ""))
    before = asked.get("before", "")
    below = int(before) if before.isascii() and before.isdigit() and len(before) < 19 else None
    try:
        async with process.database.read() as unit:
            desk = process.desk(unit)
            rows = await learning.listed(
                desk, session.actor, state=state, origin=origin, before=below, limit=PAGE
            )
            counts, choice = await unit.learning.counts(), await unit.learning.choice()
    except WrongRole:
        raise NotFound("没有这个页面") from None
    kept = {name: value for name, value in (("state", state), ("origin", origin)) if value}
    onward = urlencode({**kept, "before": rows[-1].id}) if len(rows) == PAGE else ""
    usual: Facts = {
        "title": "学习",
        "rows": rows,
        "counts": counts,
        "choice": choice,
        "answering": choice.answering or process.rasa.model or "",
        "asked": {"state": state, "origin": origin},
        "choices": {"state": list(ExampleState), "origin": list(Origin), "type": list(CaseType)},
        "unit_name": process.city.unit_name,
        "may_decide": session.actor.role is Role.ADMIN,
        "next_page": f"{PATH}?{onward}" if onward else "",
        "refused": "",
        "typed": {},
        "tried": 0,
        "done": "done" in asked,
        "chosen": "chosen" in asked,
        **await asyncio.to_thread(_measured),
    }
    return drawn(request, session, "learning.html", usual | facts, status=status)


def _one_of(kind: type[ExampleState] | type[Origin], given: str) -> str:
    return given if given in set(kind) else ""


def _measured() -> Facts:
    """The models of this machine and the last reports, as far as there are any."""
    apart, held = report(MEASURED), report("report.json").get("held_out", {})
    whole = apart or held
    f1, both = whole.get("f1") or {}, whole.get("by_intent") or {}
    return {
        "models": stored(),
        "measured": str(apart.get("model") or report("report.json").get("model") or ""),
        "figures": [(words, whole[name]) for name, words in FIGURES.items() if name in whole],
        "intents": [(name, *both.get(name, ("", "", ""))[:2], value) for name, value in sorted(f1.items())],
        "wrong": (apart.get("wrong") or [])[:WORST],
        "calibration": apart.get("calibration") or [],
        "pictures": [name for name in PICTURES if (REPORT / name).is_file()],
    }
