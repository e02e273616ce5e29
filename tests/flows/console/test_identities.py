"""The custodian's page: an identity opened by number and reason, and everybody's looks in a log."""

from storage.vocab import Mode, Role
from tests.flows.api.service import Service
from tests.flows.console.reader import signed_in

PATH = "/console/identities"
TEXT = "市教育局答应给我们学校的补助两年没有兑现。"
WHO = {"name": "示例反映人", "phone": "0373 0000000"}


async def test_an_identity_is_opened_by_number_and_stands_in_the_log(service: Service) -> None:
    named = (await service.file(TEXT, department="jiaoyu", **WHO)).case.tracking_no
    hidden = (await service.file(TEXT, mode=Mode.CONFIDENTIAL, **WHO)).case.tracking_no
    for role, why in ((Role.HANDLER, "约时间看现场"), (Role.DISPATCHER, "核对电话")):
        answer = await service.ask("POST", f"/cases/{named}/identity", role, json={"reason": why})
        assert answer.status == 200
    async with signed_in(service, Role.CUSTODIAN) as custodian:
        await custodian.open(PATH)
        assert WHO["name"] not in custodian.html
        assert custodian.text.index("dispatcher-city") < custodian.text.index("handler-jiaoyu")
        assert "理由：约时间看现场" in custodian.text
        await custodian.send(PATH, number=f" {hidden[:2].lower()} {hidden[2:]}", reason="纪检核实")
        assert (custodian.status, WHO["name"] in custodian.text) == (200, True)
        assert "理由：纪检核实" in custodian.text
        await custodian.open(PATH)
        assert WHO["name"] not in custodian.html
    told = await (await service.ask("GET", f"/cases/{hidden}", Role.AUDITOR)).json()
    looks = [(e["actor"], e["reason"]) for e in told["events"] if e["action"] == "open_identity"]
    assert looks == [("custodian-city", "纪检核实")]


async def test_what_cannot_be_opened_says_why_and_logs_nothing(service: Service) -> None:
    nobody = (await service.file(TEXT, mode=Mode.ANONYMOUS)).case.tracking_no
    named = (await service.file(TEXT, **WHO)).case.tracking_no
    async with signed_in(service, Role.CUSTODIAN) as custodian:
        for number, reason, words in (
            (nobody, "核实", "没有可以打开的身份"),
            ("TS20260101000015", "核实", "没有这个单号"),
            (named, " ", "请写明理由"),
        ):
            await custodian.open(PATH)
            await custodian.send(PATH, number=number, reason=reason)
            assert (custodian.status, words in custodian.text) == (422, True), words
            assert f'value="{number}"' in custodian.html
        assert "还没有人查看过身份" in custodian.text
        await custodian.open(f"/console/cases/{nobody}")
        assert "没有可以打开的身份" in custodian.text
        csrf = custodian.form("/console/logout")["csrf"]
        await custodian.post(f"/console/cases/{nobody}/identity", {"csrf": csrf, "reason": "核实"})
        assert (custodian.status, "没有可以打开的身份" in custodian.text) == (422, True)
        await custodian.post(PATH, {"number": named, "reason": "核实", "csrf": "forged"})
        assert (custodian.status, WHO["name"] in custodian.text) == (403, False)


async def test_the_auditor_reads_the_log_and_others_have_no_such_page(service: Service) -> None:
    named = (await service.file(TEXT, **WHO)).case.tracking_no
    async with signed_in(service, Role.AUDITOR) as auditor:
        await auditor.open(PATH)
        assert "查看记录" in auditor.text
        csrf = auditor.form("/console/logout")["csrf"]
        await auditor.post(PATH, {"number": named, "reason": "好奇", "csrf": csrf})
        assert (auditor.status, WHO["name"] in auditor.text) == (403, False)
    async with signed_in(service, Role.SUPERVISOR) as other:
        await other.open(PATH)
        assert other.status == 404
