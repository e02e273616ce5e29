"""Filing the draft: the one moment at which something is recorded."""

from bot.dialogue import report
from bot.dialogue.confirmation import new_case
from bot.dialogue.dates import due_said, moment_said
from bot.dialogue.learning import keep_corrections
from bot.dialogue.names import name_of
from bot.dialogue.state import Draft
from bot.dialogue.talk import Talk
from bot.dialogue.texts import say
from bot.message import Reply
from intake import reporters
from intake.cases.opening import Filed, file_case
from intake.cases.similar import joined_to
from storage.stores.clocks import ClockRow
from storage.vocab import CaseState, CaseType, ClockKind, Mode


async def me_too(talk: Talk) -> Reply:
    """我也遇到了: file the draft and have it follow the case that it is the same matter as."""
    draft = talk.state.draft
    if draft is None or not draft.alike:
        return Reply(say("nothing_to_join"))
    return await file_draft(talk, draft, into=draft.alike)


async def file_draft(talk: Talk, draft: Draft, *, into: str = "") -> Reply:
    """File what was confirmed, ``into`` joining a case; the reply is the receipt and what waits behind it."""
    if draft.mode != Mode.ANONYMOUS:
        await reporters.tell_of(talk.desk, talk.reporter_id, name=draft.name, phone=draft.phone)
    filed = await file_case(talk.desk, talk.actor, new_case(talk.reporter_id, draft))
    talk.case_id = filed.case.id
    await keep_corrections(talk, draft, filed.case)
    state = talk.state
    state.filed, state.filed_at, state.pending = filed.case.tracking_no, talk.now, None
    state.media_at = None
    joins = bool(into) and await joined_to(talk.desk, filed.case, into)
    receipt = await _receipt(talk, filed, joins=joins)
    return await report.next_draft(talk, draft, receipt)


async def _receipt(talk: Talk, filed: Filed, *, joins: bool = False) -> Reply:
    case = filed.case
    lines = [
        say("filed", type=name_of("type", case.type)),
        say("filed_number", number=case.tracking_no),
        say("filed_code", code=filed.query_code),
        await _next(talk, filed),
    ]
    if filed.route.via == "desk_12345" and case.state == CaseState.DISPATCHED:
        lines.append(say("filed_12345", unit=talk.desk.city.unit_name(case.department)))
    if filed.route.via in ("supervision", "discipline"):
        lines.append(say("filed_around"))
    if joins:
        lines.append(say("filed_joined"))
    lines += [say("filed_after"), say("filed_hash", hash=case.last_hash)]
    return Reply("\n".join(lines), links=((say("link_notices"), talk.page("notices")),))


async def _next(talk: Talk, filed: Filed) -> str:
    case = filed.case
    clocks = {clock.kind: clock for clock in await talk.desk.unit.clocks.of_case(case.id)}
    answer, sign = clocks.get(ClockKind.ANSWER), clocks.get(ClockKind.SIGN)
    if answer is not None and sign is not None:
        unit = talk.desk.city.unit_name(case.department)
        due = due_said(answer.due_at, estimated=answer.estimated)
        return say("next_sign", unit=unit, sign=_at(talk, sign), due=due)
    dispatch = clocks[ClockKind.DISPATCH]
    rules = talk.desk.city.rules
    kind = CaseType(case.type)
    days = (case.urgent and rules.urgent_answer_days.get(kind)) or rules.answer_days[kind]
    key = "next_hear" if case.awaits_transcript else "next_dispatch"
    return say(key, moment=_at(talk, dispatch), days=days)


def _at(talk: Talk, clock: ClockRow) -> str:
    said = moment_said(clock.due_at, talk.now)
    return say("estimated", when=said) if clock.estimated else said
