"""Correcting what was understood, one thing at a time, and going back to the confirmation."""

import re

from bot.dialogue import confirmation, report, solved
from bot.dialogue.names import name_of
from bot.dialogue.state import Draft, Step
from bot.dialogue.talk import Talk, buttons
from bot.dialogue.texts import say
from bot.dialogue.words import MODES, TYPES, Command, Word, phone_in
from bot.message import Reply
from intake import reporters
from intake.cases import reporter
from intake.profiles.schema import Department
from intake.registry import find_commitment
from storage.vocab import CaseType, Mode, ReporterKind

_LABELS = re.compile(
    r"(?:[我俺]叫|[我俺]姓|[我俺]是|[我俺]的?(?=电话|手机)|姓名|名字|联系人|电话|手机号?|联系方式|号码)\s*[:：是为]?\s*"
)
_NO_IDEA = re.compile(r"不知道|不晓得|不清楚|不确定|说不(?:准|清)|都不是|随便|你们(?:看着)?定")
_NAME_ALONE = re.compile(
    r"(?:[我俺]叫|(?:[我俺]的?)?(?:姓名|名字)[是叫为:：]?)\s*[\u4e00-\u9fff·]{2,6}[。.]?"
)
_CUTS = re.compile(r"[\s,，、;；:：。.]+")
_NOT_THAT_UNIT = re.compile(
    r"(?:(?:单位|部门)(?:不对|不是|错了|弄错了|搞错了)|不(?:是|归|该找)[^，,。]{2,20}?(?:管|的事儿?)?)"
    r"[\s，,。]*(?:应该|应当|该|要|得)?(?:是|找|归|给)?([^，,。]{2,20}?)(?:的事儿?|的责任|来?管的?|负责的?)?[。！!]?$"
)
_MAX_NAME = 20
_NOTHING_ELSE = 5  # characters beside phone and labels that can still be only a name


async def set_type(talk: Talk, command: Command) -> Reply:
    """投诉, 咨询 or 建议: a correction of what is being told, or the beginning of a new matter."""
    kind, draft = TYPES[command.word], talk.state.draft
    if draft is None:
        return report.begin(talk, kind)
    draft.type = draft.type_said = kind.value
    return await report.missing(talk, draft)


async def set_mode(talk: Talk, command: Command) -> Reply:
    """实名, 保密 or 匿名, at any step and right after an answer; alone it is explained."""
    draft, mode = talk.state.draft, MODES[command.word]
    if draft is None:
        return await solved.change_mode(talk, mode) or await _filed_stays(talk) or Reply(say("modes"))
    draft.mode = mode.value
    if mode is Mode.ANONYMOUS:
        draft.name = draft.phone = ""
    return await report.missing(talk, draft, await _mode_changed(talk, mode))


async def _mode_changed(talk: Talk, mode: Mode) -> str:
    """What is said of it; an answer of a moment ago offered the same words, and its inquiry goes along."""
    telling = talk.state.draft is not None and bool(talk.state.draft.text)
    beside = await solved.hide_beside(talk, mode) if telling else ""
    name = name_of("mode", mode)
    return say("mode_changed_too", mode=name, number=beside) if beside else say("mode_changed", mode=name)


async def _filed_stays(talk: Talk) -> Reply | None:
    """That the case which was filed a moment ago is kept as it was."""
    if not report.just_filed(talk):
        return None
    case = await reporter.own_case(talk.desk, talk.reporter_id, talk.state.filed)
    return Reply(say("mode_stays", number=case.tracking_no, mode=name_of("mode", case.mode)))


async def change(talk: Talk, command: Command) -> Reply:
    """改类型, 改单位, 改内容 or 补充姓名电话: ask for the right one."""
    draft = talk.state.draft
    if draft is None or (not draft.text and not draft.voiced):
        return await report.show_step(talk) or Reply(say("nothing_to_change"))
    if command.word is Word.CHANGE_UNIT:
        return report.ask_unit(talk, draft)
    steps = {Word.CHANGE_TYPE: Step.RETYPE, Word.CHANGE_TEXT: Step.REWRITE, Word.ADD_CONTACT: Step.CONTACT}
    draft.step = steps[command.word]
    if draft.step is Step.CONTACT and draft.mode == Mode.ANONYMOUS:
        return await report.missing(talk, draft, say("anonymous_takes_none"))
    reply = await report.show_step(talk)
    assert reply is not None
    return reply


async def set_kind(talk: Talk, command: Command) -> Reply:
    """Whether an enterprise or a person complains."""
    draft = talk.state.draft
    if draft is None:
        return Reply(say("nothing_to_change"))
    kind = ReporterKind.ENTERPRISE if command.word is Word.AS_ENTERPRISE else ReporterKind.CITIZEN
    draft.reporter_kind = kind.value
    return await report.missing(talk, draft, say("kind_changed", kind=name_of("kind", kind)))


async def set_unit(talk: Talk, draft: Draft, words: str) -> Reply:
    """A unit by name, short name or number in the list; 由受理员定 takes a choice back."""
    unit = _unit_meant(talk, draft, words)
    if unit is None and _NO_IDEA.search(words):
        return await no_unit(talk, Command(Word.NO_UNIT))
    if unit is None:
        again = report.ask_unit(talk, draft)
        return Reply(say("unit_unknown"), again.buttons)
    draft.department = unit.code
    _, route = confirmation.proposed(talk, draft)
    key = "unit_changed" if route.department == unit.code else "unit_around_stays"
    return await report.missing(talk, draft, say(key, unit=unit.name))


