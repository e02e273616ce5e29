"""办事指南: written as a draft, published by the head of the unit, changed, retired; never deleted, and every
change stands in the archive with who made it."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from intake import archive
from intake.actor import OF_ONE_UNIT, Actor
from intake.clock import local
from intake.commitments.making import Contact, Line, Title
from intake.commitments.searching import search_guides
from intake.desk import Desk
from intake.errors import Invalid, NotFound, StaleVersion, WrongRole
from intake.forms import checked, versioned
from storage.stores.registry import GuideRow
from storage.vocab import GuideAction, GuideState, Role

SUBJECT, PREFIX = "guide", "ZN"
WRITERS = OF_ONE_UNIT | {Role.DISPATCHER, Role.ADMIN}
PUBLISHERS = WRITERS - {Role.HANDLER}
CONTENT = ("title", "department", "steps", "cautions", "documents", "place", "time_limit", "phone")
_BECAME = {
    GuideState.PUBLISHED: GuideAction.PUBLISH,
    GuideState.RETIRED: GuideAction.RETIRE,
    GuideState.DRAFT: GuideAction.REDRAFT,
}


def _lines(given: object) -> object:
    """A list as a form sends it, an item a line."""
    return [line for line in given.splitlines() if line.strip()] if isinstance(given, str) else given


Item = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]
Items = Annotated[list[Item], BeforeValidator(_lines), Field(max_length=50)]


class Guide(BaseModel):
    """What a guide says, whole. ``department``: code, name or short name; left out, it is the unit that has
    the guide, or the writer's own. Lists may come as a text, an item a line."""

    model_config = ConfigDict(extra="forbid")

    title: Title
    department: Line = ""
    steps: Annotated[Items, Field(min_length=1)]
    cautions: Items = []
    documents: Items = []
    place: Line = ""
    time_limit: Contact = ""
    phone: Contact = ""
    state: GuideState | None = None


class NewGuide(Guide):
    """``code`` is given by the office where it is left out; without ``state`` it is a draft."""

    code: Annotated[str, Field(pattern=r"^\w[\w.()〔〕-]{0,63}$")] | None = None


async def listed(
    desk: Desk,
    *,
    q: str | None = None,
    department: str | None = None,
    state: GuideState | None = None,
    everything: bool = False,
) -> list[GuideRow]:
    """Guides by code, or those that answer to ``q``, best first: the published ones; to staff all but the
    retired, unless those are asked for.

    Raises :class:`Invalid` for an unknown unit.
    """
    code = _unit(desk, department) if department else None
    usual = (GuideState.DRAFT, GuideState.PUBLISHED) if everything else (GuideState.PUBLISHED,)
    states = {state} if state is not None else set(usual)
    if not everything:
        states &= {GuideState.PUBLISHED}
    if not (q and q.strip()):
        return await desk.unit.registry.guides(states=states, department=code)
    found = await search_guides(desk, q, everything=everything)
    return [row for row in found if row.state in states and code in (None, row.department)]


async def find(desk: Desk, code: str, *, everything: bool = False, lock: bool = False) -> GuideRow:
    """One guide; raises :class:`NotFound`, for everybody but staff also where it is not published."""
    row = (await desk.unit.registry.guides_by_code([code], lock=lock)).get(code)
    if row is None or not (everything or row.state == GuideState.PUBLISHED):
        raise NotFound("没有这份办事指南")
    return row


async def create(desk: Desk, actor: Actor, body: Mapping[str, Any]) -> GuideRow:
    """Write a guide down; raises :class:`WrongRole`, then :class:`Invalid`."""
    _check_writer(actor, body.get("state"))
    asked = checked(NewGuide, body)
    values = _described(desk, actor, asked, standing="")
    code = asked.code or await _new_code(desk)
    if await desk.unit.registry.guides_by_code([code]):
        raise Invalid("填写有误", fields={"code": "这个编号已经用过"})
    state = asked.state or GuideState.DRAFT
    if state is GuideState.RETIRED:
        raise Invalid("填写有误", fields={"state": "新写的只能是草稿或发布"})
    changed = {name: [None, value] for name, value in values.items() if value}
    tip = await _recorded(
        desk,
        actor,
        code,
        archive.Tip(0, ""),
        action=GuideAction.CREATE,
        states=(None, state),
        changed=changed,
    )
    stamps = {"state": state.value, "last_seq": tip.seq, "last_hash": tip.hash}
    await desk.unit.registry.add_guides([{"code": code, **values, **stamps}], desk.now())
    return await find(desk, code, everything=True)


