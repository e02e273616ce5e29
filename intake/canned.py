"""常用答复: what a unit says again and again, kept by its own people and filled in for a case."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints

from intake.actor import OF_ONE_UNIT, Actor
from intake.clock import local
from intake.desk import Desk
from intake.errors import Invalid, NotFound, WrongRole
from storage.stores.canned import CannedRow
from storage.stores.cases import CaseRow

Title = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]
Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]


class NewCanned(BaseModel):
    """``text`` may hold {单号}, {单位} and {日期}."""

    model_config = ConfigDict(extra="forbid")

    title: Title
    text: Words


class CannedChange(BaseModel):
    """What is left out stays. A ``retired`` one is offered no more; what was answered with it stays."""

    model_config = ConfigDict(extra="forbid")

    title: Title | None = None
    text: Words | None = None
    retired: bool | None = None


async def listed(desk: Desk, actor: Actor) -> list[CannedRow]:
    """Those of the actor's unit, by title; raises :class:`WrongRole` for who is of none."""
    return await desk.unit.canned.of_unit(_unit(actor))


async def add(desk: Desk, actor: Actor, asked: NewCanned) -> CannedRow:
    """Keep another one for the actor's unit; raises :class:`WrongRole`."""
    values = {"department": _unit(actor), "title": asked.title, "text": asked.text}
    return await desk.unit.canned.add(values | {"retired": False} | _stamp(desk, actor))


async def change(desk: Desk, actor: Actor, number: int, asked: CannedChange) -> CannedRow:
    """Change or retire one; raises :class:`WrongRole`, :class:`NotFound` for other units', :class:`Invalid`
    where nothing is asked for."""
    row = await one(desk, actor, number)
    values = asked.model_dump(exclude_none=True)
    if not values:
        raise Invalid("没有要改的", fields={"text": "写明要改什么"})
    return await desk.unit.canned.change(row.id, values | _stamp(desk, actor))


async def one(desk: Desk, actor: Actor, number: int) -> CannedRow:
    """One of the actor's unit; raises :class:`WrongRole`, :class:`NotFound`."""
    row = await desk.unit.canned.get(number, _unit(actor))
    if row is None:
        raise NotFound("没有这条常用答复")
    return row


def filled(desk: Desk, case: CaseRow, row: CannedRow) -> str:
    """The words for one case: number, the unit that answers, today's date in the places that ask for them."""
    today = local(desk.now()).date()
    places = {
        "{单号}": case.tracking_no,
        "{单位}": desk.city.unit_name(row.department),
        "{日期}": f"{today.year}年{today.month}月{today.day}日",
    }
    text = row.text
    for place, words in places.items():
        text = text.replace(place, words)
    return text


def _unit(actor: Actor) -> str:
    if actor.role not in OF_ONE_UNIT or actor.department is None:
        raise WrongRole("常用答复由承办单位自己管理")
    return actor.department


def _stamp(desk: Desk, actor: Actor) -> dict[str, object]:
    return {"changed_at": desk.now(), "changed_by": actor.name}
