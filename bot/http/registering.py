"""Cases that came by call, letter, visit or mail: one way to file them for the API and the console."""

from dataclasses import dataclass
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from bot.factory import Process
from bot.nlu.port import Understanding
from intake.actor import Actor
from intake.cases import opening
from intake.desk import Desk
from intake.errors import Invalid
from intake.reporters import add_person
from storage.stores.cases import CaseRow
from storage.vocab import CaseType, Channel, Mode, ReporterKind

EMERGENCY = "emergency"
PHONE = r"^\+?[0-9][0-9 \-]{4,18}[0-9]$"
Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=5000)]
Short = Annotated[str, StringConstraints(strip_whitespace=True, max_length=100)]


class Reporter(BaseModel):
    """Who reported. An anonymous reporter leaves neither name nor phone."""

    model_config = ConfigDict(extra="forbid")

    mode: Mode
    kind: ReporterKind = ReporterKind.CITIZEN
    name: Short = ""
    phone: Annotated[str, StringConstraints(strip_whitespace=True, pattern=f"^$|{PHONE}")] = ""

    @model_validator(mode="after")
    def _anonymous_is_nameless(self) -> "Reporter":
        if self.mode is Mode.ANONYMOUS and (self.name or self.phone):
            raise ValueError("匿名不留姓名和电话")
        return self


class NewCase(BaseModel):
    model_config = ConfigDict(extra="forbid")

    type: CaseType
    channel: Channel
    text: Words
    department: Short = Field(default="", description="code, name or short name")
    urgent: bool = False
    source_number: Annotated[str, StringConstraints(strip_whitespace=True, max_length=64)] = ""
    attachments: list[str] = Field(default_factory=list, max_length=20)
    reporter: Reporter

    @model_validator(mode="after")
    def _not_by_hand(self) -> "NewCase":
        if self.channel is Channel.WECHAT:
            raise ValueError("channel: 微信来件由公众号登记")
        return self


@dataclass(frozen=True, slots=True)
class Registered:
    """The case, and its query code; None where the channel's source number was filed before."""

    case: CaseRow
    query_code: str | None


async def heard(process: Process, asked: NewCase) -> Understanding:
    """What the words say; asked before the unit of work in which :func:`register` files them."""
    return await process.understander.understand(asked.text, today=process.clock.today())


async def register(desk: Desk, actor: Actor, asked: NewCase, said: Understanding) -> Registered:
    """File a case, or find the one that this channel's source number has already; raises :class:`Invalid` for
    a unit or attachments that are not there."""
    if asked.source_number:
        standing = await desk.unit.cases.by_source(asked.channel.value, asked.source_number)
        if standing is not None:
            return Registered(standing, None)
    who = asked.reporter
    reporter_id = await add_person(desk, name=who.name, phone=who.phone, kind=who.kind.value)
    new = opening.NewCase(
        type=asked.type,
        channel=asked.channel,
        text=asked.text,
        reporter_id=reporter_id,
        mode=who.mode,
        reporter_kind=who.kind,
        department=_unit(desk, asked.department),
        urgent=asked.urgent or said.intent == EMERGENCY,
        place=next((place.name for place in desk.city.index.places(asked.text)), None),
        about_commitment=said.about_commitment,
        breach=tuple(said.breach),
        sectors=said.sector_shares(),
        understood=said.source,
        source_number=asked.source_number or None,
    )
    filed = await opening.file_case(desk, actor, new)
    await _attach(desk, actor, filed.case, asked.attachments)
    return Registered(filed.case, filed.query_code)


def _unit(desk: Desk, words: str) -> str | None:
    if not words:
        return None
    unit = desk.city.index.resolve(words)
    if unit is None:
        raise Invalid("没有这个单位", fields={"department": "没有这个单位"})
    return unit.code


async def _attach(desk: Desk, actor: Actor, case: CaseRow, file_ids: list[str]) -> None:
    wanted = set(file_ids)
    if not wanted:
        return
    owner: dict[str, object] = {"uploaded_by": actor.name}
    if await desk.unit.files.attach(sorted(wanted), case_id=case.id, owner=owner) != len(wanted):
        raise Invalid("有附件不存在", fields={"attachments": "有附件不存在或已用在别处"})
