"""Cases are found by their words, before and after the worker wrote them down, by those who may see them."""

from datetime import timedelta
from urllib.parse import quote

import pytest

from bot.workers.wording import Wording
from storage.stores import lists
from storage.stores.lists import Count
from storage.stores.sights import Sight
from storage.vocab import Mode, Order, Role
from tests.flows.api.service import Service

ALL = Sight(everything=True)
SAID = "示例路3号门前的窨井盖坏了，ＡＢＣ小区的人都绕着走。"
ABOUT_SCHOOL = "市教育局承诺的补助没有发，孩子上学难。"


async def words(service: Service) -> None:
    """What the worker does, until nothing is left."""
    worker = Wording(service.process)
    while await worker.step():
        pass


async def found(service: Service, q: str, role: Role = Role.AUDITOR, unit: str | None = None) -> list[str]:
    told = await (await service.ask("GET", f"/cases?q={quote(q)}", role, unit)).json()
    return [one["tracking_no"] for one in told["items"]]


@pytest.mark.parametrize("written", [False, True], ids=["before the worker", "after it"])
async def test_a_case_is_found_by_parts_of_what_was_said(
    service: Service, written: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = (await service.file(SAID)).case.tracking_no
    others = [(await service.file(f"示例街{n + 5}号的路灯不亮。")).case.tracking_no for n in range(6)]
    if written:
        await words(service)
    for looked in (lists.LOOKED, 1):
        monkeypatch.setattr(lists, "LOOKED", looked)
        for q in ("窨井盖", "坏了，", "3号", "小区 窨井", "盖", "ＡＢＣ", "示例路3号门前的窨井盖"):
            assert await found(service, q) == [number], (q, looked)
        assert await found(service, "路灯") == others[::-1]
        for q in ("窨井 路灯", "盖井", "航天飞机", "%", "窨_盖"):
            assert await found(service, q) == [], (q, looked)
    assert await found(service, number.lower()) == [number]
    assert await found(service, f"{number[:-1]}{(int(number[-1]) + 1) % 10}") == []


async def test_a_number_is_never_looked_for_among_words(service: Service) -> None:
    first = (await service.file(SAID)).case.tracking_no
    await service.file(f"上次的单号是{first}，还没有回音。")
    await words(service)
    assert await found(service, first) == [first]


async def test_the_transcript_and_the_answer_are_searched_and_what_changed_is_written_anew(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = (await service.file("（语音）", awaits_transcript=True)).case
    await service.file("示例街的路灯不亮。")
    await words(service)
    monkeypatch.setattr(lists, "LOOKED", 1)
    assert await found(service, "窨井盖") == []
    body = {"version": case.version, "text": "窨井盖坏了。"}
    path = f"/cases/{case.tracking_no}/actions/transcribe"
    assert (await service.ask("POST", path, Role.DISPATCHER, json=body)).status == 200
    assert await found(service, "窨井盖") == [case.tracking_no]
    await words(service)
    assert await found(service, "窨井盖") == [case.tracking_no]
    async with service.process.database.write() as unit:
        row = await unit.cases.get(case.id)
        assert row is not None
        await unit.cases.change(row, {"transcript": "", "answer": "已经修好"})
    for _ in range(2):
        assert await found(service, "修好") == [case.tracking_no]
        assert await found(service, "窨井盖") == []
        await words(service)
    async with service.process.database.read() as unit:
        assert await unit.case_words.likely("窨井盖", None, 10) == []
        assert len(await unit.case_words.likely("修好", None, 10)) == 1


@pytest.mark.parametrize("mode", [Mode.CONFIDENTIAL, Mode.ANONYMOUS])
async def test_what_is_masked_is_not_found_and_the_accused_find_nothing(
    service: Service, mode: Mode, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = f"{ABOUT_SCHOOL}我叫张三丰，电话13800001234。"
    case = (await service.file(said, mode=mode, name="张三丰", phone="13800001234")).case
    await service.file("示例街的路灯不亮。", department="jiaoyu")
    for looked in (lists.LOOKED, 1):
        monkeypatch.setattr(lists, "LOOKED", looked)
        assert await found(service, "补助") == [case.tracking_no]
        for q in ("张三丰", "13800001234", "三丰"):
            assert await found(service, q) == []
        for role in (Role.HANDLER, Role.HEAD):
            assert await found(service, "补助", role, "jiaoyu") == []
            assert await found(service, case.tracking_no, role, "jiaoyu") == []
        assert await found(service, "补助", Role.HANDLER, case.department) == [case.tracking_no]
        await words(service)


@pytest.mark.parametrize("order", list(Order))
async def test_pages_of_what_is_found_go_on_where_the_last_one_ended(
    service: Service, order: Order, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lists, "LOOKED", 2)
    made = []
    for n in range(9):
        kept = {"department": "zhujian"} if n % 2 else {"awaits_transcript": True}
        made.append((await service.file(f"{SAID if n % 3 else ABOUT_SCHOOL}{n}", **kept)).case)
        service.process.clock.set_ahead(timedelta(hours=n + 1).total_seconds())
        if n == 5:
            await words(service)
    async with service.process.database.read() as unit:
        whole = await unit.lists.page(ALL, {}, order=order, limit=20)
        seen, after = [], None
        while rows := await unit.lists.page(ALL, {"q": "窨井盖"}, order=order, after=after, limit=2):
            seen += [row.id for row, _ in rows]
            after = rows[-1][1]
        assert seen == [row.id for row, _ in whole if "窨井盖" in row.text]
        assert await unit.lists.count(ALL, {"q": "窨井盖"}) == Count(6)
        assert await unit.lists.count(ALL, {"q": "窨井盖", "department": "zhujian"}) == Count(
            sum("窨井盖" in case.text and case.department == "zhujian" for case in made)
        )


async def test_what_very_many_have_is_counted_so_far_only(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lists, "MOST", 3)
    for n in range(5):
        await service.file(f"{SAID}{n}")
        async with service.process.database.read() as unit:
            [count] = await unit.lists.counts(ALL, [{}])
        assert str(count) == ("3+" if n > 2 else str(n + 1))


async def test_the_worker_goes_on_until_nothing_is_left(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.workers.wording.BATCH", 2)
    for n in range(3):
        await service.file(f"{SAID}{n}")
    worker = Wording(service.process)
    assert [await worker.step() for _ in range(3)] == [True, False, False]
    async with service.process.database.read() as unit:
        assert len(await unit.case_words.likely("窨井", None, 10)) == 3
