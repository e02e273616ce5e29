"""即时答复: an inquiry that the registry answers is answered at once, without a unit (domain 3)."""

from dataclasses import dataclass

from pydantic import BaseModel, Field

from intake.actor import Actor
from intake.cases.fields import Text
from intake.cases.moves import Move, move
from intake.desk import Desk
from intake.errors import Invalid
from intake.notices import tell
from storage.stores.cases import CaseRow
from storage.stores.registry import PUBLISHED, CommitmentRow, GuideRow
from storage.vocab import Action, CaseType, Outcome


class AnswerNow(BaseModel):
    """``source``: the code of the public commitment or of the guide that holds the answer."""

    text: Text
    source: str = Field(min_length=1, max_length=64)


@dataclass(frozen=True, slots=True)
class Source:
    """What an answer may rest on, and whose it is."""

    code: str
    title: str
    department: str


async def sources(desk: Desk) -> list[Source]:
    """Everything that an inquiry may be answered from: guides first, then public commitments."""
    rows: list[GuideRow | CommitmentRow] = [*await desk.unit.registry.guides()]
    rows += await desk.unit.registry.commitments()
    return [Source(row.code, row.title, row.department) for row in rows]


def answerable(case: CaseRow) -> bool:
    """Whether the case may be answered at once: an inquiry that leads no others."""
    return case.type == CaseType.INQUIRY and not case.linked


async def check_answer_now(desk: Desk, actor: Actor, case: CaseRow, asked: AnswerNow) -> None:
    """Raises :class:`Invalid` for a source that is not there."""
    if await _source(desk, asked.source) is None:
        raise Invalid("没有这个依据", fields={"source": "没有这个编号的办事指南或公开承诺"})


async def answer_now(desk: Desk, actor: Actor, case: CaseRow, asked: AnswerNow) -> CaseRow:
    """Answer an inquiry and name the source. The unit whose source it is has the case from here on, should
    the reporter want more."""
    source = await _source(desk, asked.source)
    assert source is not None
    text = f"{asked.text}\n\n依据：{source.title}（{source.code}）"
    outcome = Outcome.EXPLAINED.value
    changes = {"answer": text, "outcome": outcome, "answered_at": desk.now(), "department": source.department}
    payload = {"answer": text, "outcome": outcome, "source": source.code}
    case = await move(desk, actor, case, Move(Action.ANSWER_NOW, payload, changes=changes))
    await tell(desk, case, "answered", {}, key=f"{case.id}:{case.last_seq}:answered")
    return case


async def _source(desk: Desk, code: str) -> Source | None:
    code = code.strip().upper()
    promise = await desk.unit.commitments.get(code)
    told = promise is not None and promise.public and promise.state in PUBLISHED
    row = promise if told else (await desk.unit.registry.guides_by_code([code])).get(code)
    return Source(row.code, row.title, row.department) if row else None
