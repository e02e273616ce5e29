"""The guides editor, and an answer that becomes a guide without anything of who asked."""

from storage.vocab import CaseType, Mode, Role
from tests.flows.api.service import Service
from tests.flows.console.reader import browser, signed_in
from tests.flows.intake.people import do, handler, head

UNIT = "jiaoyu"
TYPED = {"title": "【示例】转学", "steps": "1. 网上填报\n2. 学校核对", "documents": "户口簿"}
INJECTION = '"><script>alert(1)</script>'
ASKED = "您好，请问小学转学要带什么材料？我叫张三丰，电话13800001234。"
ANSWER = "先在网上填报。\n带户口簿到学校核对；张三丰同志的材料已收到，有事打13800001234。"


async def test_written_published_changed_and_retired(service: Service) -> None:
    async with signed_in(service, Role.HANDLER, UNIT) as page:
        await page.open("/console/guides")
        await page.open("/console/guides/new")
        assert "保存并发布" not in page.text
        await page.send("/console/guides", **TYPED | {"steps": ""})
        assert page.status == 422
        assert "户口簿" in page.html
        await page.send("/console/guides", **TYPED, cautions=INJECTION)
        assert "已保存" in page.text
        at = page.at.partition("?")[0]
        assert INJECTION not in page.html
        assert "学校核对" in page.html
    async with browser(service) as anybody:
        await anybody.open("/")
        assert TYPED["title"] not in anybody.text
    async with signed_in(service, Role.HEAD, UNIT) as page:
        await page.open("/console/guides?q=转学&state=draft")
        assert at in page.html
        await page.open(at)
        stale = page.form(at) | TYPED | {"cautions": "十月前", "steps": "网上填报"}
        await page.post(at, stale | {"state": "published"})
        assert "已发布。" in page.text
        await page.post(at, stale | {"steps": "我写了很久的程序"})
        assert page.status == 409
        assert "我写了很久的程序" in page.html
        assert "发布" in page.text.partition("您打开页面以后")[2]
    async with browser(service) as anybody:
        await anybody.open("/")
        assert TYPED["title"] in anybody.text
    async with signed_in(service, Role.DISPATCHER) as page:
        await page.open(at)
        await page.post(at, page.form(at) | TYPED | {"state": "retired"})
        assert "已停用。" in page.text
        assert "改了" in page.text
        await page.open("/console/guides")
        assert at not in page.html
        await page.open("/console/guides?state=retired")
        assert at in page.html


async def test_who_may_not_change_a_guide_reads_it(service: Service) -> None:
    async with signed_in(service, Role.HEAD, UNIT) as page:
        await page.open("/console/guides/new")
        await page.send("/console/guides", **TYPED, state="published")
        at = page.at.partition("?")[0]
    for role, unit in ((Role.HANDLER, UNIT), (Role.HEAD, "zhujian"), (Role.AUDITOR, None)):
        async with signed_in(service, role, unit if role is not Role.HEAD else "zhujian") as page:
            await page.open(at)
            assert "学校核对" in page.text
            assert f'action="{at}"' not in page.html
    async with signed_in(service, Role.SUPERVISOR) as page:
        await page.open("/console/guides/new")
        assert page.status == 404


async def test_an_answer_becomes_a_guide(service: Service) -> None:
    case = await _answered(service, CaseType.INQUIRY)
    async with signed_in(service, Role.HANDLER, UNIT) as page:
        await page.open(f"/console/cases/{case}")
        assert "存为办事指南" in page.text
        await page.open(f"/console/guides/new?case={case}")
        filled = page.form("/console/guides")
        assert (filled["title"], filled["department"]) == ("小学转学要带什么材料", "新乡市教育局")
        for words in ("先在网上填报。", "带户口簿到学校核对；"):
            assert words in page.html
        for trace in ("张三丰", "13800001234"):
            assert trace not in page.html
        await page.send("/console/guides", steps="先在网上填报。\n带户口簿到学校核对。")
        assert "已保存" in page.text
        assert "草稿" in page.text


async def test_only_answered_inquiries_of_the_unit_become_guides(service: Service) -> None:
    complaint = await _answered(service, CaseType.COMPLAINT)
    inquiry = await _answered(service, CaseType.INQUIRY)
    waiting = (await service.file(ASKED, type=CaseType.INQUIRY, department=UNIT)).case.tracking_no
    async with signed_in(service, Role.HEAD, UNIT) as page:
        for number in (complaint, waiting):
            await page.open(f"/console/cases/{number}")
            assert "存为办事指南" not in page.text
            await page.open(f"/console/guides/new?case={number}")
            assert page.status == 404
    async with signed_in(service, Role.HEAD, "zhujian") as page:
        await page.open(f"/console/guides/new?case={inquiry}")
        assert page.status == 404
    async with signed_in(service, Role.AUDITOR) as page:
        await page.open(f"/console/cases/{inquiry}")
        assert "存为办事指南" not in page.text


async def _answered(service: Service, kind: CaseType) -> str:
    who = {"name": "张三丰", "phone": "13800001234", "mode": Mode.NAMED}
    filed = await service.file(ASKED, type=kind, department=UNIT, **who)
    number = filed.case.tracking_no
    async with service.process.database.write() as unit:
        desk = service.process.desk(unit)
        await do(desk, handler(UNIT), number, "sign")
        await do(desk, handler(UNIT), number, "answer", text=ANSWER, outcome="explained")
        await do(desk, head(UNIT), number, "approve")
    return number
