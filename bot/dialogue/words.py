"""The words that always work, each with what people say instead, and how a message is read for them.

Source: contract, "Chat". A word counts only where it is the whole message, or stands first with its argument.
"""

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

from storage.vocab import CaseType, Mode


class Word(StrEnum):
    """What a control word means."""

    CONFIRM = "确认"
    CANCEL = "取消"
    SKIP = "跳过"
    BACK = "返回"
    HUMAN = "人工"
    HELP = "帮助"
    PROGRESS = "进度"
    NAMED = "实名"
    CONFIDENTIAL = "保密"
    ANONYMOUS = "匿名"
    SUPPLEMENT = "补充"
    URGE = "催办"
    WITHDRAW = "撤回"
    APPEAL = "申诉"
    RATE = "评价"
    DISSATISFIED = "不满意"
    SOLVED = "解决了"
    NOT_SOLVED = "没解决"
    CHOOSE = "选"
    NONE_OF_THESE = "都不是"
    FOLLOW = "关注"
    UNFOLLOW = "取关"
    FOLLOWED = "我的关注"
    VOTE = "投票"
    AGREE = "赞成"
    AGAINST = "反对"
    OPINION = "提意见"
    COMPLAINT = "投诉"
    INQUIRY = "咨询"
    SUGGESTION = "建议"
    CHANGE_TYPE = "改类型"
    CHANGE_UNIT = "改单位"
    CHANGE_TEXT = "改内容"
    ADD_CONTACT = "补充姓名电话"
    AS_ENTERPRISE = "代表企业"
    AS_PERSON = "我是个人"
    NO_UNIT = "由受理员定"
    GO_ON = "继续"
    START_OVER = "重新来"
    NEW_MATTER = "新的事"
    ME_TOO = "我也遇到了"
    LINK = "挂到我的微信"
    THAT_PROMISE = "是这项"
    NOT_THAT = "不是这项"
    NO = "不用"
    WHOLE = "全文"
    COMMITMENTS = "查承诺"
    NUMBER = "单号"
    DIGITS = "数字"
    PLACE = "第几个"
    BIND = "绑定工作账号"
    UNBIND = "解绑"


_ALSO: dict[Word, str] = {
    Word.CONFIRM: "确定 确认提交 提交 登记 是 是的 对 对的 没错 没问题 好 好的 可以 行 中 "
    "嗯 嗯嗯 ok 无误 就这样 就是这样",
    Word.CANCEL: "算了 不报了 不投诉了 不想投诉了 不反映了 不想反映了 "
    "不登记了 取消登记 退出 不弄了 不说了 算了不说了 算了不弄了 算了算了",
    Word.SKIP: "跳过这步 先不填 不填 略过",
    Word.BACK: "上一步 返回上一步 后退 回去",
    Word.HUMAN: "转人工 人工客服 人工服务 找人工 客服 找客服 转接人工 真人 "
    "找真人 我要找真人 我要人工 接人工 找工作人员 找个人",
    Word.HELP: "使用帮助 怎么用 帮忙 help 菜单 说明 ? 你能做什么 怎么操作",
    Word.PROGRESS: "查进度 我的进度 查询进度 进度查询 查询 办理进度 查一下进度 我的件 我的工单",
    Word.NAMED: "改实名 我要实名 实名登记",
    Word.CONFIDENTIAL: "改保密 我要保密 请保密 要求保密 保密登记 保密投诉 保密举报 给我保密 替我保密 要保密",
    Word.ANONYMOUS: "改匿名 我要匿名 匿名登记 匿名投诉 匿名举报 匿名反映 匿名提交 我匿名 要匿名 "
    "我要匿名投诉 我要匿名举报 不要实名 不想实名 不实名",
    Word.SUPPLEMENT: "补充材料 补充内容 我要补充",
    Word.URGE: "催一下 催单 催促 催一催 帮我催一下",
    Word.WITHDRAW: "撤销 我要撤回 撤诉",
    Word.APPEAL: "我要申诉",
    Word.RATE: "我要评价 打分",
    Word.DISSATISFIED: "不满 很不满意 非常不满意 我不满意",
    Word.SOLVED: "已解决 已经解决 已经解决了 问题解决了 都解决了",
    Word.NOT_SOLVED: "没有解决 未解决 还没解决 还是没解决 没解决问题 没解决我的问题 没有解决我的问题",
    Word.NONE_OF_THESE: "都不对 都不是的 以上都不是 没有我要问的",
    Word.FOLLOW: "",
    Word.UNFOLLOW: "取消关注",
    Word.FOLLOWED: "关注列表 关注了哪些 我关注的承诺",
    Word.VOTE: "我要投票 民意调查",
    Word.AGREE: "我赞成",
    Word.AGAINST: "我反对",
    Word.OPINION: "我有意见",
    Word.COMPLAINT: "投诉举报 举报 我要投诉 我要举报 我想投诉 我想举报 反映问题 我要反映问题",
    Word.INQUIRY: "我要咨询 我想咨询 问个问题 咨询问题 我想问问",
    Word.SUGGESTION: "我要建议 提建议 我想提建议 提个建议 我要提建议 意见建议",
    Word.CHANGE_TYPE: "类型不对 改一下类型 修改类型 类型错了",
    Word.CHANGE_UNIT: "单位不对 改部门 部门不对 修改单位 单位错了 改一下单位",
    Word.CHANGE_TEXT: "内容不对 修改内容 改一下内容 内容错了 重写",
    Word.ADD_CONTACT: "姓名电话 留姓名电话 留电话 补充电话 改姓名电话",
    Word.AS_ENTERPRISE: "企业 代表公司 我是企业",
    Word.AS_PERSON: "个人 代表个人",
    Word.NO_UNIT: "不知道单位 不知道哪个单位 不清楚单位",
    Word.GO_ON: "继续上次 接着说 接着来",
    Word.START_OVER: "重来 重新开始 重新说 不要上次的",
    Word.ME_TOO: "我也遇到 我也是 我也遇见了 我家也是 我们也是",
    Word.THAT_PROMISE: "是这项承诺 就是这项 是这个承诺 就是这个承诺",
    Word.NOT_THAT: "不是这项承诺 不是这个承诺",
    Word.NEW_MATTER: "新的事情 另一件事 新问题",
    Word.LINK: "关联 绑定 挂上",
    Word.NO: "不 不是 不对 不用了 否 不要 不需要 不了 不撤了",
    Word.WHOLE: "看全文",
    Word.COMMITMENTS: "承诺 承诺公开 查询承诺 看承诺",
    Word.UNBIND: "解除绑定 取消绑定",
}
_WITH_ARGUMENT = (
    Word.PROGRESS,
    Word.SUPPLEMENT,
    Word.URGE,
    Word.WITHDRAW,
    Word.APPEAL,
    Word.RATE,
    Word.DISSATISFIED,
    Word.SOLVED,
    Word.NOT_SOLVED,
    Word.FOLLOW,
    Word.UNFOLLOW,
    Word.VOTE,
    Word.AGREE,
    Word.AGAINST,
    Word.OPINION,
    Word.COMMITMENTS,
    Word.WHOLE,
)
TYPES = {
    Word.COMPLAINT: CaseType.COMPLAINT,
    Word.INQUIRY: CaseType.INQUIRY,
    Word.SUGGESTION: CaseType.SUGGESTION,
}
MODES = {Word.NAMED: Mode.NAMED, Word.CONFIDENTIAL: Mode.CONFIDENTIAL, Word.ANONYMOUS: Mode.ANONYMOUS}

