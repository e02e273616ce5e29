"""A case by number and query code in any browser: what is shown, what is not, and how often one may try."""

import re

from tests.flows.api.service import Service
from tests.flows.citizen.conftest import receipt_by_chat
from tests.flows.console.reader import browser

PAGE = "/m/progress"
WORDS = "红旗区平原路的路灯坏了一个月，城管局说10月底前修好"


async def _filed(service: Service) -> tuple[str, str]:
    """Number and query code of a new case."""
    told = await receipt_by_chat(service, WORDS)
    found = re.search(r"(TS\d{14}).*?查询码：(\d{6})", told, re.DOTALL)
    assert found, told
    return found[1], found[2]


async def _shown(service: Service, **told: str) -> tuple[int, str]:
    """What a browser without WeChat reads after filling in the form."""
    async with browser(service) as page:
        await page.open(PAGE)
        await page.send(PAGE, **told)
        return page.status, page.text


def _not(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06}"


async def test_number_and_code_show_how_it_stands_and_nothing_of_who_told(service: Service) -> None:
    number, code = await _filed(service)
    status, text = await _shown(service, number=f"{number[:2].lower()} {number[2:]}", code=f" {code} ")
    assert status == 200
    assert number in text
    assert "办理经过" in text
    assert WORDS not in text


async def test_a_number_alone_or_with_a_wrong_code_shows_nothing(service: Service) -> None:
    number, code = await _filed(service)
    for tried in (_not(code), "一二三四五六"):
        status, text = await _shown(service, number=number, code=tried)
        assert (status, "单号或查询码不对" in text, "办理经过" in text) == (422, True, False)
    status, text = await _shown(service, number=number[:-1], code=code)
    assert (status, "请核对单号" in text) == (422, True)


async def test_after_five_wrong_codes_the_right_one_waits_for_an_hour(service: Service) -> None:
    number, code = await _filed(service)
    for _ in range(5):
        await _shown(service, number=number, code=_not(code))
    status, text = await _shown(service, number=number, code=code)
    assert (status, "一小时后" in text) == (429, True)


async def test_a_form_of_another_site_is_not_taken(service: Service) -> None:
    number, code = await _filed(service)
    async with browser(service) as page:
        await page.post(PAGE, {"number": number, "code": code, "csrf": "x"})
        assert (page.status, "办理经过" in page.text) == (403, False)
