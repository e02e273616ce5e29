"""列出诉求: what a case asks for, one by one, so that an answer treats each of them (domain 3)."""

from typing import Annotated, Any

from pydantic import BaseModel, Field, StringConstraints, field_validator

from intake.actor import Actor
from intake.cases.fields import Text
from intake.cases.moves import Move, move
from intake.cases.numbered import numbered
from intake.desk import Desk
from intake.errors import Invalid
from intake.reporters import kept_words
from storage.stores.cases import CaseRow
from storage.vocab import Action, Outcome

Claim = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]


class SetClaims(BaseModel):
    """``claims``: a list, or a text with one claim a line; empty takes them back."""

    claims: list[Claim] = Field(max_length=20)

    @field_validator("claims", mode="before")
    @classmethod
    def _lines(cls, given: object) -> object:
        return [line for line in given.splitlines() if line.strip()] if isinstance(given, str) else given


class Treated(BaseModel):
    """What came of claim ``n``."""

    n: int
    outcome: Outcome
    text: Text


async def set_claims(desk: Desk, actor: Actor, case: CaseRow, asked: SetClaims) -> CaseRow:
    """Keep what the case asks for; what an answer said of earlier claims is dropped."""
    texts = [await kept_words(desk, case.reporter_id, case.mode, text) for text in asked.claims]
    claims = [{"n": n, "text": text, "outcome": None, "answer": None} for n, text in enumerate(texts, 1)]
    step = Move(Action.SET_CLAIMS, {"claims": texts}, changes={"claims": claims or None})
    return await move(desk, actor, case, step)


def offered(case: CaseRow) -> str:
    """The claims as they stand, else the matters that the case's own words number, one a line."""
    set_now = [str(claim["text"]) for claim in case.claims or ()]
    return "\n".join(set_now or numbered(case.transcript or case.text))


def check_treated(case: CaseRow, treated: list[Treated]) -> None:
    """Raises :class:`Invalid` unless every claim of the case is treated, once, and nothing else is."""
    wanted = [claim["n"] for claim in case.claims or ()]
    if sorted(one.n for one in treated) != wanted:
        missing = sorted(set(wanted) - {one.n for one in treated})
        why = f"还有诉求没有答复：{'、'.join(map(str, missing))}" if missing else "诉求的序号不对"
        raise Invalid("每项诉求都要答复", fields={"claims": why})


def with_answers(case: CaseRow, treated: list[Treated]) -> list[dict[str, Any]] | None:
    """The claims with what the answer says of each."""
    said = {one.n: one for one in treated}
    return [
        claim | {"outcome": said[claim["n"]].outcome.value, "answer": said[claim["n"]].text}
        for claim in case.claims or ()
    ] or None