_MODE_WORDS = {word.value: word for word in MODES}
_AROUND_MODE = re.compile(
    r"那|就|改|换|成|为|选|要|用|按|走|还是|吧|啊|呀|我|想|请|给|的|了|好|行|登记|举报|投诉|反映|提交|方式"
)
_THIS_NOT_THAT = re.compile(
    r"(?:我|这|这个|应该)*(?:是|算|要)(投诉|咨询|建议)(?:不是|不算)(?:投诉|咨询|建议)"
)
_OTHER_TYPE = re.compile(
    r"(?:那|就|还|这|这个|我|应该)*(?:改|换|算|是|按|选)(?:成|为|作)?个?(投诉|咨询|建议)(?:登记|的|了|吧)*"
)
_PLACE = re.compile(r"第([一二三四五1-5])(?:个|件|项|条|份)?(?:吧|的)?")
_PLACES = "一二三四五"
NUMBER = re.compile(r"(?:TS|ZX|JY)(?:[ \-–—_.·]*\d){6,20}", re.IGNORECASE)
PHONE = re.compile(r"(?<!\d)1[3-9]\d(?:[ -]?\d){8}(?!\d)")
_BIND = re.compile(r"绑定[\s:,.，。“”\"]*(\d(?: ?\d){3,7})[\s.。“”\"]*")
_CHOICE = re.compile(r"选 (\S{1,64})")
_EMOTICON = re.compile(r"\[[\u4e00-\u9fffA-Za-z]{1,6}\]")
_SEPARATOR = re.compile(r"[\s,.:;!。，、：；！\-—_+#“”\"'「」【】()（）]+")
_TONE = re.compile(r"(?:吧|啊|呀|哦|呢|了|谢谢)$")
_MAX_NAME = 16
_CODE_FIRST = re.compile(r"(?=\S{0,63}\d)(?=\S{0,63}[-A-Za-z])\S{2,64}(?: |$)")
"""A commitment's code, before which words of everyday speech are a command."""
_ALONE = frozenset({"承诺", "承诺公开"})
"""What many a complaint begins with: no command with words behind it."""
_BEFORE_A_CODE = frozenset({Word.AGREE, Word.AGAINST, Word.OPINION})
_BEFORE_A_NAME = frozenset({Word.VOTE, Word.COMMITMENTS})


def plain(text: str) -> str:
    """``text`` in NFKC and lower case, without emoticon codes, spaces and punctuation (but a lone ?)."""
    text = _EMOTICON.sub("", unicodedata.normalize("NFKC", text)).strip()
    if text in {"?", "??"}:
        return "?"
    return "".join(
        char for char in text.lower() if not unicodedata.category(char).startswith(("P", "Z", "C", "S"))
    )


