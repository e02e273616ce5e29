"""Photos, voice, video, places and links, before, during and after filing; a voice alone can file."""

from collections.abc import Mapping
from datetime import timedelta

from bot.dialogue import report
from bot.dialogue.choosing import asked_case, open_cases, supplementable
from bot.dialogue.heard import MAX_TEXT
from bot.dialogue.names import brief, matter, name_of
from bot.dialogue.state import Asked, Draft, State, Step
from bot.dialogue.talk import Talk, buttons
from bot.dialogue.texts import say
from bot.dialogue.words import Word
from bot.message import Button, Inbound, Kind, Reply
from intake import messages
from intake.cases import reporter
from intake.errors import NotFound
from intake.evidence import keep
from storage.stores.cases import CaseRow

TOGETHER = timedelta(seconds=10)  # photos sent in one go get one acknowledgement
_KEPT = ("label", "latitude", "longitude", "title", "description", "url", "poi_name", "format")


async def take(talk: Talk) -> Reply | None:
    """Keep one piece; say where it went, once for several that come together."""
    said, state = talk.said, talk.state
    kind = said.kind.value
    together = state.media_at is not None and timedelta(0) <= talk.now - state.media_at < TOGETHER
    state.media_at = talk.now
    if _for_a_person(state, together=together):
        return await _to_a_person(talk, kind)
    if (case := await _case_meant(talk)) is not None:
        return await _to_case(talk, case, kind, together=together)
    if state.pending is not None and state.pending.asked is not Asked.STALE:
        state.pending = None
    draft = _draft_for(talk)
    waiting = draft.voiced
    draft.files.append([await _keep(talk, kind), kind])
    _learn_place(talk, draft)
    if together and len(draft.files) > 1 and draft.voiced == waiting:
        return None
    return await _acknowledged(talk, draft, kind)


async def _acknowledged(talk: Talk, draft: Draft, kind: str) -> Reply:
    got = say("got_file", kind=name_of("file", kind))
    if report.is_stale(talk):
        return report.stale_offer(talk.state)
    if draft.text:
        again = await report.show_again(talk)
        assert again is not None
        return Reply(f"{say('got_file_draft', kind=name_of('file', kind))}\n{again.text}", again.buttons)
    others = await _offers(talk)
    if draft.voiced:
        drawn = await report.missing(talk, draft, say("voice_can_file"))
        return Reply(drawn.text, (*drawn.buttons, *others))
    draft.step = Step.WHAT
    if others:
        return Reply(f"{got}{say('file_for_which')}", others)
    return Reply(f"{got}{say('ask_what_files')}", buttons(Word.CANCEL))


async def move_draft(talk: Talk, case: CaseRow, *, words_too: bool) -> Draft | None:
    """Hang on a case what is no matter of its own yet: files without words, or ``words_too`` whose sort was
    asked. What was moved; the draft is gone then."""
    draft = talk.state.draft
    if draft is None or not (draft.text or draft.files):
        return None
    if draft.text and not (words_too and draft.step is Step.TYPE):
        return None
    files = tuple(file_id for file_id, _ in draft.files)
    await reporter.supplement(talk.desk, talk.actor, case, draft.words, files)
    talk.state.draft = None
    return draft


def about(said: Inbound) -> dict[str, object]:
    """The facts worth keeping of a place, a link or a file."""
    facts: Mapping[str, object] = said.facts
    return {name: _short(facts[name]) for name in _KEPT if facts.get(name) not in (None, "")}


def _short(value: object) -> object:
    return value if isinstance(value, int | float) else str(value)[:500]


async def _keep(talk: Talk, kind: str, *, message_id: int | None = None) -> str:
    said = talk.said
    return await keep(
        talk.desk,
        talk.reporter_id,
        kind=kind,
        media_id=said.media_id,
        name=str(said.facts.get("file_name") or said.facts.get("title") or ""),
        facts=about(said),
        message_id=message_id,
    )


async def _to_case(talk: Talk, case: CaseRow, kind: str, *, together: bool) -> Reply | None:
    """After filing, evidence goes straight to the new case."""
    file_id = await _keep(talk, kind)
    await reporter.supplement(talk.desk, talk.actor, case, "", (file_id,))
    talk.case_id = case.id
    if together:
        return None
    text = say("file_to_case", kind=name_of("file", kind), number=case.tracking_no, what=matter(case))
    return Reply(text, buttons(Word.NEW_MATTER))


def _for_a_person(state: State, *, together: bool) -> bool:
    """Whether a file is for a person: the first after 人工, or one sent in the same go."""
    asked = state.pending is not None and state.pending.asked is Asked.HUMAN
    if not together:
        state.left = 0
    return asked or state.left > 0


async def _to_a_person(talk: Talk, kind: str) -> Reply | None:
    """Leave a file for a person; several sent in one go are one message and one acknowledgement."""
    state = talk.state
    first = state.pending is not None and state.pending.asked is Asked.HUMAN
    if first:
        words = say("left_as_file", kind=name_of("file", kind))
        state.left, state.pending = await messages.leave(talk.desk, talk.reporter_id, words), None
    await _keep(talk, kind, message_id=state.left)
    return Reply(say("left_for_human")) if first else None


async def _case_meant(talk: Talk) -> CaseRow | None:
    """The case that evidence was just asked for, or that was just filed."""
    state, pending = talk.state, talk.state.pending
    if (asked := await asked_case(talk)) is not None:
        number = asked.tracking_no
    elif pending is not None and pending.asked is Asked.SUPPLEMENT:
        number = pending.numbers[0]
    elif state.draft is None and report.just_filed(talk):
        number = state.filed
    else:
        return None
    try:
        case = await reporter.own_case(talk.desk, talk.reporter_id, number)
    except NotFound:
        return None
    return case if supplementable(case) else None


def _draft_for(talk: Talk) -> Draft:
    """The draft that a file belongs to: the one that is being told, or a new one; beside a stale one, too."""
    state = talk.state
    if state.draft is None:
        state.draft = Draft()
    elif report.is_stale(talk):
        if not state.later:
            state.later.insert(0, Draft())
        return state.later[0]
    return state.draft


def _learn_place(talk: Talk, draft: Draft) -> None:
    if talk.said.kind is Kind.LOCATION and not draft.place:
        label = str(talk.said.facts.get("label") or "")[:MAX_TEXT]
        draft.place = next((found.name for found in talk.desk.city.index.places(label)), "")


async def _offers(talk: Talk) -> tuple[Button, ...]:
    cases = [case for case in await open_cases(talk) if supplementable(case)][:3]
    return tuple(
        Button(say("button_add_to", what=brief(matter(case), 12)), f"{Word.SUPPLEMENT} {case.tracking_no}")
        for case in cases
    )
