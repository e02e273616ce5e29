"""What of the model's answer the citizen corrected before filing."""

from dataclasses import replace
from typing import Any

from bot.dialogue.confirmation import new_case
from bot.dialogue.state import Draft
from bot.dialogue.talk import Talk
from intake import learning
from intake.cases.opening import propose
from storage.stores.cases import CaseRow


async def keep_corrections(talk: Talk, draft: Draft, case: CaseRow) -> None:
    """Propose what the citizen corrected in the confirmation as an example to learn from."""
    facts: dict[str, Any] = {**draft.heard, "intent": draft.heard.get("heard", "")}
    if draft.department:
        ranking, _ = propose(talk.desk, replace(new_case(talk.reporter_id, draft), department=None))
        facts["department"] = ranking.candidates[0].code if ranking.candidates else ""
        facts["chosen"] = draft.department
    said = draft.type_said == draft.type
    await learning.by_citizen(talk.desk, case, facts, type_said=said, unit_said=bool(draft.department))
