"""登记为承诺: a promise that a complaint shows to be real, and that nobody had registered, is written down.

Nothing of the reporter goes into the commitment, which all staff and perhaps everybody reads: words are
masked in every mode, and of a case that goes around a unit there are none to start from. Its attachments are
named to those alone who see the case.
"""

import re
from typing import Any

from pydantic import Field

from intake.actor import Actor
from intake.cases import promised, seeing
from intake.commitments import making
from intake.commitments.making import NewCommitment
from intake.desk import Desk
from intake.errors import Invalid, Merged, NotFound, WrongRole
from intake.forms import checked
from intake.reporters import hidden_words
from storage.stores.cases import CaseRow
from storage.stores.registry import CommitmentRow
from storage.vocab import Breach, Category, Role

LONGEST = 60  # characters of a title
_SENTENCE = re.compile(r"[^\n。！!？?；;]+")
_DOCUMENT = re.compile(r"《[^《》\n]{2,60}》|会议纪要|合作协议|投资协议|协议书|承诺书|备忘录|合同|批复|复函")
_NUMBER = re.compile(r"[\u4e00-\u9fff]{1,10}[〔\[（(]\d{4}[〕\]）)]\d{1,5}号")


class FromCase(NewCommitment):
    """``historical``: made before (历史承诺), on a document; it is in force at once and shows that no
    procedure is on record. ``evidence``: ids of the case's attachments that show it."""

    historical: bool = False
    evidence: list[str] = Field(default_factory=list, max_length=50)


def can_start(actor: Actor, case: CaseRow) -> bool:
    """Whether the actor may write a commitment down from this case: it is linked to none yet."""
    return actor.role is Role.DISPATCHER and case.commitment is None and case.merged_into is None


async def prefilled(desk: Desk, actor: Actor, number: str) -> dict[str, Any]:
    """What the form starts from, as it would be typed, with the case's ``attachments`` and whether it
    ``hides`` from a unit. Raises :class:`NotFound`, also for who may not write one down from a case."""
    if actor.role is not Role.DISPATCHER:
        raise NotFound("没有这个页面")
    case = await seeing.find(desk, actor, number)
    hides = bool(await desk.unit.cases.hidden_from(case.id))
    filed = (await desk.unit.events.of("case", case.id))[0].body or {}
    words = "" if hides else await hidden_words(desk, case.reporter_id, case.transcript or case.text)
    said = "" if hides else await hidden_words(desk, case.reporter_id, case.promise or "")
    unit = next((code for code in (*case.accused, case.department) if code), None)
    amount, breaches = filed.get("amount_yuan"), {one["code"] for one in case.breach}
    typed = {
        "title": (said or next(iter(_SENTENCE.findall(words)), ""))[:LONGEST],
        "text": words,
        "target": f"涉及 {amount:,.0f} 元" if amount else "",
        "category": Category.POLICY.value if Breach.B2 in breaches else "",
        "department": desk.city.unit_name(unit) or "",
        "source_document": _first(_DOCUMENT, words),
        "source_number": _first(_NUMBER, words),
        "due_on": filed.get("due", ""),
        "public": "false",
    }
    files = await desk.unit.files.of_case(case.id)
    return typed | {"attachments": [{"id": file.id, "kind": file.kind} for file in files], "hides": hides}


async def start(desk: Desk, actor: Actor, number: str, body: dict[str, Any]) -> CommitmentRow:
    """Write the commitment down (``body``: :class:`FromCase`) and link the case to it; both archives say so.

    Raises :class:`NotFound`, :class:`WrongRole`, :class:`Invalid`, :class:`Merged`.
    """
    case = await seeing.find(desk, actor, number, lock=True)
    if actor.role is not Role.DISPATCHER:
        raise WrongRole("由受理员登记")
    asked = checked(FromCase, body)
    await _check(desk, case, asked)
    if case.merged_into is not None:
        raise Merged("这件事已经并案，请在主件上办")
    plain = NewCommitment.model_validate(asked.model_dump(include=set(NewCommitment.model_fields)))
    row = await making.create(desk, actor, plain, historical=asked.historical)
    await desk.unit.promised.add_evidence(row.code, asked.evidence)
    await promised.start_from(desk, actor, case, row)
    return row


async def evidence(desk: Desk, actor: Actor, code: str) -> list[dict[str, str]]:
    """The attachments a commitment was written down from, of the cases that the actor sees."""
    rows = await desk.unit.promised.evidence(code)
    seen = {number for number in {row.tracking_no for row in rows} if await _sees(desk, actor, number)}
    return [
        {"id": row.file_id, "kind": row.kind, "tracking_no": row.tracking_no}
        for row in rows
        if row.tracking_no in seen
    ]


async def _check(desk: Desk, case: CaseRow, asked: FromCase) -> None:
    fields = {}
    if case.commitment is not None:
        fields["code"] = f"这件已经关联了承诺 {case.commitment}"
    if asked.historical:
        fields |= {
            name: "历史承诺要填写" for name in ("source_document", "made_on") if not getattr(asked, name)
        }
        if asked.made_on and asked.made_on > desk.clock.today():
            fields["made_on"] = "不能晚于今天"
    if set(asked.evidence) - {file.id for file in await desk.unit.files.of_case(case.id)}:
        fields["evidence"] = "有的附件不是这一件的"
    if fields:
        raise Invalid("填写有误", fields=fields)


async def _sees(desk: Desk, actor: Actor, number: str) -> bool:
    try:
        await seeing.find(desk, actor, number)
    except NotFound:
        return False
    return True


def _first(pattern: re.Pattern[str], words: str) -> str:
    found = pattern.search(words)
    return found[0] if found else ""
