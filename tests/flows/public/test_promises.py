"""What everybody reads: the list of commitments, one of them, a unit and how it keeps its word."""

import re
from datetime import date

import pytest

from storage.vocab import CommitmentAction, Role
from tests.flows.api.service import Service
from tests.flows.commitments.office import CONSULTED, UNIT, Office
from tests.flows.console.reader import Browser
from tests.flows.public.conftest import Counted

A = CommitmentAction
CODE = re.compile(r'<a href="/commitments/([^"/]+)">')


def codes(anybody: Browser) -> list[str]:
    return CODE.findall(anybody.html)


async def test_the_list_goes_on_page_by_page(anybody: Browser, service: Service) -> None:
    seen: list[str] = []
    await anybody.open("/commitments")
    while True:
        seen += codes(anybody)
        onward = re.search(r'rel="next" href="([^"]+)"', anybody.html)
        if onward is None:
            break
        await anybody.open(onward[1].replace("&amp;", "&"))
    answer = await service.ask("GET", "/commitments?limit=200")
    told = await answer.json()
    assert seen == [one["code"] for one in told["items"]]
    assert len(seen) == len(set(seen)) == told["count"] >= 60
    await anybody.open("/commitments?page=999")
    assert anybody.status == 200
    assert "没有符合条件的承诺" in anybody.text


async def test_the_api_goes_on_by_its_cursor(service: Service) -> None:
    seen, cursor = [], ""
    while cursor is not None:
        told = await (await service.ask("GET", f"/commitments?limit=7&cursor={cursor}")).json()
        seen += [one["code"] for one in told["items"]]
        cursor = told["next_cursor"]
    assert len(seen) == len(set(seen)) == told["count"]


@pytest.mark.parametrize(
    ("query", "only"),
    [
        ("state=active&department=jiaoyu", lambda one: one["department"]["code"] == "jiaoyu"),
        ("department=教育局", lambda one: one["department"]["code"] == "jiaoyu"),
        ("category=policy", lambda one: one["category"] == "policy"),
        ("overdue=true", lambda one: one["overdue"]),
        ("overdue=false", lambda one: not one["overdue"]),
        ("due_year=2026", lambda one: (one["due_on"] or "").startswith("2026")),
        ("q=学位", lambda one: "学位" in one["title"] + one["text"] + one["target"]),
        ("q=市教育局 课后", lambda one: "课后" in one["title"] and one["department"]["code"] == "jiaoyu"),
        ("q=100%25", lambda one: "100" in one["text"] + one["target"]),
        ("q=sl-jy-001", lambda one: one["code"] == "SL-JY-001"),
    ],
)
async def test_every_filter_leaves_out_the_rest(
    service: Service, anybody: Browser, query: str, only: object
) -> None:
    everything = (await (await service.ask("GET", "/commitments?limit=200")).json())["items"]
    told = await (await service.ask("GET", f"/commitments?limit=200&{query}")).json()
    if query.startswith("state"):
        everything = [one for one in everything if one["state"] == "active"]
    found = [one["code"] for one in told["items"]]
    assert sorted(found) == [one["code"] for one in everything if only(one)]
    assert found == sorted(found) or query.startswith("q="), "by code, or the best answers first"
    await anybody.open(f"/commitments?{query}&from=singlemessage")
    assert codes(anybody) == [one["code"] for one in told["items"]][:20]


async def test_what_is_not_understood_is_told_and_left_out(anybody: Browser, service: Service) -> None:
    await anybody.open("/commitments?department=没有这样的局&q=学位")
    assert "没有这个单位" in anybody.text
    assert 'value="没有这样的局"' in anybody.html
    await anybody.open("/commitments?state=nothing&due_year=x&page=-1&q=%00%ED%A0%80")
    assert anybody.status == 200
    assert "看不懂" in anybody.text
    for bad in ("limit=0", "limit=201", "due_year=1", "category=x", "nothing=1"):
        assert (await service.ask("GET", f"/commitments?{bad}")).status == 422, bad


async def test_a_page_asks_the_database_a_few_times_whatever_it_shows(
    anybody: Browser, counted: Counted, at: Office
) -> None:
    await at.publish()
    for path, most in {
        "/": 6,
        "/commitments?q=学位 教育": 10,
        "/commitments?department=jiaoyu": 2,
        f"/commitments/{at.told['code']}": 10,
        f"/departments/{UNIT}": 4,
        "/commitments.atom": 3,
        f"/departments/{UNIT}/commitments.atom": 3,
        "/api/v1/commitments?limit=200": 3,
    }.items():
        with counted() as asked:
            await anybody.open(path)
        assert anybody.status == 200, path
        assert 0 < len(asked) <= most, (path, asked)


