"""常用答复 in the console: kept by the unit, put into the answer that is being written."""

from intake.clock import local
from storage.vocab import Role
from tests.flows.api.service import Service
from tests.flows.console.reader import signed_in

TEXT = "市住建局承诺今年六月交付安置房，没有兑现。"


async def test_a_unit_keeps_its_canned_answers_on_a_page(service: Service) -> None:
    async with signed_in(service, Role.HANDLER, "zhujian") as handler:
        await handler.open("/console/canned")
        await handler.send("/console/canned", title="复工", text="  ")
        assert handler.status == 422
        assert 'value="复工"' in handler.html
        await handler.send("/console/canned", title="复工", text="已经复工<b>。")
        assert (handler.status, "已保存" in handler.text) == (200, True)
        assert "已经复工&lt;b&gt;。</textarea>" in handler.html
        await handler.send("/console/canned/1", title="复工了", text="已经复工。", csrf="forged")
        assert handler.status == 403
        await handler.open("/console/canned")
        form = handler.form("/console/canned/1")
        await handler.post("/console/canned/1", form | {"title": "复工了", "text": "已经复工。"})
        assert 'value="复工了"' in handler.html
        await handler.post("/console/canned/1", form | {"retired": "true"})
        assert "还没有常用答复" in handler.text
    async with signed_in(service, Role.DISPATCHER) as desk:
        await desk.open("/console/canned")
        assert desk.status == 404


async def test_one_is_put_into_the_answer_filled_in(service: Service) -> None:
    words = {"title": "复工", "text": "{单号}：{单位}于{日期}复工。{别的}"}
    assert (await service.ask("POST", "/canned-answers", Role.HEAD, "zhujian", json=words)).status == 201
    other = {"title": "别家的", "text": "不给看"}
    await service.ask("POST", "/canned-answers", Role.HEAD, "jiaoyu", json=other)
    case = (await service.file(TEXT, department="zhujian")).case
    async with signed_in(service, Role.HANDLER, "zhujian") as handler:
        await handler.open(f"/console/cases/{case.tracking_no}")
        assert "放进答复" not in handler.text
        await handler.send("/actions/sign")
        assert "别家的" not in handler.html
        path = f"/console/cases/{case.tracking_no}/canned"
        form = handler.form("/actions/answer") | {"text": "您好。", "outcome": "partly"}
        await handler.post(path, form | {"canned": "1"})
        today = local(service.process.clock.now()).date()
        day = f"{today.year}年{today.month}月{today.day}日"
        filled = f"您好。\n{case.tracking_no}：新乡市住房和城乡建设局于{day}复工。{{别的}}</textarea>"
        assert filled in handler.html
        assert '<option value="partly" selected>' in handler.html
        assert "办理中" in handler.text
        for wrong in ("2", "x", ""):
            await handler.post(path, form | {"canned": wrong})
            assert (handler.status, "您好。</textarea>" in handler.html) == (404, True)
        await handler.post(path, form | {"canned": "1", "csrf": "forged"})
        assert handler.status == 403
