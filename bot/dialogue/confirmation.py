"""What a citizen sees before anything is filed: what was understood, who sees what, how to correct it."""

from datetime import date

from bot.dialogue import promised
from bot.dialogue.dates import day_said
from bot.dialogue.heard import maybe_enterprise
from bot.dialogue.names import LONG, SHORT, brief, name_of
from bot.dialogue.state import Draft, Step
from bot.dialogue.talk import Talk, buttons, row
from bot.dialogue.texts import say
from bot.dialogue.words import Word
from bot.message import Button, Reply
from intake import reporters
from intake.cases import states
from intake.cases.likeness import spot
from intake.cases.numbered import numbered
from intake.cases.opening import NewCase, propose
from intake.cases.similar import same_matter
from intake.masking import masked
from intake.routing.around import Route
from intake.routing.match import Ranking
from storage.vocab import CaseType, Channel, Mode, ReporterKind

FILE_ORDER = ("image", "voice", "video", "location", "link", "file")


def new_case(reporter_id: str, draft: Draft) -> NewCase:
    """The draft as the office files it."""
    facts = {"due": draft.due, "amount_yuan": draft.amount, "named_promise": draft.promise, **draft.heard}
    facts["commitment_denied"] = draft.not_these
    spoken_of = draft.type == CaseType.COMPLAINT and draft.commitment
    return NewCase(
        type=CaseType(draft.type or CaseType.COMPLAINT),
        channel=Channel.WECHAT,
        text=draft.words or say("voice_case"),
        reporter_id=reporter_id,
        mode=Mode(draft.mode),
        reporter_kind=ReporterKind(draft.reporter_kind or ReporterKind.CITIZEN),
        department=draft.department or None,
        urgent=draft.urgent,
        place=draft.place or None,
        about_commitment=draft.about_commitment,
        breach=tuple((str(code), float(score)) for code, score in draft.breach),
        sectors={str(sector): float(share) for sector, share in draft.sectors},
        promise=draft.promise or None,
        commitment=draft.commitment if spoken_of else None,
        promised_by=draft.promised_by if spoken_of else None,
        promises=tuple(draft.promises) if draft.promises_of == len(draft.text) > 0 else None,
        understood=draft.understood,
        awaits_transcript=draft.voiced,
        file_ids=tuple(file_id for file_id, _ in draft.files),
        facts={key: value for key, value in facts.items() if value},
    )


def proposed(talk: Talk, draft: Draft) -> tuple[Ranking, Route]:
    """Where the draft would go as it stands."""
    return propose(talk.desk, new_case(talk.reporter_id, draft))


async def draw(talk: Talk, draft: Draft) -> Reply:
    """The whole confirmation of a draft whose type is known."""
    draft.step = Step.CONFIRM
    ranking, route = proposed(talk, draft)
    lines = [say("confirm_head"), *_understood(draft), *_unit_line(talk, draft, ranking, route)]
    lines += [*_material(draft), say("confirm_mode", mode=name_of("mode", draft.mode))]
    lines.append(await who_sees(talk, draft, route))
    if draft.type == CaseType.COMPLAINT and route.department in ranking.accused and not draft.voiced:
        lines.append(say("sees_accused"))
    if several := numbered(draft.words):
        lines.append(say("confirm_several", n=len(several)))
    if maybe_enterprise(draft):
        lines.append(say("confirm_enterprise"))
    lines += await promised.line(talk, draft, ranking)
    lines += await _alike(talk, draft, route) or await _told_before(talk, draft)
    return Reply("\n".join(lines), _choices(draft))


async def draw_again(talk: Talk, draft: Draft, *, seen: bool = True) -> Reply:
    """The confirmation in short, after something else was answered; ``seen``: with who will see what."""
    text = say("confirm_again", type=name_of("type", draft.type or "complaint"), what=_what(draft, SHORT * 2))
    if seen:
        _, route = proposed(talk, draft)
        text = f"{text}\n{await who_sees(talk, draft, route)}"
    more = Button(say("button_everything"), str(Word.GO_ON))
    return Reply(text, (*buttons(Word.CONFIRM), more, *buttons(Word.CANCEL)))


async def who_sees(talk: Talk, draft: Draft, route: Route) -> str:
    """The one line on who will see what (domain 6)."""
    if draft.mode == Mode.ANONYMOUS:
        return say("sees_anonymous")
    if draft.mode == Mode.CONFIDENTIAL:
        return say("sees_confidential")
    known = await reporters.known(talk.desk, talk.reporter_id)
    if not (draft.name or draft.phone or known.name or known.phone):
        written = masked(draft.words) != draft.words
        return say("sees_named_written" if written else "sees_named_nothing")
    told = "、".join(
        one for one in (draft.name or known.name, _tail(draft.phone or known.phone or "")) if one
    )
    return say("sees_named", told=told)


