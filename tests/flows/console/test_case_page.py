"""One case on its page: what was said to whom, what the reporter will get, and what changed meanwhile."""

import re
from html import unescape

from bot.dialogue.pushes import push_reply
from intake.notices import BODY
from storage.stores.sights import Sight
from storage.unit import Unit
from storage.vocab import Role
from tests.flows.api.service import Service
from tests.flows.console.office import ANSWER, BACK, RETURN, SIGN, UNIT, case, do
from tests.flows.console.reader import Browser, signed_in
from tests.flows.intake.people import meet

WORDS = "已经复工，<b>八月</b>交付。"


ALL = Sight(everything=True)
TAGS = re.compile(r"<[^>]+>|\s")


async def by_wechat(service: Service) -> str:
    """A case of somebody who can be pushed to, being worked on."""
    number, process = await case(service, SIGN), service.process

    async def followed(unit: Unit) -> None:
        reporter = await meet(process.desk(unit))
        row = (await unit.cases.by_numbers([number], ALL))[number]
        await unit.cases.change(row, {"reporter_id": reporter})

    await process.database.run(followed)
    return number


def bubbles(page: Browser) -> list[str]:
    """The conversation, piece by piece, as it reads."""
    found = re.findall(r'<li class="(ours|theirs)( draft)?">(.*?)</li>', page.html, re.DOTALL)
    return [f"{side}{draft}: " + TAGS.sub("", html) for side, draft, html in found]


def pushed(page: Browser) -> list[str]:
    """The previewed push: its text, then its buttons."""
    figure = page.html.partition('<figure class="push"')[2].partition("</figure>")[0]
    text = re.search(r'<p class="words">(.*?)</p>', figure, re.DOTALL)
    assert text is not None
    return [unescape(text[1]), *map(unescape, re.findall(r'<span class="link-like">(.*?)</span>', figure))]


async def test_the_conversation_reads_in_order(service: Service) -> None:
    number = await case(service, SIGN)
    async with signed_in(service, Role.HANDLER, UNIT) as page:
        await page.open(f"/console/cases/{number}")
        await page.send("/actions/ask_citizen", text="是几号楼？")
        await page.send("/actions/reply_citizen", text="三号楼。")
        await page.send("/actions/answer", text=WORDS, outcome="partly")
        said = bubbles(page)
        assert [one.partition(":")[0] for one in said] == ["theirs", "ours", "theirs", "ours draft"]
        for part, piece in zip(("没有兑现", "是几号楼", "三号楼", "还没有发给群众"), said, strict=True):
            assert part in piece
        assert "<b>八月</b>" not in page.html
    async with signed_in(service, Role.HEAD, UNIT) as page:
        await page.open(f"/console/cases/{number}")
        await page.send("/actions/approve")
        assert bubbles(page)[-1].startswith("ours:")
        assert "部分解决" in bubbles(page)[-1]


async def test_the_preview_is_what_is_sent_word_for_word(service: Service) -> None:
    number = await by_wechat(service)
    async with signed_in(service, Role.HANDLER, UNIT) as page:
        await page.open(f"/console/cases/{number}")
        action = f"/console/cases/{number}/preview/answer"
        await page.post(action, page.form("/actions/answer") | {"text": WORDS, "outcome": ""})
        assert page.status == 422
        await page.post(action, page.form("/actions/answer") | {"text": WORDS, "outcome": "resolved"})
        assert page.status == 200
        shown = pushed(page)
        assert f"{WORDS}</textarea>".replace("<b>", "&lt;b&gt;").replace("</b>", "&lt;/b&gt;") in page.html
        told = await (await service.ask("GET", f"/cases/{number}", Role.AUDITOR)).json()
        assert told["state"] == "handling"
        await page.send("/actions/answer", text=WORDS, outcome="resolved")
    async with signed_in(service, Role.HEAD, UNIT) as page:
        await page.open(f"/console/cases/{number}")
        assert pushed(page) == shown
        await page.send("/actions/approve")
        assert "客服消息" not in page.text
        assert "等待发送" in page.text
    async with service.process.database.read() as unit:
        row = (await unit.cases.by_numbers([number], ALL))[number]
        body = next(one.body for one in await unit.outbox.of_case(row.id) if one.notice == "answered")
    reply = push_reply("answered", service.process.vault.open_json(body, BODY))
    assert shown == [reply.text, *(button.label for button in reply.buttons)]