_MEANS = {plain(said): word for word in Word for said in (word.value, *_ALSO.get(word, "").split())}


@dataclass(frozen=True, slots=True)
class Command:
    """A control word and what stood behind it; ``number`` is a tracking number as typed, or empty."""

    word: Word
    rest: str = ""
    number: str = ""


def read(text: str) -> Command | None:
    """The control word that a message is, or None for free text."""
    clear = _EMOTICON.sub("", unicodedata.normalize("NFKC", text)).strip()
    bare = plain(clear)
    word = _meant(bare) or _said_twice(clear) or _corrected(bare)
    if word is not None and not (word is Word.CONFIRM and clear.endswith("?")):
        return Command(word)
    if bare.isdigit() and bare.isascii():
        return Command(Word.DIGITS, rest=bare)
    if place := _PLACE.fullmatch(bare):
        return Command(Word.PLACE, rest=str(_PLACES.find(place[1]) + 1 or place[1]))
    if code := _BIND.fullmatch(clear):
        return Command(Word.BIND, rest=code[1].replace(" ", ""))
    if choice := _CHOICE.fullmatch(clear):
        return Command(Word.CHOOSE, rest=choice[1])
    return _number_first(clear) or _with_argument(clear)


def _meant(bare: str) -> Word | None:
    return _MEANS.get(bare) or _MEANS.get(_TONE.sub("", bare))


def _said_twice(clear: str) -> Word | None:
    """The word that every part of a message means: 是的，就这样; 不想反映了，撤回吧 is about a case."""
    parts = {_meant(plain(part)) for part in _SEPARATOR.split(clear) if plain(part)}
    if parts == {Word.CANCEL, Word.WITHDRAW}:
        return Word.WITHDRAW
    return parts.pop() if len(parts) == 1 else None


def _corrected(bare: str) -> Word | None:
    """A mode or a type in a sentence that says nothing else: 那改成保密吧, 改成建议, 是投诉不是咨询."""
    kind = _THIS_NOT_THAT.fullmatch(bare) or _OTHER_TYPE.fullmatch(bare)
    return _MEANS[kind[1]] if kind else _MODE_WORDS.get(_AROUND_MODE.sub("", bare))


def number_in(text: str) -> str:
    """The first thing in ``text`` that looks like a tracking number, or empty."""
    found = NUMBER.search(unicodedata.normalize("NFKC", text))
    return _code_apart(found[0], "")[0] if found else ""


def phone_in(text: str) -> str:
    """The first mobile number in ``text`` as 11 digits, or empty."""
    found = PHONE.search(unicodedata.normalize("NFKC", text))
    return re.sub(r"\D", "", found[0]) if found else ""


def _number_first(clear: str) -> Command | None:
    """A tracking number alone, or followed by the six-digit query code."""
    found = NUMBER.match(re.sub(r"^(?:单号|编号)[::\s]*", "", clear))
    if not found:
        return None
    number, rest = _code_apart(found[0], clear[clear.index(found[0]) + len(found[0]) :])
    rest = plain(re.sub(r"查询码", "", rest))
    return Command(Word.NUMBER, rest=rest, number=number) if not rest or rest.isdigit() else None


def _code_apart(number: str, rest: str) -> tuple[str, str]:
    """The number's pattern swallows a query code behind it: fourteen digits are the number's."""
    digits = 0
    for at, char in enumerate(number):
        digits += char.isdigit()
        if digits == 14:
            return number[: at + 1], number[at + 1 :] + rest
    return number, rest


def _with_argument(clear: str) -> Command | None:
    for word in _WITH_ARGUMENT:
        for said in (word.value, *_ALSO[word].split()):
            if said not in _ALONE and clear.startswith(said) and (rest := clear[len(said) :]):
                command = _argued(word, rest)
                if command is not None:
                    return command
    return None


def _argued(word: Word, rest: str) -> Command | None:
    """``rest`` as the word's argument, where it is one: separated, a number, or short where that is clear."""
    separated = _SEPARATOR.match(rest)
    words = rest[separated.end() :] if separated else rest
    found = NUMBER.match(words)
    number = ""
    if found:
        number, tail = _code_apart(found[0], words[found.end() :])
        words = _SEPARATOR.sub("", tail, count=1) if _SEPARATOR.match(tail) else tail
    elif word is Word.RATE and (later := NUMBER.search(words)):
        number, words = later[0], words[: later.start()].strip()
    if word in _BEFORE_A_CODE and not (separated and (found or _CODE_FIRST.match(words))):
        return None
    if word in _BEFORE_A_NAME and not found and len(words) > _MAX_NAME and not _CODE_FIRST.match(words):
        return None
    close = word is Word.RATE and words[:1].isdigit()
    named = word in {Word.FOLLOW, Word.UNFOLLOW} and len(words) <= _MAX_NAME
    if word in {Word.SOLVED, Word.NOT_SOLVED} and not found:
        return None  # 解决了，不过… and the like say something else
    if separated or found or close or named:
        return Command(word, rest=words.strip(), number=number)
    return None