async def no_unit(talk: Talk, command: Command) -> Reply:
    """The citizen leaves the unit to the office."""
    draft = talk.state.draft
    if draft is None:
        return Reply(say("nothing_to_change"))
    draft.department = ""
    return await report.missing(talk, draft, say("unit_left_open"))


async def set_contact(talk: Talk, draft: Draft, words: str) -> Reply:
    """Name and phone in one message, in any order; either alone will do."""
    if draft.mode == Mode.ANONYMOUS:
        return await report.missing(talk, draft, say("anonymous_takes_none"))
    phone = phone_in(words)
    name = next((one for one in _beside_phone(words) if not one.isdigit()), "")[:_MAX_NAME]
    if not phone and not name:
        return Reply(say("contact_unclear"), buttons(Word.SKIP))
    draft.phone, draft.name = phone or draft.phone, name or draft.name
    return await report.missing(talk, draft, say("contact_taken") if phone else say("contact_name_only"))


async def that_one(talk: Talk, command: Command) -> Reply:
    """是这项: the complaint is about the commitment that was named, or after 不是 about it after all; raises
    ``NotFound`` where it is public no more."""
    draft = talk.state.draft
    named = (draft.suggested or (draft.not_these or [""])[-1]) if draft is not None else ""
    if draft is None or not named:
        return await _no_promise(talk)
    row = await find_commitment(talk.desk, named)
    draft.not_these = [code for code in draft.not_these if code != named]
    draft.commitment, draft.promised_by, draft.suggested = row.code, row.department, ""
    return await report.missing(talk, draft, say("commitment_taken"))


async def not_that(talk: Talk, command: Command) -> Reply:
    """不是: neither this commitment; the next likely one may be named."""
    draft = talk.state.draft
    if draft is None or not (draft.suggested or draft.commitment):
        return await _no_promise(talk)
    draft.not_these.append(draft.commitment or draft.suggested)
    draft.commitment = draft.promised_by = draft.suggested = ""
    return await report.missing(talk, draft, say("commitment_denied"))


async def back(talk: Talk) -> Reply:
    """One step back in what is being told."""
    draft = talk.state.draft
    if draft is None:
        return Reply(say("nothing_to_go_back"))
    if draft.step in (Step.CONFIRM, Step.ENTRY) and draft.text:
        draft.step = Step.REWRITE
        return Reply(say("ask_rewrite"))
    if draft.step in (Step.WHAT, Step.TYPE) or not draft.text:
        draft.step = Step.WHAT
        return Reply(say("first_step"), buttons(*report.TYPE_WORDS, Word.CANCEL))
    return await report.missing(talk, draft)


async def skip(talk: Talk) -> Reply:
    """Leave out what may be left out."""
    draft = talk.state.draft
    if draft is None:
        return Reply(say("nothing_to_skip"))
    if draft.step is Step.TYPE:
        draft.type = CaseType.COMPLAINT.value
    if draft.text or draft.voiced:
        before = say("nothing_to_skip_confirm") if draft.step is Step.CONFIRM else say("skipped")
        return await report.missing(talk, draft, before)
    return await report.missing(talk, draft)


async def take_contact(talk: Talk, draft: Draft | None, words: str) -> Reply:
    """Name and phone that nobody asked for: for the draft, or for the case that was just filed."""
    return await (set_contact(talk, draft, words) if draft is not None else _add_contact(talk, words))


async def _no_promise(talk: Talk) -> Reply:
    return await report.show_again(talk, say("no_commitment_named")) or Reply(say("no_commitment_named"))


async def _add_contact(talk: Talk, words: str) -> Reply:
    case = await reporter.own_case(talk.desk, talk.reporter_id, talk.state.filed)
    if case.mode == Mode.ANONYMOUS:
        return Reply(say("anonymous_takes_none"))
    name = next((one for one in _beside_phone(words) if not one.isdigit()), "")[:_MAX_NAME]
    await reporters.tell_of(talk.desk, talk.reporter_id, name=name, phone=phone_in(words))
    return Reply(say("contact_added", number=case.tracking_no))


def other_unit(talk: Talk, words: str) -> str:
    """The unit in 单位不对，应该是… or 不是…，是…的事; empty for anything else."""
    found = _NOT_THAT_UNIT.match(words.strip())
    return found[1] if found and talk.desk.city.index.mentions(found[1]) else ""


def only_contact(words: str) -> bool:
    """Whether a message is a name said as such, or a phone with at most a name beside it."""
    if _NAME_ALONE.fullmatch(words.strip()):
        return True
    return bool(phone_in(words)) and sum(map(len, _beside_phone(words))) <= _NOTHING_ELSE


def _beside_phone(words: str) -> list[str]:
    phone = phone_in(words)
    rest = words.replace(phone, " ") if phone and phone in words else re.sub(r"[\d\s-]{11,}", " ", words)
    return [one for one in _CUTS.split(_LABELS.sub(" ", rest)) if one]


def _unit_meant(talk: Talk, draft: Draft, words: str) -> Department | None:
    city = talk.desk.city
    offered = confirmation.candidates(talk, draft)
    if words.strip().isdigit() and 1 <= int(words) <= len(offered):
        return city.units[offered[int(words) - 1]]
    if unit := city.index.resolve(words):
        return unit
    codes = {mention.code for mention in city.index.mentions(words)}
    return city.units[codes.pop()] if len(codes) == 1 else None
