"""Filing a case: number, query code, routing, first clocks. The same for every channel (domain 3)."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from intake import archive
from intake.actor import SYSTEM, Actor
from intake.cases.moves import Move, move, start_clocks
from intake.cases.numbering import new_query_code, tracking_no
from intake.clock import local
from intake.commitments.spoken import spoken_of
from intake.desk import Desk
from intake.reporters import kept_words
from intake.routing.around import Route, handling_unit, hidden_units
from intake.routing.match import Ranking, rank
from storage.stores.cases import CaseRow
from storage.vocab import Action, CaseState, CaseType, Channel, ClockKind, Mode, ReporterKind, Role

SEALED_TEXT = "case text"


@dataclass(frozen=True, slots=True)
class NewCase:
    """What is known when a case is filed.

    ``text`` as typed (masked here where the mode asks for it); ``department`` a code that a person chose;
    ``understood`` says who judged it: rasa, rules, staff or none. ``about_commitment`` 0–1. ``sectors``
    are the kinds of office that understanding named, with their shares. ``commitment``: the code of the
    public commitment that the reporter says it is about, ``promised_by`` the unit whose it is;
    ``promises`` what :func:`promises` gave for the same words, where somebody has asked already.
    """

    type: CaseType
    channel: Channel
    text: str
    reporter_id: str
    mode: Mode = Mode.NAMED
    reporter_kind: ReporterKind = ReporterKind.CITIZEN
    department: str | None = None
    urgent: bool = False
    place: str | None = None
    about_commitment: float = 0.0
    breach: tuple[tuple[str, float], ...] = ()
    sectors: Mapping[str, float] = field(default_factory=dict)
    promise: str | None = None
    commitment: str | None = None
    promised_by: str | None = None
    promises: tuple[dict[str, Any], ...] | None = None
    understood: str = "none"
    awaits_transcript: bool = False
    source_number: str | None = None
    file_ids: tuple[str, ...] = ()
    facts: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Filed:
    """What the reporter gets: the case, the query code (shown this once), and where it went and why."""

    case: CaseRow
    query_code: str
    route: Route


def propose(desk: Desk, new: NewCase) -> tuple[Ranking, Route]:
    """Where the case would go as it stands: what the confirmation shows and what filing does."""
    city = desk.city
    hints = (city.unit_name(new.department),) if new.department else ()
    ranking = rank(new.text, city.index, case_type=new.type, hints=hints, sectors=new.sectors)
    if new.promised_by and new.type is CaseType.COMPLAINT:  # its broken promise is the subject (domain 6)
        ranking = replace(ranking, accused=tuple(dict.fromkeys((*ranking.accused, new.promised_by))))
    route = handling_unit(
        ranking,
        case_type=new.type,
        mode=new.mode,
        about_commitment=new.about_commitment,
        units=city.units,
        chosen=new.department,
    )
    return ranking, route


async def file_case(desk: Desk, actor: Actor, new: NewCase, *, dispatch: bool = True) -> Filed:
    """File one case and dispatch it where the routing is sure; without ``dispatch`` it stays where it is.

    A case that waits for a transcript goes to the dispatcher whatever it seems to be.
    """
    ranking, route = propose(desk, new)
    case, code = await _open(desk, actor, new, ranking, route)
    hidden = hidden_units(ranking, case_type=new.type, mode=new.mode, units=desk.city.units)
    if hidden:
        await desk.unit.cases.hide_from(case.id, sorted(hidden))
    if new.file_ids:
        await desk.unit.files.attach(
            list(new.file_ids), case_id=case.id, owner={"reporter_id": new.reporter_id}
        )
    await start_clocks(desk, case, [ClockKind.DISPATCH], desk.now())
    if dispatch and route.sure and route.department and not new.awaits_transcript:
        case = await move(desk, SYSTEM, case, dispatch_to(desk, route.department, route.reason, quiet=True))
    return Filed(case, code, route)


def dispatch_to(desk: Desk, department: str, reason: str, *, quiet: bool = False) -> Move:
    """The step that sends a case to a unit."""
    return Move(
        Action.DISPATCH,
        {"department": department, "name": desk.city.unit_name(department), "reason": reason},
        changes={
            "department": department,
            "route_reason": reason[:300],
            "dispatched_at": desk.now(),
            "assignee": None,
        },
        quiet=quiet,
    )


async def _open(
    desk: Desk, actor: Actor, new: NewCase, ranking: Ranking, route: Route
) -> tuple[CaseRow, str]:
    at, case_id, code = desk.now(), secrets.token_hex(16), new_query_code()
    shown = await _kept(desk, new, new.text)
    values = {
        "id": case_id,
        "tracking_no": await _number(desk, new.type),
        "type": new.type.value,
        "state": CaseState.RECEIVED.value,
        "channel": new.channel.value,
        "source_number": new.source_number,
        "reporter_id": new.reporter_id,
        "mode": new.mode.value,
        "reporter_kind": new.reporter_kind.value,
        "text": shown,
        "awaits_transcript": new.awaits_transcript,
        "urgent": new.urgent,
        "place": new.place,
        "about_commitment": round(new.about_commitment, 3),
        "breach": [
            {"code": breach, "score": round(score, 3)}
            for breach, score in new.breach
            if new.type is CaseType.COMPLAINT
        ],
        "promise": (await _kept(desk, new, new.promise or ""))[:300] or None,
        "commitment": new.commitment,
        "commitment_by": Role.CITIZEN.value if new.commitment else None,
        "accused": list(ranking.accused),
        "accuses_people": ranking.accuses_people,
        "suggestion": suggestion(desk, ranking),
        "understood": new.understood,
        "route_reason": route.reason[:300],
        "query_code": desk.vault.code_digest(case_id, code),
        "rules_version": desk.city.rules_version,
        "created_at": at,
        "updated_at": at,
    }
    payload = {
        key: values[key]
        for key in ("tracking_no", "type", "channel", "mode", "reporter_kind", "text", "urgent")
    }
    found = new.promises if new.promises is not None else await promises(desk, ranking, new.text)
    if found:
        payload["commitment_suggestion"] = list(found)
    if new.commitment:
        payload["commitment"] = new.commitment
    facts = {
        name: await _kept(desk, new, fact) if isinstance(fact, str) else fact
        for name, fact in new.facts.items()
    }
    tip = await archive.record(
        desk.unit,
        subject=("case", case_id),
        tip=archive.Tip(0, ""),
        at=at,
        actor=actor,
        action=Action.FILE.value,
        states=(None, CaseState.RECEIVED.value),
        payload={**payload, "suggestion": values["suggestion"], "understood": new.understood, **facts},
    )
    case = await desk.unit.cases.add({**values, "last_seq": tip.seq, "last_hash": tip.hash})
    if shown != new.text:
        await desk.unit.identities.seal_text(case_id, desk.vault.seal(new.text, SEALED_TEXT))
    return case, code


async def _kept(desk: Desk, new: NewCase, words: str) -> str:
    return await kept_words(desk, new.reporter_id, new.mode, words)


def suggestion(desk: Desk, ranking: Ranking) -> list[dict[str, Any]]:
    """The ranked units as the case keeps them and the dispatcher sees them."""
    return [
        {
            "code": candidate.code,
            "name": desk.city.unit_name(candidate.code),
            "score": round(candidate.score, 3),
            "reason": candidate.reason,
        }
        for candidate in ranking.candidates[:5]
    ]


async def promises(desk: Desk, ranking: Ranking, text: str) -> list[dict[str, Any]]:
    """The registered public commitments that a text may speak of, best first, for a person to confirm."""
    known = await spoken_of(desk.unit, text)
    return [match.as_json() for match in known.best(text, departments=ranking.likely)]


async def _number(desk: Desk, kind: CaseType) -> str:
    day = local(desk.now()).date()
    return tracking_no(kind, day, await desk.unit.cases.next_serial(kind.value[:2], day))
