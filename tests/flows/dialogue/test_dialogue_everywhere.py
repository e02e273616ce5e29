"""Every word that always works is answered in every state, and what is being told is lost by three only."""

import contextlib
from collections.abc import Awaitable, Callable

import pytest

from bot.dialogue.engine import Spoken, Talk, converse
from bot.dialogue.state import Asked, Draft, Pending, State, Step
from bot.dialogue.words import Word
from bot.message import Inbound, Kind
from intake.desk import Desk

from .conftest import MONDAY, Citizen, Office, check

ENDING = {Word.CANCEL, Word.START_OVER, Word.CONFIRM}
SAID = [
    *(word.value for word in Word if word not in (Word.NUMBER, Word.DIGITS)),
    *(
        "评价 5",
        "不满意 没办好",
        "补充 又停水了",
        "催办 {number}",
        "撤回 {number}",
        "申诉 {number}",
        "进度 {number}",
    ),
    *("{number}", "{number} 123456", "1", "9", "123456", "13800000000", "[微笑]"),
]
LAMP = "红旗区平原路的路灯不亮一个月了"


class Undone(Exception):
    """Ends a trial so that nothing of it stays."""


def states(number: str) -> dict[str, State]:
    told = {"type": "complaint", "text": [LAMP], "understood": "rasa"}
    drafts = {step.value: State(draft=Draft(step=step, **told)) for step in Step}  # type: ignore[arg-type]
    drafts |= {
        "nothing told": State(draft=Draft()),
        "untyped": State(draft=Draft(step=Step.TYPE, text=[LAMP])),
    }
    asked = {
        f"asked {one.value}": State(pending=Pending(one, "催办", [number], "123456"), draft=None)
        for one in Asked
        if one is not Asked.STALE
    }
    stale = State(Draft(**told), [Draft(type="inquiry", text=["怎么办"])], Pending(Asked.STALE))  # type: ignore[arg-type]
    return {"idle": State.fresh(), **drafts, **asked, "stale": stale}


async def tried(office: Office, work: Callable[[Desk], Awaitable[Spoken]]) -> Spoken:
    """What would be said, with nothing written."""
    kept: list[Spoken] = []
    with contextlib.suppress(Undone):
        async with office.database.write() as unit:
            kept.append(await work(Desk(unit, office.clock, office.vault, office.city)))
            raise Undone
    return kept[0]


@pytest.mark.parametrize("name", list(states("TS20261123000013")))
async def test_every_word_is_answered(citizen: Citizen, office: Office, name: str) -> None:
    number = await citizen.files()
    for text in SAID:
        state = states(number)[name]
        state.updated_at = office.clock.now()
        said = Inbound("gh_x", "o", "k", office.clock.now(), Kind.TEXT, text.format(number=number))

        async def turn(desk: Desk, said: Inbound = said, state: State = state) -> Spoken:
            return await converse(Talk(desk, citizen.reporter_id, said, None, state, "https://example.test"))

        spoken = await tried(office, turn)
        assert spoken.reply is not None, text
        check(spoken.reply)
        assert State.from_json(spoken.state.to_json()) == spoken.state
        if state.draft is not None and text not in ENDING:
            assert spoken.state.draft is not None or spoken.case_id is not None, text
        assert state.updated_at >= MONDAY, "the state handed in is left alone"