def candidates(talk: Talk, draft: Draft) -> list[str]:
    """The codes of the three units that the matter most likely belongs to."""
    ranking, _ = proposed(talk, draft)
    return [candidate.code for candidate in ranking.candidates[:3]]


async def _alike(talk: Talk, draft: Draft, route: Route) -> list[str]:
    """The offer to join a matter that is being worked on; nothing of another's words or number is in it."""
    found = await same_matter(talk.desk, new_case(talk.reporter_id, draft), route.department)
    draft.alike = found.tracking_no if found is not None else ""
    if found is None:
        return []
    where = spot(draft.words)
    unit = talk.desk.city.unit_name(found.department) or say("push_unit_unknown")
    return [say("confirm_alike", unit=unit, where=say("confirm_alike_where", spot=where) if where else "")]


async def _told_before(talk: Talk, draft: Draft) -> list[str]:
    """That the same words are a case of the citizen's own already."""
    if not draft.text:
        return []
    mine = await talk.desk.unit.cases.of_reporter(talk.reporter_id)
    same = next((one for one in mine if one.text == draft.words and one.state in states.BEFORE_ANSWER), None)
    return [say("confirm_told_before", number=same.tracking_no)] if same is not None else []


def _tail(phone: str) -> str:
    return say("phone_tail", tail=phone[-4:]) if phone else ""


def _what(draft: Draft, limit: int) -> str:
    return brief(draft.words, limit) if draft.text else say("voice_only")


def _understood(draft: Draft) -> list[str]:
    lines = [say("confirm_type", type=name_of("type", draft.type))]
    if draft.urgent:
        lines[0] += say("confirm_urgent")
    lines.append(say("confirm_what", what=_what(draft, LONG)))
    if draft.promise and draft.type == CaseType.COMPLAINT:
        due = say("promise_due", due=_day(draft.due)) if draft.due else ""
        lines.append(say("confirm_promise", promise=brief(draft.promise, 40)) + due)
    if draft.reporter_kind and draft.reporter_kind != ReporterKind.CITIZEN:
        lines.append(say("confirm_kind", kind=name_of("kind", draft.reporter_kind)))
    return lines


def _day(iso: str) -> str:
    return day_said(date.fromisoformat(iso))


def _unit_line(talk: Talk, draft: Draft, ranking: Ranking, route: Route) -> list[str]:
    name = talk.desk.city.unit_name(route.department)
    if route.via in ("supervision", "discipline"):
        return [say("unit_around", unit=name) if name else say("unit_around_none")]
    if draft.voiced:
        return [say("unit_after_hearing")]
    if route.via == "desk_12345":
        return [say("unit_12345", unit=name)]
    if route.sure and name:
        return [say("unit_sure", unit=name)]
    best = ranking.candidates[0] if ranking.candidates else None
    if best is None or best.kind in ("desk", "place"):
        return [say("unit_open")]
    return [say("unit_maybe", unit=talk.desk.city.unit_name(best.code))]


def _material(draft: Draft) -> list[str]:
    kinds = [kind for _, kind in draft.files]
    counted = [say("file_count", kind=name_of("file", k), n=kinds.count(k)) for k in FILE_ORDER if k in kinds]
    return [say("confirm_files", files="、".join(counted))] if counted else []


def _choices(draft: Draft) -> tuple[Button, ...]:
    modes = {Mode.NAMED: Word.NAMED, Mode.CONFIDENTIAL: Word.CONFIDENTIAL, Mode.ANONYMOUS: Word.ANONYMOUS}
    first = [Word.CONFIRM, Word.ME_TOO] if draft.alike else [Word.CONFIRM]
    others = row(*(word for mode, word in modes.items() if mode != draft.mode))
    changes = row(Word.CHANGE_TYPE, Word.CHANGE_UNIT, Word.CHANGE_TEXT)
    words: list[str] = []
    if draft.mode != Mode.ANONYMOUS:
        words.append(Word.ADD_CONTACT)
    if maybe_enterprise(draft):
        words.append(Word.AS_ENTERPRISE)
    return (*buttons(*first), *promised.choices(draft), *others, *changes, *buttons(*words, Word.CANCEL))