async def test_one_tells_its_whole_story(anybody: Browser, at: Office) -> None:
    await at.publish()
    await at.do(A.SET_MILESTONE, due_on="2030-05-01", title="【示例】主体封顶")
    await at.do(A.REPORT_PROGRESS, percent=40, text="【示例】主体已过半")
    await at.do(A.SET_MILESTONE, n=1, state="done", evidence="【示例】验收单")
    await at.do(A.PROPOSE_CHANGE, **CONSULTED, text="【示例】新的原文：今年新增学位 2800 个。")
    await at.do(A.APPROVE_CHANGE)
    await at.steps()
    await at.do(A.PUBLISH)
    await at.do(A.CLAIM_FULFILLED)
    await at.do(A.CONFIRM_FULFILLED)
    assert at.status == 200
    await anybody.open(f"/commitments/{at.told['code']}")
    story = anybody.text.partition("经过")[2].partition("程序（变更后")[0]
    order = ("认定已兑现", "公布新的一版", "批准变更", "完成阶段目标", "报告进度 40%", "作出承诺")
    places = [story.rindex(words) for words in order]
    assert "公布新的一版" in story
    versions = anybody.text.partition("版本")[2]
    assert "2800" in versions
    assert "3000" in versions, "the old one is still read"
    assert places == sorted(places), "newest first"
    assert "（第 2 次程序）" in story
    assert CONSULTED["consultation"] not in anybody.text
    told = await (await at.service.ask("GET", f"/commitments/{at.told['code']}")).json()
    assert [one["action"] for one in told["timeline"]][-1] == A.CONFIRM_FULFILLED
    assert {"milestones", "versions", "timeline", "steps", "files"} <= set(told)


async def test_a_unit_shows_how_it_keeps_its_word(anybody: Browser, service: Service, at: Office) -> None:
    at_today = service.process.clock.today()
    await at.publish()
    await at.do(A.DECLARE_BROKEN, reason="no_funds")
    await anybody.open(f"/departments/{UNIT}")
    listed = (await (await service.ask("GET", f"/commitments?department={UNIT}&limit=200")).json())["items"]
    late = [
        one for one in listed if one["state"] == "active" and date.fromisoformat(one["due_on"]) < at_today
    ]
    shown = {word: int(n) for n, word in re.findall(r"<b>(\d+)</b>([^<]+)</a>", anybody.html)}
    assert shown == {
        "履行中": sum(one["state"] == "active" for one in listed),
        "已兑现": sum(one["state"] == "fulfilled" for one in listed),
        "未兑现": 1,
        "已过期限": len(late),
    }
    assert set(codes(anybody)) == {one["code"] for one in listed}
    unit = service.process.city.units[UNIT]
    assert all(duty in anybody.text for duty in unit.duties)
    assert '<a href="/guides/' in anybody.html
    await anybody.open("/departments/nothing")
    assert anybody.status == 404


async def test_nothing_that_is_not_public_is_shown(anybody: Browser, service: Service, at: Office) -> None:
    await at.create(public=False, title="【示例】不公开的事")
    hidden = at.told["code"]
    await at.create(title="【示例】还在拟定")
    draft = at.told["code"]
    for path in ("/", "/commitments?q=示例", f"/departments/{UNIT}", "/commitments.atom"):
        await anybody.open(path)
        assert not [code for code in (hidden, draft) if code in anybody.html], path
    for path in (f"/commitments/{hidden}", f"/commitments/{draft}"):
        await anybody.open(path)
        assert anybody.status == 404


async def test_what_has_not_changed_is_not_sent_again(anybody: Browser, service: Service, at: Office) -> None:
    await at.publish()
    code = at.told["code"]
    paths = ("/", "/commitments", f"/commitments/{code}", f"/departments/{UNIT}", "/commitments.atom")
    tags = {}
    for path in (*paths, f"/api/v1/commitments/{code}", "/api/v1/departments"):
        await anybody.open(path)
        assert anybody.headers["Cache-Control"] == "public, max-age=60", path
        tags[path] = anybody.headers["Etag"]
        await anybody.open(path, headers={"If-None-Match": tags[path]})
        assert (anybody.status, anybody.html) == (304, ""), path
    await at.do(A.REPORT_PROGRESS, percent=10, text="【示例】开工")
    for path in (*paths[1:], f"/api/v1/commitments/{code}"):
        if path == "/commitments":
            continue  # its page of the sample does not name it
        await anybody.open(path, headers={"If-None-Match": tags[path]})
        assert anybody.status == 200, path
    answer = await service.ask("GET", "/commitments", Role.AUDITOR)
    assert answer.headers["Cache-Control"] == "no-store"