async def change(desk: Desk, actor: Actor, code: str, body: Mapping[str, Any]) -> GuideRow:
    """Write a guide anew as it stood at ``body['version']``, and publish, retire or take it back as ``state``
    says.

    Raises, in this order: :class:`NotFound`, :class:`WrongRole`, :class:`Invalid`, :class:`StaleVersion`.
    """
    row = await find(desk, code, everything=True, lock=True)
    if not may_change(actor, row):
        raise WrongRole("这份指南由本单位的人修改；已发布的由负责人修改")
    _check_writer(actor, body.get("state"))
    asked, version = versioned(Guide, body)
    values = _described(desk, actor, asked, standing=row.department)
    if version != row.version:
        raise StaleVersion("这份指南已经有了变化，请看过再改", version=row.version, state=row.state)
    state = asked.state or GuideState(row.state)
    changed = {
        name: [getattr(row, name), value] for name, value in values.items() if getattr(row, name) != value
    }
    if not changed and state == row.state:
        return row
    action = GuideAction.CHANGE if state == row.state else _BECAME[state]
    tip = archive.Tip(row.last_seq, row.last_hash)
    tip = await _recorded(desk, actor, code, tip, action=action, states=(row.state, state), changed=changed)
    stamps = {"state": state.value, "last_seq": tip.seq, "last_hash": tip.hash}
    await desk.unit.registry.change_guides([{"code": code, **values, **stamps}], desk.now())
    return await find(desk, code, everything=True)


def may_change(actor: Actor, row: GuideRow) -> bool:
    """Whether the actor may write this guide anew: a handler only her own unit's drafts."""
    own = actor.role not in OF_ONE_UNIT or actor.department == row.department
    return actor.role in WRITERS and own and (actor.role in PUBLISHERS or row.state == GuideState.DRAFT)


def facts_of(desk: Desk, row: GuideRow) -> dict[str, Any]:
    """A guide as it is shown."""
    return {
        **{name: getattr(row, name) for name in ("code", *CONTENT, "state", "version")},
        "department": {"code": row.department, "name": desk.city.unit_name(row.department)},
        "updated_at": _moment(row.updated_at),
    }


async def history(desk: Desk, row: GuideRow) -> list[dict[str, Any]]:
    """Who changed what, oldest first; ``changed`` has of each field what stood and what stands since. Nothing
    of what a file brought."""
    return [
        {
            "seq": event.seq,
            "at": _moment(event.at),
            "actor": event.actor,
            "role": event.actor_role,
            "action": event.action,
            "from": event.from_state,
            "to": event.to_state,
            "changed": (event.body or {}).get("changed", {}),
            "hash": event.hash,
            "previous": event.previous,
        }
        for event in await desk.unit.events.of(SUBJECT, row.code)
    ]


def _check_writer(actor: Actor, state: object) -> None:
    if actor.role not in WRITERS:
        raise WrongRole("您的岗位不能写办事指南")
    if actor.role not in PUBLISHERS and state not in (None, "", GuideState.DRAFT):
        raise WrongRole("发布和停用由承办单位负责人或受理员决定")


def _described(desk: Desk, actor: Actor, asked: Guide, *, standing: str) -> dict[str, Any]:
    """The columns that a guide comes to; raises :class:`Invalid` for a unit that is none or another's."""
    own = actor.department if actor.role in OF_ONE_UNIT else None
    code = _unit(desk, asked.department) if asked.department else standing or own
    if code is None:
        raise Invalid("填写有误", fields={"department": "要填写"})
    if own and code != own:
        raise Invalid("填写有误", fields={"department": "只能写本单位的办事指南"})
    return asked.model_dump(include=set(CONTENT)) | {"department": code}


def _unit(desk: Desk, name: str) -> str:
    unit = desk.city.index.resolve(name)
    if unit is None:
        raise Invalid("没有这个单位", fields={"department": "没有这个单位"})
    return unit.code


async def _recorded(
    desk: Desk,
    actor: Actor,
    code: str,
    tip: archive.Tip,
    *,
    action: GuideAction,
    states: tuple[str | None, str],
    changed: dict[str, Any],
) -> archive.Tip:
    return await archive.record(
        desk.unit,
        subject=(SUBJECT, code),
        tip=tip,
        at=desk.now(),
        actor=actor,
        action=action.value,
        states=states,
        payload={"changed": changed},
    )


async def _new_code(desk: Desk) -> str:
    """``ZN2026-0001``: the next number of the year that no file has used."""
    year = desk.clock.today().year
    while True:
        serial = await desk.unit.cases.next_serial(PREFIX, date(year, 1, 1))
        code = f"{PREFIX}{year}-{serial:04d}"
        if not await desk.unit.registry.guides_by_code([code]):
            return code


def _moment(at: Any) -> str:
    return local(at).isoformat(timespec="seconds")
