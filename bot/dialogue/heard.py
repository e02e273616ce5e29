"""What a draft learns from a message: how it was understood, and what the words themselves say."""

import re

from bot.dialogue.state import Draft
from bot.dialogue.words import plain
from bot.nlu import keywords, pledges
from bot.nlu.port import Understanding
from intake.city import City
from storage.vocab import CaseType, Mode, ReporterKind

REPORTS = frozenset(kind.value for kind in CaseType)
SURE = 0.45  # below it a report's type is asked for
LIKELY = 0.3  # enough where the form of the sentence says the same
CLEAR = 0.6  # from it on a digression is believed
ABOUT_A_PROMISE = 0.5
MAX_TEXT = 5000
ENOUGH = 4  # characters that are left of a usable message when its mere forms are taken away
PLAIN = 0.8  # how sure the rules are of words that can hardly mean anything else
GUESSED = 0.35  # how sure the rules are of a complaint where nothing in the words says so
FEW = 16  # characters of words that can say by themselves that something is wrong
BARELY = 2  # as many will do where we have asked what happened

_FORMS = re.compile(
    r"你好|您好|在吗|请问|麻烦|帮我|帮忙|我们|你们|他们|我要|我想|我|要|想|投诉|举报|反映|咨询|建议|提个|提|问题|一下|一个|情况|意见|事情|事|有|个|的|了|吧|啊"
)
_ALL = re.compile(r".+", re.DOTALL)
_TROUBLE = re.compile(
    r"坏|停(?:了)?[水电气暖]|[水电气暖]停|断[水电气网]|堵|漏|脏|臭|吵|噪[音声]|扰民|不[亮通热来走]|没(?:有)?(?:水|电|气|暖|人管)|"
    r"塌|裂|积水|倒了|丢了|乱[收停扔建倒罚]|欠(?:薪|工资|款)|拖欠|不管|占道|污染|油烟|违建|成山"
)
_QUESTION = re.compile(
    r"[?？]|吗|呢|怎么|怎样|如何|哪里|哪儿|哪个|什么|多少|多久|几天|几点|能不能|可不可以|是不是|有没有|请问"
)
_HOW_TO = re.compile(r"(?:怎么|咋|如何|怎样|去?哪里?|在哪儿?)(?:去|能)?(?:补|办|挂失|申请|申领|报修|报案)")
_SENTENCES = re.compile(r"[。！!；;\n]")
_KINDS = (
    (
        ReporterKind.ENTERPRISE,
        re.compile(
            r"(?:我|我们|俺|俺们|本|咱)(?:的|家)?(?:公司|企业|厂|合作社|店|商户|项目部)|我司|贵单位欠我司"
        ),
    ),
    (
        ReporterKind.CITIZEN,
        re.compile(
            r"(?:我们?|俺们?|咱)(?:是|都是|就是)[^，。！？]{0,16}(?:业主|居民|村民|住户|家长|学生|市民|群众|老百姓)"
        ),
    ),
    (
        ReporterKind.MEDIA,
        re.compile(r"(?:我是|本报|本台|我们是)[^，。]{0,8}(?:记者|报社|电视台|媒体)|本报|本台"),
    ),
    (ReporterKind.ORGANISATION, re.compile(r"(?:本|我们)(?:协会|商会|学会|基金会|联合会)")),
    (
        ReporterKind.PARTY,
        re.compile(
            r"(?:民革|民盟|民建|民进|农工党|致公党|九三学社|台盟)[^，。]{0,6}(?:支部|委员会|提交|反映)"
        ),
    ),
)
_WISHES = (
    (
        Mode.ANONYMOUS,
        re.compile(
            r"匿名(?:举报|投诉|反映|登记)|(?:我要|我想|想|请|要求|申请|希望|可以|能不能|能否)匿名|"
            r"不(?:想|愿意?|要|肯)留下?(?:姓名|真名|名字?)|(?:^|[，,。；;！!、\s])匿名(?=$|[，,。；;！!：:、\s])"
        ),
    ),
    (
        Mode.CONFIDENTIAL,
        re.compile(
            r"保密(?:举报|投诉|反映|登记)|(?:^|[，,。；;！!、\s])保密(?=$|[，,。；;！!：:、\s])|"
            r"(?:请|要求|希望|务必|一定要)(?:帮我|为我|给我|替我|对我|你们)?保密|(?:帮|为|给|替)我保密|"
            r"(?:不要|别|请勿|不想|不愿意?)(?:透露|泄露|暴露)(?:我|身份|姓名)|(?:不要|别|千万别|不能)说是?[我俺](?:说|讲|反映|举报|投诉|告)的|"
            r"(?:不要|别|不想|不能|千万别)(?:让|叫|给)[^，。！？?]{0,6}知道(?:是我|是俺|我是谁|是谁)?"
        ),
    ),
)
_BUSINESS = re.compile(
    r"(?<!热力|供热|燃气|然气|供电|电力|供水|来水|物业|公交)公司|企业|工厂|厂房|招商|投资|项目|扶持|奖励资金|纳税|用地指标|惠企"
)
_BUSINESS_BREACHES = frozenset({"B1", "B2", "B4"})


def intent_of(heard: Understanding | None) -> tuple[str, float]:
    """The intent and how sure it is; out_of_scope at zero where nothing was understood."""
    return (heard.intent, heard.confidence) if heard is not None else ("out_of_scope", 0.0)


