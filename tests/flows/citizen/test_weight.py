"""What the first pages weigh on the way to an old phone: compressed, with everything that they draw on."""

import gzip
import re

import aiohttp
import pytest

from intake import registry
from tests.flows.api.service import Service
from tests.flows.console.reader import Browser, browser

from .conftest import enter, filed_by_chat

MOST = 150_000
"""Bytes of a first page with its style sheets, scripts and pictures."""
LAMP = "红旗区平原路的路灯坏了一个月，城管局说10月底前修好"
DRAWN = re.compile(r'<(?:link rel="(?:stylesheet|icon)"|script|img)[^>]*?(?:href|src)="([^"]+)"')
CITIZENS = ("/m/cases", "/m/tell", "/m/commitments", "/m/progress")
PUBLIC = ("/", "/commitments", "/commitments.atom", "/guides", "/departments/zhujian")


@pytest.fixture
async def known(service: Service) -> aiohttp.CookieJar:
    """The cookies of a citizen of the sample city who has a case and whom WeChat has named."""
    await filed_by_chat(service, LAMP)
    at = service.process.clock.now()
    await service.process.database.run(lambda unit: registry.seed_sample(unit, service.process.city, at))
    jar = aiohttp.CookieJar(unsafe=True)
    async with aiohttp.ClientSession(cookie_jar=jar) as session:
        await enter(service, Browser(str(service.client.make_url("")).rstrip("/"), session), "/m/cases")
    return jar


async def fetched(service: Service, path: str, jar: aiohttp.CookieJar | None = None) -> tuple[int, str]:
    """Bytes on the wire, and the text."""
    headers = {"Accept-Encoding": "gzip"}
    async with (
        aiohttp.ClientSession(auto_decompress=False, cookie_jar=jar, headers=headers) as raw,
        raw.get(service.client.make_url(path)) as answer,
    ):
        assert answer.status == 200, path
        sent = await answer.read()
        packed = answer.headers.get("Content-Encoding") == "gzip"
        return len(sent), (gzip.decompress(sent) if packed else sent).decode()


@pytest.mark.parametrize("path", ["/", "/commitments", "/guides", *CITIZENS])
async def test_a_first_page_is_light_and_asks_no_other_host(
    service: Service, known: aiohttp.CookieJar, path: str
) -> None:
    weight, html = await fetched(service, path, known)
    drawn = set(DRAWN.findall(html))
    assert len(drawn) >= 3, "style sheet, script and mark"
    for address in drawn:
        assert address.startswith("/assets/"), address
        weight += (await fetched(service, address))[0]
    assert weight <= MOST


async def test_what_everybody_reads_is_packed_for_those_who_take_it(
    service: Service, known: aiohttp.CookieJar
) -> None:
    async with browser(service) as anybody:
        for path in PUBLIC:
            packed, html = await fetched(service, path)
            assert packed < len(html.encode()) / 2, path
            await anybody.open(path, headers={"Accept-Encoding": "identity"})
            assert "Content-Encoding" not in anybody.headers, path
            assert "Accept-Encoding" in anybody.headers["Vary"], path
            assert anybody.html == html
            await anybody.open(path, headers={"If-None-Match": anybody.headers.get("ETag", '"none"')})
            assert anybody.status == (304 if "ETag" in anybody.headers else 200), path


async def test_what_holds_a_secret_is_not_packed(service: Service, known: aiohttp.CookieJar) -> None:
    for path in ("/m/cases", "/m/tell", "/m/progress", "/console/login"):
        sent, html = await fetched(service, path, known)
        assert sent == len(html.encode()), path
