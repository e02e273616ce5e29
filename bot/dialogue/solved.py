"""After an answer from the registry: whether it helped, and how its reporter is kept."""

import re

from bot.dialogue import answering, rate
from bot.dialogue.choosing import pick
from bot.dialogue.dates import due_said
from bot.dialogue.names import SHORT, name_of
from bot.dialogue.state import Asked, Pending
from bot.dialogue.talk import Talk, buttons
from bot.dialogue.texts import say
from bot.dialogue.words import Command, Word, plain
from bot.message import Reply
from intake.cases import reporter
from intake.cases.dues import running
from intake.cases.informing import answered_at_once
from storage.stores.cases import CaseRow
from storage.vocab import ClockKind, Mode

BEST = 5
_NOT_SOLVED = re.compile(
    r"(?:还是|都|也|并|根本|这)*(?:没有?(?:能)?(?:给我)?(?:解决|回答|帮|用)|未解决|不能解决)|"
    r"(?:这)?(?:不是我(?:要|想)?问的|答非所问)|(?:我)?问的(?:可)?不是|(?:还是)?(?:看)?不(?:懂|明白|清楚)"
)
_SOLVED = re.compile(
    r"(?:都|已经|我|这下|问题)*(?:解决|明白|清楚|知道|懂)(?:了|啦)(?:好的?|谢谢|感谢|多谢|你|您|们|了|啊)*"
)


def about_the_asked(talk: Talk, command: Command) -> Command:
    """解决了 or 没解决 without a number is about the answer that was just given."""
    pending = talk.state.pending
    if pending is None or pending.asked is not Asked.SOLVED:
        return command
    if command.word not in (Word.SOLVED, Word.NOT_SOLVED) or command.number not in ("", *pending.numbers):
        return command
    return Command(command.word, rest=command.rest or pending.words, number=pending.numbers[0])


def verdict_in(talk: Talk) -> Command | None:
    """解决了 or 没解决 in other words, where that was just asked."""
    pending, bare = talk.state.pending, plain(talk.said.text)
    if pending is None or pending.asked is not Asked.SOLVED:
        return None
    if len(bare) <= SHORT and _SOLVED.fullmatch(bare):
        return Command(Word.SOLVED)
    if _NOT_SOLVED.match(bare):
        return Command(Word.NOT_SOLVED, rest=talk.said.text.strip())
    return None


async def solved(talk: Talk, command: Command) -> Reply:
    """``解决了``: five stars for an answer from the registry; for a unit's the stars are asked for."""
    case = await pick(talk, command, rate.unrated, "nothing_to_rate")
    if isinstance(case, Reply):
        return case
    if not rate.unrated(case) or not answered_at_once(case):
        return await rate.rate(talk, Command(Word.RATE, number=case.tracking_no))
    talk.case_id = case.id
    await reporter.rate(talk.desk, talk.actor, case, BEST)
    return Reply(say("solved", number=case.tracking_no))


async def not_solved(talk: Talk, command: Command) -> Reply:
    """``没解决``: the unit whose answer it was gets the case; what is said next goes along."""
    case = await pick(talk, command, rate.answered, "nothing_to_rate")
    if isinstance(case, Reply):
        return case
    if not rate.answered(case) or not answered_at_once(case):
        return await rate.dissatisfied(
            talk, Command(Word.DISSATISFIED, rest=command.rest, number=case.tracking_no)
        )
    talk.case_id = case.id
    case = await reporter.reopen(talk.desk, talk.actor, case, command.rest or say("not_solved_reason"))
    talk.state.pending = Pending(Asked.SUPPLEMENT, numbers=[case.tracking_no])
    due = next(one for one in await running(talk.desk, case) if one.kind == ClockKind.REWORK)
    told = say(
        "to_the_unit",
        number=case.tracking_no,
        unit=talk.desk.city.unit_name(case.department),
        due=due_said(due.due_at, estimated=due.estimated),
    )
    return Reply(told, buttons(Word.NO))


async def change_mode(talk: Talk, mode: Mode) -> Reply | None:
    """实名, 保密 or 匿名 right after an answer: how the inquiry that was filed with it is kept; None where
    there is none."""
    case = await _just_answered(talk)
    if case is None:
        return None
    talk.case_id = case.id
    if not await reporter.may_change_mode(talk.desk, case):
        return Reply(say("mode_stays", number=case.tracking_no, mode=name_of("mode", case.mode)))
    if case.mode != mode:
        case = await reporter.change_mode(talk.desk, talk.actor, case, mode)
    told = [say("mode_changed", mode=name_of("mode", mode)), await answering.who_sees(talk, case)]
    number = say("filed_number", number=case.tracking_no)
    if not rate.unrated(case):
        return Reply("\n".join(told), tail=number)
    talk.state.pending = Pending(Asked.SOLVED, numbers=[case.tracking_no])
    return Reply("\n".join([*told, say("did_it_help")]), answering.verdicts(case), tail=number)


async def hide_beside(talk: Talk, mode: Mode) -> str:
    """保密 or 匿名 for what is being told, where an inquiry was answered beside it: that is kept the same way
    then; its number, or nothing."""
    case = await _just_answered(talk) if mode is not Mode.NAMED else None
    if case is None or case.mode != Mode.NAMED or not await reporter.may_change_mode(talk.desk, case):
        return ""
    await reporter.change_mode(talk.desk, talk.actor, case, mode)
    return case.tracking_no


async def _just_answered(talk: Talk) -> CaseRow | None:
    """The newest case of the last hour, where it was filed without a confirmation."""
    newest = await talk.desk.unit.cases.of_reporter(talk.reporter_id, 1)
    case = newest[0] if newest else None
    if case is None or not case.answer or case.dispatched_at is not None:
        return None
    recent = talk.now - case.created_at <= answering.AGAIN
    return await reporter.own_case(talk.desk, talk.reporter_id, case.tracking_no) if recent else None
