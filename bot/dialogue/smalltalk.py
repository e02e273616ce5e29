"""Greetings and thanks, what is out of scope, and emergencies: the numbers first."""

import re

from bot.dialogue import report
from bot.dialogue.heard import questioning, usable, wish_in
from bot.dialogue.state import Draft, Step
from bot.dialogue.talk import Talk, buttons
from bot.dialogue.texts import say
from bot.dialogue.words import Word
from bot.message import Reply
from storage.vocab import CaseType

BRIEF = frozenset({"greet", "thanks", "goodbye"})
_FAQ = (
    (
        "faq_hours",
        re.compile(
            r"(?:你们?|这里)[^，。]{0,4}(?:(?:几点|什么时候|啥时候)(?:上|下)班|(?:上班|工作|办公)时间|周末(?:上班|休息|有人))"
        ),
    ),
    (
        "faq_time",
        re.compile(r"多久|多长时间|几天|什么时候(?:能|会|才)?(?:有|给|办|答复|回复|解决|处理|知道)|啥时候"),
    ),
    (
        "faq_privacy",
        re.compile(r"泄露|泄密|谁(?:能|会|可以)?(?:看|知道)|知道是我|打击报复|报复|安全吗|会不会(?:被|让)"),
    ),
    (
        "faq_phone",
        re.compile(r"(?:电话|热线|联系方式)(?:号码?)?是?(?:多少|啥|什么|几号)|(?:怎么|咋|如何)联系(?!不)"),
    ),
    ("faq_forget", re.compile(r"(?:删除|删掉|清除|注销)[^，。]{0,4}(?:信息|资料|账号|记录)")),
    ("faq_withdraw", re.compile(r"(?:还能|能不能|可以|能|怎么|咋)撤(?:回|销|诉)?")),
    (
        "faq_free",
        re.compile(r"收不收费|(?<!乱)(?:收费|要钱|花钱)(?:吗|么|不|嘛|[?？])|免费(?:的)?(?:吗|么|不|嘛)"),
    ),
    (
        "faq_progress",
        re.compile(
            r"(?:怎么|在哪|如何|哪里)[^，。]{0,4}(?:查|看)[^，。]{0,4}(?:进度|结果)|(?:进度|结果)[^，。]{0,4}(?:怎么|在哪|如何|哪里)"
        ),
    ),
    (
        "faq_files",
        re.compile(
            r"(?:怎么|咋|如何|往哪)[^，。]{0,3}(?:发|传|交)[^，。]{0,6}|(?:照片|图片|视频|材料)[^，。]{0,4}(?:怎么|咋|如何|往哪)"
        ),
    ),
    ("faq_who", re.compile(r"你是谁|你们是谁|机器人|什么单位|哪个部门的|真人")),
)
_ABOUT_US = re.compile(
    r"投诉|举报|登记|反映|提交|你们?|建议|咨询|这个号|公众号|单号|进度|保密|匿名|撤回|我的(?:信息|资料)"
)
_FAQ_LENGTH = 25
_FAQ_AFTER_FILING = 13  # longer ones may well be a new matter
_ABOUT_USE = re.compile(r"怎么用|会啥|能干|能做|操作|功能|教我|帮我")
_HOW = re.compile(
    r"(?:请问|我想问问?|我|俺|在?这里?|这个(?:公众)?号|公众号|你们(?:这里?)?|该|要|应该)*(?:怎么|如何|怎样|咋)样?(?:在这里?)?"
    r"(?:(?:投诉|举报|反映(?:问题)?|咨询|提?建议|用|使用|操作|查(?:询|看)?进度)[、，和及与]?)+"
    r"(?:你们?|这个(?:公众)?号?|公众号|呢|啊|呀)*[\s?？。]*"
)
_DANGER = re.compile(
    r"(?:不想|活不|不能)活(?:了|下去)|想(?:死|自杀|轻生|跳楼|跳河|寻短见)|要(?:自杀|跳楼|跳河|轻生|寻短见)|"
    r"救命(?:啊|呀|！|!|，|,|$| )|(?:着|起)火了|煤气(?:中毒|泄漏)|"
    r"有人(?:拿刀|持刀|砍人|捅人|落水|溺水|晕倒|昏倒)"
)
_PAST = re.compile(r"去年|前年|上次|上个?月|上周|以前|曾经|当时")
_DANGER_LENGTH = 30  # longer texts tell of something that was


