"""A better routing suggestion for a case that keyword rules had judged: never a silent new route."""

from collections.abc import Mapping

from intake import archive
from intake.actor import SYSTEM
from intake.cases.opening import suggestion
from intake.desk import Desk
from intake.routing.match import rank
from storage.stores.cases import CaseRow
from storage.vocab import Action, CaseType


async def suggest_again(
    desk: Desk,
    case: CaseRow,
    *,
    intent: str,
    about_commitment: float,
    breach: tuple[tuple[str, float], ...],
    sectors: Mapping[str, float],
    model: str,
) -> CaseRow:
    """Write down how Rasa understood what rules had understood; state and department stay as they are."""
    ranking = rank(case.text, desk.city.index, case_type=CaseType(case.type), sectors=sectors)
    ranked = suggestion(desk, ranking)
    at = desk.now()
    tip = await archive.record(
        desk.unit,
        subject=("case", case.id),
        tip=archive.Tip(case.last_seq, case.last_hash),
        at=at,
        actor=SYSTEM,
        action=Action.SUGGEST_ROUTING.value,
        states=(case.state, case.state),
        payload={"intent": intent, "model": model, "suggestion": ranked},
    )
    return await desk.unit.cases.change(
        case,
        {
            "suggestion": ranked,
            "about_commitment": round(about_commitment, 3),
            "breach": [
                {"code": code, "score": round(score, 3)}
                for code, score in breach
                if case.type == CaseType.COMPLAINT
            ],
            "understood": "rasa",
            "updated_at": at,
            "last_seq": tip.seq,
            "last_hash": tip.hash,
        },
    )
