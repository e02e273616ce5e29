"""The feed: what a reader of feeds takes, what it tells, and that an entry stays what it was."""

from datetime import datetime
from xml.etree import ElementTree as Tree

from storage.vocab import CommitmentAction
from tests.flows.api.service import Service
from tests.flows.commitments.office import CONSULTED, UNIT, Office
from tests.flows.console.reader import Browser

A = CommitmentAction
ATOM = {"a": "http://www.w3.org/2005/Atom"}
FEED = "/commitments.atom"
ODD = "【示例】一半\x0b & <b>好了</b>"


async def entries(anybody: Browser, path: str = FEED) -> list[Tree.Element]:
    await anybody.open(path)
    assert anybody.headers["Content-Type"] == "application/atom+xml; charset=utf-8"
    root = Tree.fromstring(anybody.html.encode())
    for name in ("id", "title", "updated", "author/a:name"):
        assert root.findtext(f"a:{name}", "", ATOM), name
    moments = [datetime.fromisoformat(one.text or "") for one in root.iterfind(".//a:updated", ATOM)]
    assert moments[1:] == sorted(moments[1:], reverse=True)
    assert moments[:1] == moments[1:2]
    found = root.findall("a:entry", ATOM)
    ids = [one.findtext("a:id", "", ATOM) for one in found]
    assert len(set(ids)) == len(ids)
    assert all(one.startswith("urn:uuid:") for one in ids)
    return found


def said(entry: Tree.Element) -> tuple[str, str]:
    return entry.findtext("a:title", "", ATOM), entry.findtext("a:summary", "", ATOM)


async def test_the_course_of_a_commitment_is_news(anybody: Browser, at: Office, service: Service) -> None:
    sample = await entries(anybody)
    assert len(sample) == 50
    assert all(said(one)[0].startswith("收录：【示例】") for one in sample)
    await at.publish()
    await at.do(A.REPORT_PROGRESS, percent=50, text=ODD)
    await at.do(A.SET_MILESTONE, due_on="2030-05-01", title="【示例】封顶")
    await at.do(A.PROPOSE_CHANGE, **CONSULTED, target="另一个目标")
    await at.do(A.APPROVE_CHANGE)
    await at.steps()
    await at.do(A.PUBLISH)
    await at.do(A.DECLARE_BROKEN, reason="partly", text="【示例】只建成一半")
    found = (await entries(anybody, f"/departments/{UNIT}{FEED}"))[:4]
    title = at.told["title"]
    assert [said(one) for one in found] == [
        (f"未兑现：{title}", "只做了一部分　【示例】只建成一半"),
        (f"有变更：{title}", "新乡市教育局　有变更"),
        (f"进度：{title}", f"50%　{ODD.replace(chr(11), '')}"),
        (f"公布：{title}", "新乡市教育局　公布"),
    ]
    link = found[0].find("a:link", ATOM)
    assert link is not None
    assert link.get("href") == f"{service.process.settings.public_url}/commitments/{at.told['code']}"
    again = await entries(anybody)
    assert [one.findtext("a:id", "", ATOM) for one in again[:4]] == [
        one.findtext("a:id", "", ATOM) for one in found
    ], "the same news has the same id in every feed"


async def test_only_the_units_own_is_in_its_feed(anybody: Browser, service: Service) -> None:
    for one in await entries(anybody, f"/departments/zhujian{FEED}"):
        assert one.findtext("a:author/a:name", "", ATOM) == service.process.city.unit_name("zhujian")
    await anybody.open(f"/departments/nothing{FEED}")
    assert anybody.status == 404


async def test_readers_find_it_and_are_not_sent_it_twice(anybody: Browser, at: Office) -> None:
    for page, feed in {
        "/": FEED,
        "/commitments": FEED,
        "/commitments/SL-JY-001": f"/departments/{UNIT}{FEED}",
        f"/departments/{UNIT}": f"/departments/{UNIT}{FEED}",
    }.items():
        await anybody.open(page)
        assert 'type="application/atom+xml" title="' in anybody.html
        assert f'href="{feed}"' in anybody.html
    await anybody.open(FEED)
    since = anybody.headers["Last-Modified"]
    await anybody.open(FEED, headers={"If-Modified-Since": since})
    assert anybody.status == 304
    at.service.process.clock.set_ahead(5)
    await at.publish()
    await anybody.open(FEED, headers={"If-Modified-Since": since})
    assert anybody.status == 200
