"""A matter told in a form: looked at before it is registered, registered once, nothing typed is lost."""

import re

import aiohttp
import pytest

from bot.simulator.samples import photo
from intake import registry
from intake.cases import seeing
from storage.vocab import Role
from tests.flows.api.service import Service
from tests.flows.console.reader import Browser, browser
from tests.flows.intake.people import DISPATCHER

from .conftest import enter, filed_by_chat

TOLD = {
    "type": "complaint",
    "mode": "named",
    "text": "红旗区平原路的路灯坏了，城管局说10月底前修好",
    "reporter_kind": "citizen",
}


async def opened(service: Service, page: Browser) -> None:
    """The form, for a citizen who said something once."""
    await filed_by_chat(service, "建议公园早点开门")
    await enter(service, page, "/m/tell")
    assert page.status == 200


async def cases(service: Service) -> list[str]:
    async with service.process.database.read() as unit:
        rows, _ = await seeing.page(service.process.desk(unit), DISPATCHER, {})
    return [row.tracking_no for row in rows if row.channel == "h5"]


async def test_looked_at_and_then_registered_once(service: Service) -> None:
    async with browser(service) as page:
        await opened(service, page)
        data = aiohttp.FormData(page.form("/m/tell") | TOLD)
        data.add_field("attachments", photo(), filename="x.jpg", content_type="image/jpeg")
        await page.post("/m/tell", data)
        for words in ("还没有登记", "城市管理局", "10月底前修好", "1 份"):
            assert words in page.text
        assert await cases(service) == []
        shown = page.form("/m/tell")
        await page.post("/m/tell", shown)
        number = re.search(r"TS\d{14}", page.text)
        assert number
        assert re.search(r"查询码 \d{6}", page.text)
        await page.post("/m/tell", shown)
        assert "没有重复登记" in page.text
        assert await cases(service) == [number[0]]
        await page.open(f"/m/cases/{number[0]}")
        assert TOLD["text"] in page.text
        assert 'alt="您发的照片"' in page.html


async def test_going_back_keeps_everything(service: Service) -> None:
    async with browser(service) as page:
        await opened(service, page)
        await page.send("/m/tell", **TOLD, name="李示例")
        await page.post("/m/tell", page.form("/m/tell") | {"step": "edit"})
        assert TOLD["text"] in page.text
        assert page.form("/m/tell")["name"] == "李示例"


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"text": " "}, "请写明是什么事"),
        ({"department": "不存在的局"}, "没找到这个单位"),
        ({"type": "x"}, "请选一种"),
        ({"mode": ""}, "请选一种"),
        ({"text": "字" * 5001}, "最多 5000 个字"),
    ],
)
async def test_what_is_wrong_is_said_beside_it_and_nothing_is_registered(
    service: Service, wrong: dict[str, str], said: str
) -> None:
    async with browser(service) as page:
        await opened(service, page)
        await page.send("/m/tell", **(TOLD | {"step": "file"} | wrong))
        assert page.status == 422
        assert said in page.text
        assert await cases(service) == []


async def test_an_anonymous_form_keeps_no_name(service: Service) -> None:
    async with browser(service) as page:
        await opened(service, page)
        await page.send(
            "/m/tell",
            **(TOLD | {"mode": "anonymous", "step": "file", "name": "李示例", "phone": "13800000000"}),
        )
        assert "已登记" in page.text
    (number,) = await cases(service)
    async with service.process.database.read() as unit:
        case = await seeing.find(service.process.desk(unit), DISPATCHER, number)
        row = await unit.identities.get(case.reporter_id)
    assert row is not None
    assert (row.name, row.phone) == (None, None)


async def test_who_never_wrote_is_asked_to_say_something_first(service: Service) -> None:
    async with browser(service) as page:
        await enter(service, page, "/m/tell")
        await page.send("/m/tell", **TOLD)
        assert page.status == 422
        assert "先在公众号里发一句话" in page.text
        assert TOLD["text"] in page.text


@pytest.mark.parametrize(
    ("answer", "said"), [("yes", ("SL-CG-001", "citizen")), ("no", (None, None)), ("", (None, None))]
)
async def test_the_commitment_that_it_may_be_about(
    service: Service, answer: str, said: tuple[str | None, str | None]
) -> None:
    at = service.process.clock.now()
    await service.process.database.run(lambda unit: registry.seed_sample(unit, service.process.city, at))
    await service.process.refresh()
    async with browser(service) as page:
        await opened(service, page)
        text = "你们承诺背街的路灯48小时内修复，坏了一个多月没人管"
        await page.send("/m/tell", **TOLD | {"text": text})
        assert "可能与这项承诺有关：【示例】" in page.text
        about = f"{answer}:SL-CG-001" if answer else ""
        await page.send("/m/tell", about=about)
    (number,) = await cases(service)
    told = await (await service.ask("GET", f"/cases/{number}", Role.DISPATCHER)).json()
    code, by = said
    assert told["commitment"] == (
        {"code": code, "title": told["commitment"]["title"], "confirmed_by": by} if code else None
    )
    denied = ["SL-CG-001"] if answer == "no" else None
    assert told["events"][0]["payload"].get("commitment_denied") == denied
