"""即时答复: an inquiry that the registry answers is answered at once, without a unit (domain 3)."""

import re
from dataclasses import dataclass, replace

from pydantic import BaseModel, Field

from intake.actor import SYSTEM, Actor
from intake.cases.fields import Text
from intake.cases.moves import Move, move
from intake.cases.opening import Filed, NewCase, file_case
from intake.commitments.asking import look_up
from intake.commitments.searching import search_commitments, search_guides
from intake.desk import Desk
from intake.errors import Invalid
from intake.notices import tell
from storage.stores.cases import CaseRow
from storage.stores.registry import CommitmentRow, GuideRow
from storage.stores.wanted import PUBLISHED
from storage.vocab import Action, CaseState, CaseType, GuideState, Outcome

MOST_SOURCES = 20
_MARK = re.compile(r"（([^（）]+)）\Z")
NO_SOURCE = "没有这个编号的办事指南或公开承诺"


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


async def sources(desk: Desk, case: CaseRow) -> list[Source]:
    """What an inquiry may well be answered from, likeliest first; any other is named by its code."""
    asked = case.transcript or case.text
    units = frozenset([case.department] if case.department else [])
    found = await look_up(desk, asked, departments=units)
    likely = [found.sure] if found.sure else list(found.likely)
    rows: list[GuideRow | CommitmentRow] = [*await search_guides(desk, asked)]
    rows += await search_commitments(desk, asked)
    listed = {entry.code: Source(entry.code, entry.title, entry.department) for entry in likely}
    listed |= {
        row.code: Source(row.code, row.title, row.department) for row in rows if row.code not in listed
    }
    return list(listed.values())[:MOST_SOURCES]


def answerable(case: CaseRow) -> bool:
    """Whether the case may be answered at once: an inquiry that leads no others."""
    return case.type == CaseType.INQUIRY and not case.linked


async def check_answer_now(desk: Desk, actor: Actor, case: CaseRow, asked: AnswerNow) -> None:
    """Raises :class:`Invalid` for a source that is not there."""
    if await _source(desk, asked.source) is None:
        raise Invalid("没有这个依据", fields={"source": NO_SOURCE})


async def answer_now(desk: Desk, actor: Actor, case: CaseRow, asked: AnswerNow) -> CaseRow:
    """Answer an inquiry and name the source. The unit whose source it is has the case from here on, should
    the reporter want more."""
    text, source = await worded(desk, asked)
    case = await _answered(desk, actor, case, text, source)
    await tell(desk, case, "answered", {}, key=f"{case.id}:{case.last_seq}:answered")
    return case


async def worded(desk: Desk, asked: AnswerNow) -> tuple[str, Source]:
    """The answer with its source below it; raises :class:`Invalid` for a source that is not there."""
    source = await _source(desk, asked.source)
    if source is None:
        raise Invalid("没有这个依据", fields={"source": NO_SOURCE})
    return f"{asked.text}\n\n依据：{source.title}{_mark(source.code)}", source


async def file_answered(desk: Desk, actor: Actor, new: NewCase, asked: AnswerNow) -> Filed | None:
    """File an inquiry and answer it in the same breath: no unit is sent it and nothing is pushed, for the
    caller replies with the answer. None, and nothing is filed, for a source that is not there."""
    try:
        text, source = await worded(desk, asked)
    except Invalid:
        return None
    filed = await file_case(desk, actor, new, dispatch=False)
    return replace(filed, case=await _answered(desk, SYSTEM, filed.case, text, source))


def answered_at_once(case: CaseRow) -> bool:
    """Whether the answer that the reporter has is one of the registry's, which no unit has looked at."""
    answered = case.state in (CaseState.ANSWERED, CaseState.CLOSED)
    return answerable(case) and answered and case.dispatched_at is None and not case.reopened_by_right


def rests_on(case: CaseRow, code: str) -> bool:
    """Whether the case was answered at once from the commitment or guide of that code."""
    return (case.answer or "").endswith(_mark(code))


def source_of(case: CaseRow) -> str:
    """The code of the commitment or guide that the case was answered from at once, or empty."""
    found = _MARK.search(case.answer or "") if answered_at_once(case) else None
    return found[1] if found else ""


def _mark(code: str) -> str:
    return f"（{code}）"


async def _answered(desk: Desk, actor: Actor, case: CaseRow, text: str, source: Source) -> CaseRow:
    outcome = Outcome.EXPLAINED.value
    changes = {"answer": text, "outcome": outcome, "answered_at": desk.now(), "department": source.department}
    payload = {"answer": text, "outcome": outcome, "source": source.code}
    return await move(desk, actor, case, Move(Action.ANSWER_NOW, payload, changes=changes))


async def _source(desk: Desk, code: str) -> Source | None:
    code = code.strip().upper()
    promise = await desk.unit.commitments.get(code)
    told = promise is not None and promise.public and promise.state in PUBLISHED
    guide = (await desk.unit.registry.guides_by_code([code])).get(code)
    row = promise if told else guide if guide and guide.state == GuideState.PUBLISHED else None
    return Source(row.code, row.title, row.department) if row else None
