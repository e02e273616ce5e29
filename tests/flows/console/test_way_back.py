"""From a list into one of it and back: to the same list, also after something was done, and nowhere else."""

import re
from html import unescape
from urllib.parse import parse_qs, quote, urlencode, urlsplit

import pytest

from storage.vocab import Role
from tests.flows.api.service import PASSWORD, Service
from tests.flows.commitments.office import NEW
from tests.flows.console.office import UNIT, case
from tests.flows.console.reader import Browser, signed_in
from tests.flows.console.test_lists import ROW

BACK = re.compile(r'<p class="above[^"]*"><a href="([^"]+)">')
ASKED = {"q": ["安置房 // 住建局"], "department": ["住建局"], "limit": ["50"]}
"""Finds the cases of these tests where ``q`` is left out."""


def back(page: Browser) -> str:
    found = BACK.search(page.html)
    assert found is not None
    return unescape(found[1])


def asked(page: Browser) -> dict[str, list[str]]:
    """What the list behind the way back is asked for."""
    return parse_qs(urlsplit(back(page)).query)


def behind(page: Browser, name: str) -> str:
    """The address behind a row of the last list."""
    found = re.search(rf'href="(/console/\w+/{name}[^"]*)"', page.html)
    assert found is not None
    return unescape(found[1])


async def test_the_way_back_is_the_page_of_the_list_that_one_came_from(service: Service) -> None:
    for _ in range(4):
        await case(service)
    async with signed_in(service, Role.HANDLER, UNIT) as page:
        await page.open("/console/cases?state=dispatched&sort=due&limit=2")
        onward = re.search(r'rel="next" href="([^"]+)"', page.html)
        assert onward is not None
        await page.open(unescape(onward[1]))
        listed, (first, second) = page.at, ROW.findall(page.html)
        await page.open(behind(page, second))
        assert parse_qs(urlsplit(listed).query) == asked(page)
        assert back(page).endswith(f"#{second}")
        await page.open(back(page))
        assert ROW.findall(page.html) == [first, second]
        assert f'id="{second}"' in page.html


async def test_it_stays_while_things_are_done_and_refused(service: Service) -> None:
    number = await case(service)
    async with signed_in(service, Role.HANDLER, UNIT) as page:
        await page.open(f"/console/cases/{number}?{urlencode({'from': urlencode(ASKED, doseq=True)})}")
        assert asked(page) == ASKED
        for form, status, typed in (
            ("/actions/sign", 200, {}),
            ("/actions/answer", 422, {"text": "已经复工。"}),
            ("/actions/note", 200, {"text": "问过了"}),
        ):
            await page.send(form, **typed)
            assert (page.status, asked(page)) == (status, ASKED)
        assert "已完成：内部备注" in page.text
        preview = re.search(r'formaction="([^"]+/preview/answer[^"]*)"', page.html)
        assert preview is not None
        typed = {"text": "已经复工。", "outcome": "partly"}
        await page.post(unescape(preview[1]), page.form("/actions/answer") | typed)
        assert (page.status, asked(page)) == (200, ASKED)


async def test_one_goes_on_to_the_next_of_the_list(service: Service) -> None:
    for _ in range(3):
        await case(service)
    async with signed_in(service, Role.HANDLER, UNIT) as page:
        await page.open("/console/cases?state=dispatched&sort=waiting&limit=2")
        first, second = ROW.findall(page.html)
        await page.open(behind(page, first))
        await onward(page)
        assert page.at.startswith(f"/console/cases/{second}?")
        await page.send("/actions/sign")
        await onward(page)
        assert page.at.startswith(f"/console/cases/{first}?"), "the second has left the list"
        await onward(page)
        third = page.at.partition("?")[0].rpartition("/")[2]
        assert third not in (first, second)
        await page.send("/actions/sign")
        await page.open(back(page))
        await page.open(f"/console/cases/{first}/next?from=state%3Ddispatched")
        assert page.at == "/console/cases?state=dispatched"
        await page.open(f"/console/cases/{first}")
        assert "下一件 ›" not in page.text, "it was not opened from a list"


async def onward(page: Browser) -> None:
    """On by 下一件."""
    found = re.search(r'<a href="([^"]+/next[^"]*)">下一件', page.html)
    assert found is not None
    await page.open(unescape(found[1]))


async def test_the_start_page_leads_to_the_list_of_what_waits(service: Service) -> None:
    number = await case(service)
    async with signed_in(service, Role.HANDLER, UNIT) as page:
        await page.open("/console")
        await page.open(behind(page, number))
        await page.send("/actions/sign")
        assert asked(page) == {"state": ["dispatched"], "sort": ["due"]}


async def test_who_has_to_sign_in_again_still_finds_the_way(service: Service) -> None:
    number = await case(service)
    async with signed_in(service, Role.HANDLER, UNIT) as page:
        await page.open(f"/console/cases/{number}?{urlencode({'from': urlencode(ASKED, doseq=True)})}")
        note = page.form("/actions/note") | {"text": "写到一半"}
        at, base = page.at, str(service.client.make_url("/")).rstrip("/")
        page._session.cookie_jar.clear()
        headers = {"Origin": base, "Referer": base + at}
        await page.post(at.replace("?", "/actions/note?"), note, headers=headers)
        assert page.status == 401
        await page.send("/login", login=f"handler-{UNIT}", password=PASSWORD)
        await page.send("/actions/note", text="写到一半")
        assert "写到一半" in page.text
        assert asked(page) == ASKED


@pytest.mark.parametrize(
    "given",
    ["https://example.com/", "//example.com", "/console/logout", "x=1", "q", "\\\\example.com", "from=q"],
)
async def test_only_what_the_list_can_be_asked_for_leads_back_to_it(service: Service, given: str) -> None:
    number = await case(service)
    async with signed_in(service, Role.HANDLER, UNIT) as page:
        await page.open(f"/console/cases/{number}?from={quote(given, safe='')}")
        assert (page.status, back(page)) == (200, "/console/cases")
        await page.open(f"/console/cases/{number}?from={quote(f'{given}&state=handling', safe='')}")
        assert back(page) == f"/console/cases?state=handling#{number}"


@pytest.mark.parametrize("kind", ["commitments", "guides"])
async def test_other_lists_are_found_again_as_well(service: Service, kind: str) -> None:
    guide = {"title": "示例证明", "department": "jiaoyu", "steps": ["带身份证来"]}
    asking = await service.ask(
        "POST", f"/{kind}", Role.HEAD, "jiaoyu", json=NEW if kind == "commitments" else guide
    )
    code = (await asking.json())["code"]
    async with signed_in(service, Role.HEAD, "jiaoyu") as page:
        await page.open(f"/console/{kind}?q=示例&state=draft")
        await page.open(behind(page, code))
        await page.send("/actions/submit" if kind == "commitments" else f"/{code}", steps="带身份证来")
        assert page.status == 200
        assert asked(page) == {"q": ["示例"], "state": ["draft"]}
