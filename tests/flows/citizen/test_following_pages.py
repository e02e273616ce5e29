"""Following and voting on the citizens' pages and in the chat beside them; what the public and staff see."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.simulator import scripts
from bot.simulator.remote import Remote
from intake.commitments import polls
from intake.desk import Desk
from storage.vocab import CommitmentState, Role
from tests.flows.api.service import Service
from tests.flows.citizen.conftest import enter
from tests.flows.console.reader import Browser, browser, signed_in
from tests.support.promises import promise

SCHOOL, FEES = "SL-JY-901", "SL-JY-905"
PAGE = f"/m/commitments/{FEES}"
INJECTION = '"><script>alert(1)</script></textarea>'


@pytest.fixture(autouse=True)
async def promises(service: Service) -> None:
    async def write(desk: Desk) -> None:
        await promise(desk, SCHOOL, "示例新校区九月开放")
        row = await promise(desk, FEES, "示例课后服务收费标准", state=CommitmentState.PREDISCLOSURE)
        await polls.begin(desk, row, polls.OpenPoll(question="您赞成这个标准吗？"))

    await do(service, write)


async def do(service: Service, work: Callable[[Desk], Awaitable[Any]]) -> Any:
    return await service.process.database.run(lambda unit: work(service.process.desk(unit)))


async def spoke(service: Service, *openids: str) -> None:
    """These citizens have written to the account, whose name the pages need."""
    async with aiohttp.ClientSession() as session:
        remote = Remote(str(service.client.make_url("/simulator")), session)
        for openid in openids or ("oSimulatorCitizen00000000001",):
            await service.client.post("/simulator/citizens", json={"openid": openid})
            await remote.say(openid, "你好")


async def told(service: Service, role: Role | None = None) -> dict[str, Any]:
    answer = await service.ask("GET", f"/commitments/{FEES}", role)
    body: dict[str, Any] = await answer.json()
    return body


async def test_the_script_of_following_and_voting(service: Service) -> None:
    async with aiohttp.ClientSession() as session:
        remote = Remote(str(service.client.make_url("/simulator")), session)
        await scripts.run(scripts.read(Path("tests/scripts/following.yml")), remote)
    assert (await told(service, Role.DISPATCHER))["poll"]["counts"] == {
        "agree": 1,
        "against": 1,
        "opinion": 1,
    }


async def test_looking_for_one_needs_no_wechat(service: Service) -> None:
    async with browser(service) as page:
        await page.open("/m/commitments?q=新校区")
        assert "示例新校区九月开放" in page.text
        assert "示例课后服务" not in page.text
        await page.open("/m/commitments?q=" + INJECTION)
        assert "没有找到" in page.text
        assert INJECTION not in page.html


async def test_following_voting_and_an_opinion_without_scripts(service: Service) -> None:
    await spoke(service)
    async with browser(service) as page:
        await enter(service, page, PAGE)
        assert page.at == PAGE
        await page.send("/follow")
        assert "已关注" in page.text
        await page.send("/vote", choice="agree")
        await page.send("/vote", choice="against")
        assert "已记下" in page.text
        await page.send("/opinion", text=f"我叫王小明，{INJECTION}")
        assert "已收到您的意见" in page.text
        assert INJECTION not in page.html
        await page.open("/m/follows")
        assert "示例课后服务收费标准" in page.text
        await page.send("/unfollow")
        assert page.at == "/m/follows"
        assert "还没有关注" in page.text
    body = await told(service)
    assert (body["followers"], body["poll"]["open"], body["poll"]["counts"]) == (0, True, None)
    assert "opinions" not in body
    staff = await told(service, Role.HANDLER)
    assert staff["poll"]["counts"] == {"agree": 0, "against": 1, "opinion": 1}
    assert "王小明" not in staff["opinions"][0]["text"]
    assert (await told(service, Role.LEADER))["opinions"] == []
    other = await service.ask("GET", f"/commitments/{FEES}", Role.HANDLER, "zhujian")
    assert (await other.json())["opinions"] == []


async def test_strange_forms_are_refused(service: Service) -> None:
    await spoke(service)
    async with browser(service) as page:
        await enter(service, page, PAGE)
        await page.send("/vote", choice="maybe")
        assert page.status == 422
        await page.send("/opinion", text="")
        assert page.status == 422
        await page.send("/opinion", text="长" * 2001)
        assert page.status == 422
        await page.send("/follow", csrf="forged")
        assert page.status == 403
        await page.open("/m/commitments/SL-nothing")
        assert page.status == 404
    async with browser(service) as stranger:
        await stranger.post(f"{PAGE}/follow", {})
        assert stranger.status == 401


async def test_an_opinion_is_answered_in_the_console_and_published_without_whose_it_is(
    service: Service,
) -> None:
    await spoke(service)
    async with browser(service) as page:
        await enter(service, page, PAGE)
        await page.send("/opinion", text=f"建议按学期收 {INJECTION}")
    async with signed_in(service, Role.HEAD, "jiaoyu") as head:
        await head.open("/console/commitments")
        assert "1 条意见待答复" in head.text
        await head.open(f"/console/commitments/{FEES}")
        assert "建议按学期收" in head.text
        assert INJECTION not in head.html
        await head.send("/actions/answer_opinion", adopted="true", why="")
        assert head.status == 422
        await head.send("/actions/answer_opinion", adopted="true", why="已写入收费办法")
        assert head.status == 200
        assert "采纳：已写入收费办法" in head.text
    async with signed_in(service, Role.ADMIN) as admin:
        await admin.open(f"/console/commitments/{FEES}")
        assert "建议按学期收" not in admin.text
    service.process.clock.set_ahead(8 * 86400)
    body = await told(service)
    assert body["poll"]["counts"] == {"agree": 0, "against": 0, "opinion": 1}
    assert body["poll"]["answers"] == [{"adopted": True, "why": "已写入收费办法"}]
    async with browser(service) as anybody:
        await anybody.open(f"/commitments/{FEES}")
        assert "提出意见 1 条" in anybody.text
        assert "已写入收费办法" in anybody.text
        assert "建议按学期收" not in anybody.text
        await _late(service, anybody)


async def _late(service: Service, page: Browser) -> None:
    """After the last day nobody votes any more, whatever page was left open."""
    await enter(service, page, PAGE)
    values = {"csrf": page.form("/follow")["csrf"], "choice": "agree"}
    await page.post(f"{PAGE}/vote", values)
    assert page.status == 422
    assert "已经截止" in page.text
