"""The words that always work are understood however they are typed; free text is left alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dialogue.words import Command, Word, number_in, phone_in, plain, read

NUMBER = "TS20261123000423"


@pytest.mark.parametrize("word", [w for w in Word if w not in (Word.NUMBER, Word.DIGITS)])
def test_every_word_reads_itself(word: Word) -> None:
    assert read(word.value) == Command(word)
    assert read(f" {word.value}。 ") == Command(word)


@pytest.mark.parametrize(
    ("typed", "word"),
    [
        ("确认！", Word.CONFIRM),
        ("好的，可以", Word.CONFIRM),
        ("是的，就是这样", Word.CONFIRM),
        ("中", Word.CONFIRM),
        ("ＯＫ", Word.CONFIRM),
        ("确认吧", Word.CONFIRM),
        ("算了", Word.CANCEL),
        ("上一步", Word.BACK),
        ("转人工", Word.HUMAN),
        ("我要匿名", Word.ANONYMOUS),
        ("？", Word.HELP),
        ("我的进度", Word.PROGRESS),
        ("[微笑]帮助", Word.HELP),
    ],
)
def test_what_people_say_instead(typed: str, word: Word) -> None:
    assert read(typed) == Command(word)


@pytest.mark.parametrize(
    ("typed", "command"),
    [
        (f"进度 {NUMBER}", Command(Word.PROGRESS, number=NUMBER)),
        (f"进度{NUMBER}", Command(Word.PROGRESS, number=NUMBER)),
        (f"催办：{NUMBER}", Command(Word.URGE, number=NUMBER)),
        ("补充 昨天又停水了", Command(Word.SUPPLEMENT, rest="昨天又停水了")),
        ("补充：昨天又停水了", Command(Word.SUPPLEMENT, rest="昨天又停水了")),
        (f"补充 {NUMBER} 昨天又停水了", Command(Word.SUPPLEMENT, rest="昨天又停水了", number=NUMBER)),
        ("评价 5", Command(Word.RATE, rest="5")),
        ("评价5分", Command(Word.RATE, rest="5分")),
        (f"评价 2 {NUMBER}", Command(Word.RATE, rest="2", number=NUMBER)),
        ("不满意 根本没修", Command(Word.DISSATISFIED, rest="根本没修")),
        ("不满意，根本没修", Command(Word.DISSATISFIED, rest="根本没修")),
        ("关注 XX-2026-001", Command(Word.FOLLOW, rest="XX-2026-001")),
        ("取关 3", Command(Word.UNFOLLOW, rest="3")),
        ("查承诺 新校区", Command(Word.COMMITMENTS, rest="新校区")),
        ("投票 XX-2026-001", Command(Word.VOTE, rest="XX-2026-001")),
        ("赞成 示例-9", Command(Word.AGREE, rest="示例-9")),
        ("反对：CN2026-0001", Command(Word.AGAINST, rest="CN2026-0001")),
        ("提意见 CN2026-0001 建议按学期收", Command(Word.OPINION, rest="CN2026-0001 建议按学期收")),
        (f"申诉 {NUMBER} 应该受理", Command(Word.APPEAL, rest="应该受理", number=NUMBER)),
    ],
)
def test_words_with_an_argument(typed: str, command: Command) -> None:
    assert read(typed) == command


@pytest.mark.parametrize(
    "typed",
    [
        NUMBER,
        "ts20261123000423",
        "TS 2026 1123 0004 23",
        "TS-2026-1123-000423",
        "ＴＳ２０２６１１２３０００４２３",
        "单号：TS20261123000423",
    ],
)
def test_a_number_alone_as_people_type_it(typed: str) -> None:
    command = read(typed)
    assert command is not None
    assert command.word is Word.NUMBER
    assert plain(command.number).upper() == NUMBER


@pytest.mark.parametrize(
    "typed", [f"{NUMBER} 123456", f"{NUMBER}123456", f"{NUMBER} 查询码123456", f"{NUMBER}，123456"]
)
def test_number_and_query_code_in_one(typed: str) -> None:
    command = read(typed)
    assert command is not None
    assert (command.word, command.number, command.rest) == (Word.NUMBER, NUMBER, "123456")


@pytest.mark.parametrize(
    ("typed", "word"),
    [("那改成保密吧", Word.CONFIDENTIAL), ("实名举报", Word.NAMED), ("是投诉，不是咨询", Word.COMPLAINT)],
)
def test_a_correction_in_a_sentence(typed: str, word: Word) -> None:
    assert read(typed) == Command(word)


def test_bare_digits() -> None:
    assert read("5") == Command(Word.DIGITS, rest="5")
    assert read("５。") == Command(Word.DIGITS, rest="5")


@pytest.mark.parametrize(
    "typed",
    [
        "投诉教育局乱收费",
        "进度怎么这么慢，我要投诉",
        "补充耕地指标什么时候下来",
        "关注民生的同时也请关注一下我们村里的路灯问题",
        "不满意你们的服务",
        "建议在路口装红绿灯",
        "匿名举报有人贪污",
        f"我的单号{NUMBER}怎么还没动静",
        "我交了5次材料",
        "会保密吗",
        "匿名是什么意思",
        "承诺：今年六月交房",
        "赞成，就该这么办",
        "反对 在小区门口设垃圾站",
        "意见：楼下太吵",
        "投票选举村主任的时候有人挨家挨户送东西，没人管",
    ],
)
def test_free_text_is_no_command(typed: str) -> None:
    assert read(typed) is None


def test_numbers_inside_text() -> None:
    assert number_in(f"我的单号{NUMBER}呢") == NUMBER
    assert number_in(f"单号{NUMBER}查询码123456帮我看看") == NUMBER
    assert number_in(f"看看{NUMBER} 123456") == NUMBER
    assert phone_in("电话 138 0000 0000") == "13800000000"
    assert phone_in(NUMBER) == ""


@given(st.text(max_size=60))
def test_no_text_is_too_strange_to_be_read(typed: str) -> None:
    command = read(typed)
    assert command is None or isinstance(command.word, Word)
    number_in(typed)
    phone_in(typed)
