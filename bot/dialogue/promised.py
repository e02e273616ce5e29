"""The registered commitment that a complaint may be about, as its confirmation names it; never in the way."""

from bot.dialogue.names import brief
from bot.dialogue.state import Draft
from bot.dialogue.talk import Talk
from bot.dialogue.texts import say
from bot.dialogue.words import Word
from bot.message import Button
from intake.cases.opening import promises
from intake.routing.match import Ranking
from storage.vocab import CaseType

LONGEST = 40  # characters of a title


async def line(talk: Talk, draft: Draft, ranking: Ranking) -> list[str]:
    """The commitment that the complaint is about, or may be about; what is offered is noted in the draft."""
    draft.suggested = ""
    if draft.type != CaseType.COMPLAINT or not draft.text:
        return []
    if draft.commitment:
        row = await talk.desk.unit.commitments.get(draft.commitment)
        return [say("confirm_commitment", title=brief(row.title, LONGEST), code=row.code)] if row else []
    draft.promises, draft.promises_of = await promises(talk.desk, ranking, draft.words), len(draft.text)
    best = next((one for one in draft.promises if one["code"] not in draft.not_these), None)
    if best is None:
        return []
    draft.suggested = best["code"]
    return [say("confirm_maybe_commitment", title=brief(best["title"], LONGEST), code=best["code"])]


def choices(draft: Draft) -> tuple[Button, ...]:
    """What may be said to the line; nothing has to be."""
    if draft.commitment:
        return (Button(say("button_not_that"), Word.NOT_THAT),)
    if not draft.suggested:
        return ()
    return (
        Button(Word.THAT_PROMISE, Word.THAT_PROMISE),
        Button(say("button_not"), Word.NOT_THAT, beside=True),
    )