def brief(intent: str) -> Reply:
    """A short answer to a greeting, thanks or goodbye."""
    if intent == "greet":
        return Reply(say("greet"), buttons(Word.COMPLAINT, Word.INQUIRY, Word.SUGGESTION, Word.PROGRESS))
    return Reply(say(intent))


def unclear() -> Reply:
    return Reply(say("unclear"), buttons(Word.COMPLAINT, Word.INQUIRY, Word.SUGGESTION, Word.HELP))


def out_of_scope() -> Reply:
    return Reply(say("out_of_scope"), buttons(Word.COMPLAINT, Word.INQUIRY, Word.SUGGESTION, Word.HUMAN))


def asked_about_us(talk: Talk) -> Reply | None:
    """A question about this service itself: how it is used, how long it takes, who sees what, the cost."""
    text = talk.said.text
    if asks_how(text):
        return Reply(say("help"), buttons(Word.COMPLAINT, Word.INQUIRY, Word.SUGGESTION, Word.PROGRESS))
    telling = talk.state.draft is not None and bool(talk.state.draft.text)
    telling = telling or (report.just_filed(talk) and len(text) <= _FAQ_AFTER_FILING)
    if len(text) > _FAQ_LENGTH or not (telling or names_us(text)):
        return None
    key = next((key for key, words in _FAQ if words.search(text)), None)
    if key is None or (key == "faq_privacy" and wish_in(text) and not questioning(text)):
        return None  # 别让他们知道是我 is how a report is to be kept, and no question
    rules = talk.desk.city.rules
    facts: dict[str, object] = {}
    if key == "faq_time":
        facts = {kind.value: rules.answer_days[kind] for kind in CaseType}
    if key == "faq_hours":
        facts = {"hours": "、".join(f"{span.start:%H:%M}–{span.until:%H:%M}" for span in rules.office)}
    links = ((say("link_contacts"), talk.page("contacts")),) if key == "faq_phone" else ()
    return Reply(say(key, **facts), links=links)


def names_us(text: str) -> bool:
    """Whether a question names this service or what is done with it: 登记, 查进度, 你们."""
    return _ABOUT_US.search(text) is not None


def asks_how(text: str) -> bool:
    """Whether a message asks how this service is used, and nothing else."""
    return _HOW.fullmatch(text.strip()) is not None


def asks_elsewhere(text: str) -> bool:
    """Whether a question is about some matter of the town's and not about how this service is used."""
    return questioning(text) and not names_us(text) and not _ABOUT_USE.search(text)


def in_danger(text: str) -> bool:
    """Whether a life may be at stake now, by words that nothing else may outvote."""
    return len(text) <= _DANGER_LENGTH and bool(_DANGER.search(text)) and not _PAST.search(text)


async def emergency(talk: Talk) -> Reply:
    """The emergency numbers first; then the matter may still be filed, marked urgent."""
    draft = talk.state.draft or Draft()
    if report.is_stale(talk):
        talk.state.later.append(draft)
        draft = Draft()
    draft.type = draft.type or CaseType.COMPLAINT.value
    draft.urgent = True
    talk.state.draft = draft
    if not draft.text and not usable(talk.said.text, talk.desk.city):
        return Reply(say("emergency_ask"), buttons(Word.CANCEL))
    reply = await report.take(talk, draft)
    return Reply(f"{say('emergency')}\n\n{reply.text}", reply.buttons, reply.links)


async def wrong(talk: Talk) -> Reply:
    """不 or 不对 to a question of ours."""
    draft = talk.state.draft
    if draft is None:
        return Reply(say("all_right"))
    confirm = await report.missing(talk, draft)
    if draft.step is not Step.CONFIRM:
        return confirm
    offered = tuple(b for b in confirm.buttons if b.word != Word.CONFIRM)
    return Reply(say("what_is_wrong"), offered)
