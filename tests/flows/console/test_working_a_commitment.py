"""A commitment through the pages: made, published, changed, judged; and what everybody sees of it."""

import re

from storage.vocab import CommitmentAction, Role
from tests.flows.api.service import Service
from tests.flows.commitments.office import CONSULTED, NEW, Office
from tests.flows.console.reader import browser, signed_in

A = CommitmentAction
TYPED = {name: value for name, value in NEW.items() if name != "department"}
INJECTION = '"><script>alert(1)</script>'


async def test_from_a_blank_form_to_the_public_page(service: Service) -> None:
    today = service.process.clock.today().isoformat()
    async with signed_in(service, Role.HEAD, "jiaoyu") as head:
        await head.open("/console/commitments")
        await head.open("/console/commitments/new")
        await head.send("/console/commitments", **TYPED | {"title": ""})
        assert head.status == 422
        assert "要填写" in head.text
        assert NEW["text"] in head.html
        await head.send("/console/commitments", **TYPED | {"co_departments": "财政局、市发改委"})
        assert "已完成：拟定" in head.text
        assert "财政局" in head.text
        at = head.at.partition("?")[0]
        text = "今年秋季开学前新增学位 3100 个。"
        await head.send("/actions/revise", text=text, category="service", public="true")
        assert "已完成：修改" in head.text
        assert "2099年8月31日" in head.text, "what was not typed anew stands"
        await head.send("/actions/submit")
        for step in range(1, 9):
            code = re.findall(r'value="(\w+)"', head.html.partition('name="step"')[2])[step - 1]
            await head.send(
                "/actions/record_step", step=code, done_on=today, outcome="同意", document="示例〔2026〕1号"
            )
            assert head.status == 200, head.text
    async with signed_in(service, Role.DISPATCHER) as desk:
        await desk.open(at)
        await desk.send("/actions/predisclose")
        assert not any("publish" in path for path in re.findall(r'action="([^"]+)"', desk.html))
        for code in ("predisclosure", "poll"):
            await desk.send("/actions/record_step", step=code, done_on=today, outcome="同意", document="示例")
        await desk.send("/actions/publish")
        assert "履行中" in desk.text
    async with browser(service) as anybody:
        await anybody.open("/")
        assert at.removeprefix("/console") in anybody.html
        await anybody.open(at.removeprefix("/console"))
        for words in ("3100", "公众参与", "民意调查", "第 1 版", "示例〔2026〕1号", "履行中"):
            assert words in anybody.text
        await anybody.open("/commitments/CN-nothing")
        assert anybody.status == 404


async def test_a_form_from_before_a_change_keeps_what_was_typed(service: Service) -> None:
    office = Office(service)
    await office.publish()
    path = f"/console/commitments/{office.told['code']}"
    async with signed_in(service, Role.HEAD, "jiaoyu") as head:
        await head.open(path)
        await office.do(A.REPORT_PROGRESS, percent=5, text="已选址")
        await head.send("/actions/report_progress", percent="50", text="我写了很久的进度。")
        assert head.status == 409
        assert "我写了很久的进度。" in head.text
        assert "报告进度" in head.text
        await head.send("/actions/propose_change", **CONSULTED | {"reason": "换届了"}, target="另定")
        assert head.status == 422
        assert "新官要理旧账" in head.text


async def test_who_has_the_last_word_finds_what_waits(service: Service) -> None:
    office = Office(service)
    await office.publish()
    code = office.told["code"]
    await office.do(A.PROPOSE_CHANGE, **CONSULTED, target=f"另定{INJECTION}")
    async with signed_in(service, Role.LEADER) as leader:
        await leader.open("/console/commitments?waiting=true")
        assert "待审批" in leader.text
        await leader.open(f"/console/commitments/{code}")
        assert INJECTION not in leader.html
        await leader.send("/actions/approve_change")
        assert "正在重新走程序" in leader.text
        await leader.open("/console/commitments?waiting=true")
        assert "没有符合条件的承诺" in leader.text
    await office.read()
    office.told["version"] = (await office.read(Role.HEAD))["version"]
    await office.do(A.CLAIM_FULFILLED)
    async with signed_in(service, Role.SUPERVISOR) as supervisor:
        await supervisor.open("/console/commitments?waiting=true&state=active")
        assert "待认定" in supervisor.text
        await supervisor.open(f"/console/commitments/{code}")
        await supervisor.send("/actions/declare_broken", reason="not_done", text="现场没有建成")
        assert "未兑现：没有做" in supervisor.text
    async with browser(service) as anybody:
        await anybody.open(f"/commitments/{code}")
        assert "未兑现的原因：没有做" in anybody.text
        assert CONSULTED["consultation"] not in anybody.text
        assert INJECTION not in anybody.html


async def test_who_makes_none_has_no_form_and_no_action(service: Service) -> None:
    office = Office(service)
    await office.create()
    async with signed_in(service, Role.AUDITOR) as auditor:
        await auditor.open("/console/commitments")
        assert "拟定承诺" not in auditor.text
        await auditor.open("/console/commitments/new")
        assert auditor.status == 404
        await auditor.open(f"/console/commitments/{office.told['code']}")
        assert "/actions/" not in auditor.html