def usable(text: str, city: City, enough: int = ENOUGH) -> bool:
    """Whether a message says what happened, not only to whom or that there is something."""
    rest = plain(text)
    named = {
        (mention.start, mention.end) for mention in city.index.mentions(rest)
    }  # one name may mean several
    for start, end in sorted(named, reverse=True):
        rest = rest[:start] + rest[end:]
    return len(_FORMS.sub("", rest)) >= enough


def in_trouble(text: str) -> bool:
    """Whether few words say by themselves that something is wrong (路灯坏了, 停水了)."""
    return len(text) <= FEW and _TROUBLE.search(text) is not None


def questioning(text: str) -> bool:
    return _QUESTION.search(text) is not None


def plainly_asks(text: str) -> bool:
    """Whether the words themselves ask something, whatever a model made of them."""
    intent, confidence = keywords.intent(text)
    return intent == CaseType.INQUIRY and confidence >= CLEAR


def complaining(text: str) -> bool:
    """Whether the words themselves complain, whatever a model made of them; one sentence that surely does is
    enough."""
    if _complains(text) or (in_trouble(text) and not plainly_asks(text) and not _HOW_TO.search(text)):
        return True
    sentences = [one for one in _SENTENCES.split(text) if one.strip()]
    return len(sentences) > 1 and any(_complains(one, PLAIN) for one in sentences)


def _complains(text: str, least: float = GUESSED) -> bool:
    intent, confidence = keywords.intent(text)
    return intent == CaseType.COMPLAINT and confidence > least


def learn(draft: Draft, text: str, heard: Understanding | None, city: City) -> bool:
    """Take one message into the draft; False where the draft is full and the message was left out."""
    if len(draft.words) + len(text) > MAX_TEXT:
        return False
    draft.text.append(text.strip())
    if heard is not None:
        _take_understanding(draft, heard)
    place = next((found.name for found in city.index.places(text)), "")
    draft.place = draft.place or place
    clause = promised(text) if draft.about_commitment >= ABOUT_A_PROMISE and not draft.promise else None
    if clause is not None:
        draft.promise = promise_in(text)
    if heard is not None:
        draft.due = draft.due or _due(heard, clause)
    draft.reporter_kind = draft.reporter_kind or kind_in(text)
    if draft.mode == Mode.NAMED:
        draft.mode = wish_in(text) or draft.mode
    return True


def relearn(draft: Draft, text: str, heard: Understanding | None, city: City) -> bool:
    """Put ``text`` in the place of everything that was told before; files, mode and choices stay."""
    if len(text) > MAX_TEXT:
        return False
    draft.text, draft.breach, draft.sectors, draft.promise, draft.place = [], [], [], "", ""
    draft.about_commitment, draft.due, draft.amount = 0.0, "", 0.0
    draft.looked, draft.offered = 0, []
    draft.commitment, draft.promised_by, draft.not_these = "", "", []
    draft.promises_of = 0
    return learn(draft, text, heard, city)


def promise_in(text: str) -> str:
    """The clause in which something was promised, in the citizen's own words, or empty."""
    clause = promised(text)
    return clause[0].strip()[:80] if clause is not None else ""


def promised(text: str) -> re.Match[str] | None:
    """Where in ``text`` something was promised: the clause."""
    span = pledges.promised(text)
    return _ALL.match(text, *span) if span else None


def kind_in(text: str) -> str:
    """Who writes, where the words say so: a company, a paper, an association, a party."""
    return next((kind.value for kind, words in _KINDS if words.search(text)), "")


def wish_in(text: str) -> str:
    """How the writer asks to be kept, where the words themselves ask; shown before anything is filed."""
    return next((mode.value for mode, words in _WISHES if words.search(text)), "")


def maybe_enterprise(draft: Draft) -> bool:
    """Whether it would matter to know if a complaint is an enterprise's: it may be, and nobody said."""
    if draft.type != CaseType.COMPLAINT or draft.reporter_kind or draft.about_commitment < ABOUT_A_PROMISE:
        return False
    business = any(code in _BUSINESS_BREACHES and score >= 0.5 for code, score in draft.breach)
    return business or _BUSINESS.search(draft.words) is not None


def _take_understanding(draft: Draft, heard: Understanding) -> None:
    draft.heard = draft.heard or heard.in_short()
    draft.understood = "rules" if "rules" in (draft.understood, heard.source) else heard.source
    if heard.about_commitment >= draft.about_commitment:
        draft.about_commitment = heard.about_commitment
        draft.breach = [[code.value, score] for code, score in heard.breach]
    shares = {str(sector): float(share) for sector, share in draft.sectors}
    for sector, share in heard.sector_shares().items():
        shares[sector] = max(share, shares.get(sector, 0.0))
    draft.sectors = [[sector, share] for sector, share in shares.items()]
    amounts = heard.of_kind("amount_yuan")
    draft.amount = draft.amount or (float(amounts[0].value) if amounts else 0.0)


def _due(heard: Understanding, clause: re.Match[str] | None) -> str:
    """The day something was promised for: the date in the promise's clause, else behind it, else before."""
    dates = list(heard.of_kind("due_date"))
    if clause is not None:
        dates.sort(
            key=lambda date: (not clause.start() <= date.start < clause.end(), date.start < clause.start())
        )
    return str(dates[0].value) if dates else ""