async def test_other_words_for_the_reporter_can_be_looked_at_too(service: Service) -> None:
    number = await case(service, SIGN)
    async with signed_in(service, Role.HANDLER, UNIT) as page:
        await page.open(f"/console/cases/{number}")
        form = page.form("/actions/ask_citizen")
        await page.post(f"/console/cases/{number}/preview/ask_citizen", form | {"text": "是几号楼？"})
        assert "是几号楼？" in pushed(page)[0]
        assert number in pushed(page)[0]
        await page.post(f"/console/cases/{number}/preview/note", form | {"text": "不给群众看"})
        assert page.status == 404


async def test_an_open_page_says_what_is_new_since_it_was_drawn(service: Service) -> None:
    number = await case(service)
    async with signed_in(service, Role.HANDLER, UNIT) as page:
        await page.open(f"/console/cases/{number}")
        assert "已有新进展" not in page.text
        watch = re.search(r'id="news" hx-get="([^"]+)"', page.html)
        assert watch is not None
        await do(service, number, "sign", Role.HEAD)
        await page.open(watch[1])
        assert "此件已有新进展：承办单位负责人 签收" in page.text
        assert watch[1] in page.html


async def test_who_was_reminded_and_what_was_pushed_stands_on_the_page(service: Service) -> None:
    number = await case(service, SIGN, ANSWER, BACK)
    await service.staff("head-of-it", Role.HEAD, UNIT)
    day = service.process.clock.today().replace(year=2099).isoformat()
    await do(service, number, "supervise", Role.SUPERVISOR, demand="三日内办结", due_on=day)
    async with signed_in(service, Role.SUPERVISOR) as page:
        await page.open(f"/console/cases/{number}")
        assert "提醒过谁" in page.text
        assert "head-of-it" in page.text
        await page.open("/console/reminders/log")
        assert number in page.html
        assert "head-of-it" in page.text


def acting(page: Browser) -> str:
    """The part where one acts."""
    return page.html.partition('aria-label="办理"')[2].partition("</section>")[0]


async def test_an_answer_that_came_back_is_mended_and_not_typed_again(service: Service) -> None:
    number = await case(service, SIGN, ANSWER, BACK)
    async with signed_in(service, Role.HANDLER, UNIT) as page:
        await page.open(f"/console/cases/{number}")
        assert "写明日期" in acting(page).partition("<form")[0]
        assert "已经复工，八月交付。</textarea>" in acting(page)
        assert '<option value="partly" selected>' in acting(page)
        await page.send("/actions/answer", text=WORDS, outcome="partly")
        assert page.status == 200
        assert "写明日期" not in acting(page)
        assert "</textarea>" in acting(page)
        assert "八月交付。</textarea>" not in acting(page)


async def test_a_request_stands_where_it_is_ruled_on(service: Service) -> None:
    await case(service)
    number = await case(service, RETURN, SIGN)
    async with signed_in(service, Role.DISPATCHER) as page:
        await page.open(f"/console/cases/{number}")
        first, _, rest = acting(page).partition("可能是同一件事")
        for words in ("申请退单", "不归我们", "三定", "建议改派：新乡市教育局"):
            assert words in first
        assert "<summary>裁定退单</summary>" in first
        assert "裁定退单" not in rest
        await page.send("/actions/rule_return", approve="false", reason="归你们")
        assert page.status == 200
        assert "不归我们" not in acting(page)


async def test_a_time_that_has_passed_is_not_said_to_run(service: Service) -> None:
    number = await case(service, SIGN)
    async with signed_in(service, Role.HANDLER, UNIT) as page:
        await page.open(f"/console/cases/{number}")
        assert re.findall(r"<b>答复</b> *<span class=.tag (\w+)", page.html) == ["main"]
        service.process.clock.set_ahead(60 * 86400)
        await page.open(f"/console/cases/{number}")
        assert re.findall(r"<b>答复</b> *<span class=.tag (\w+).>超时", page.html) == ["bad"]
