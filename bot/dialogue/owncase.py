"""What a citizen does with an own case: add to it, press, take it back, appeal."""

from bot.dialogue.choosing import may, pick, supplementable
from bot.dialogue.evidence import move_draft
from bot.dialogue.names import matter, state_name
from bot.dialogue.state import Asked, Pending
from bot.dialogue.talk import Talk, buttons
from bot.dialogue.texts import say
from bot.dialogue.words import Command, Word
from bot.message import Reply
from intake.cases import reporter
from intake.cases.urging import urge as press
from intake.errors import OnceOnly
from storage.stores.cases import CaseRow
from storage.vocab import Action


async def supplement(talk: Talk, command: Command) -> Reply:
    """``补充 内容``: words, or the files that were just sent, for an open case."""
    case = await pick(talk, command, supplementable, "nothing_to_supplement")
    if isinstance(case, Reply):
        return case
    if not supplementable(case):
        return _refused(case)
    moved = await move_draft(talk, case, words_too=not command.rest)
    talk.case_id = case.id
    if moved is not None and moved.text:
        return Reply(say("supplemented", number=case.tracking_no, what=matter(case)))
    if moved is not None and not command.rest:
        return Reply(say("files_moved", number=case.tracking_no, what=matter(case), n=len(moved.files)))
    if not command.rest:
        talk.state.pending = Pending(Asked.SUPPLEMENT, numbers=[case.tracking_no])
        return Reply(say("ask_supplement", number=case.tracking_no, what=matter(case)), buttons(Word.CANCEL))
    if moved:
        case = await reporter.own_case(talk.desk, talk.reporter_id, case.tracking_no)
    await reporter.supplement(talk.desk, talk.actor, case, command.rest)
    return Reply(say("supplemented", number=case.tracking_no, what=matter(case)))


async def reply(talk: Talk, case: CaseRow) -> Reply:
    """Words that answer what the unit asked."""
    talk.case_id = case.id
    await reporter.supplement(talk.desk, talk.actor, case, talk.said.text)
    text = say("answered_question", number=case.tracking_no, what=matter(case))
    return Reply(text, buttons(Word.NEW_MATTER))


async def urge(talk: Talk, command: Command) -> Reply:
    """``催办``: once per working day."""
    case = await pick(talk, command, may(Action.URGE), "nothing_to_urge")
    if isinstance(case, Reply):
        return case
    if not may(Action.URGE)(case):
        return _refused(case)
    talk.case_id = case.id
    try:
        await press(talk.desk, talk.actor, case)
    except OnceOnly:
        return Reply(say("urged_before", number=case.tracking_no))
    return Reply(say("urged", number=case.tracking_no, what=matter(case)))


async def withdraw(talk: Talk, command: Command) -> Reply:
    """``撤回``: asked once more, since it cannot be undone."""
    case = await pick(talk, command, may(Action.WITHDRAW), "nothing_to_withdraw")
    if isinstance(case, Reply):
        return case
    if not may(Action.WITHDRAW)(case):
        return _refused(case)
    talk.case_id = case.id
    talk.state.pending = Pending(Asked.WITHDRAW, numbers=[case.tracking_no], words=command.rest)
    text = say("ask_withdraw", number=case.tracking_no, what=matter(case))
    return Reply(text, buttons(Word.CONFIRM, Word.NO))


async def withdraw_now(talk: Talk, pending: Pending) -> Reply:
    case = await reporter.own_case(talk.desk, talk.reporter_id, pending.numbers[0])
    await reporter.withdraw(talk.desk, talk.actor, case, pending.words)
    talk.case_id = case.id
    return Reply(say("withdrawn", number=case.tracking_no))


async def appeal(talk: Talk, command: Command) -> Reply:
    """``申诉``: ask once for a declined case to be looked at again."""
    case = await pick(talk, command, may(Action.APPEAL), "nothing_to_appeal")
    if isinstance(case, Reply):
        return case
    if not may(Action.APPEAL)(case):
        return _refused(case)
    talk.case_id = case.id
    if case.appealed:
        return Reply(say("appealed_before", number=case.tracking_no), buttons(Word.HUMAN))
    if not command.rest:
        talk.state.pending = Pending(Asked.APPEAL, numbers=[case.tracking_no])
        return Reply(say("ask_appeal", number=case.tracking_no, what=matter(case)), buttons(Word.CANCEL))
    await reporter.appeal(talk.desk, talk.actor, case, command.rest)
    return Reply(say("appealed", number=case.tracking_no))


def _refused(case: CaseRow) -> Reply:
    return Reply(say("state_refuses", number=case.tracking_no, state=state_name(case.state)))
