"""Papers of a commitment: uploaded by whoever works on it, had by everybody where everybody may read it."""

import io
from typing import Any

import pytest
from aiohttp import FormData
from openpyxl import Workbook
from PIL import Image

from storage.vocab import CommitmentAction, Role
from tests.flows.api.service import Service
from tests.flows.commitments.office import Office
from tests.flows.console.reader import Browser, signed_in

A = CommitmentAction
PDF = b"%PDF-1.4\n%\xe7\xa4\xba\xe4\xbe\x8b\n" + b"x" * 3000
NAME = "示例〔2026〕1号 会议纪要.pdf"


def picture() -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (8, 8), "red").save(made, "PNG")
    return made.getvalue()


def sheet() -> bytes:
    made = io.BytesIO()
    Workbook().save(made)
    return made.getvalue()


async def upload(service: Service, data: bytes = PDF, name: str = NAME, role: Role = Role.HANDLER) -> str:
    form = FormData(quote_fields=False)
    form.add_field("file", data, filename=name)
    answer = await service.ask("POST", "/files", role, data=form)
    assert answer.status == 201, await answer.text()
    return str((await answer.json())["id"])


def parts(told: dict[str, Any]) -> list[tuple[str, int | None, str]]:
    return [(one["of"], one["n"], one["name"]) for one in told["files"]]


async def test_papers_hang_where_they_belong_and_everybody_has_them(
    service: Service, anybody: Browser, at: Office
) -> None:
    await at.create()
    await at.do(A.ATTACH, Role.HANDLER, attachments=[await upload(service)])
    await at.do(A.SUBMIT)
    step = {"done_on": at._today(), "outcome": "同意", "document": "示例"}
    await at.step(1, **step, attachments=[await upload(service, sheet(), "论证.xlsx")])
    await at.steps(2, 8)
    await at.do(A.PREDISCLOSE)
    await at.steps(9, 10)
    code = at.told["code"]
    held = at.told["files"][0]["id"]
    await at.do(A.PUBLISH)
    await at.do(
        A.REPORT_PROGRESS, percent=5, text="开工", attachments=[await upload(service, picture(), "a.png")]
    )
    progress = at.told["events"][-1]["seq"]
    await at.do(A.SET_MILESTONE, due_on="2030-01-01", title="封顶")
    await at.do(A.SET_MILESTONE, n=1, state="done", evidence="验收", attachments=[await upload(service)])
    assert at.status == 200, at.told
    assert parts(await at.read()) == [
        ("source", None, NAME),
        ("public_participation", 1, "论证.xlsx"),
        ("progress", progress, "a.png"),
        ("milestone", 1, NAME),
    ]
    await anybody.open(f"/commitments/{code}")
    assert anybody.html.count("论证.xlsx") == 2, "in the story and among the papers"
    assert f'<a href="/commitments/{code}/documents/{held}">{NAME}</a>' in anybody.html
    assert "3 KB" in anybody.text
    answer = await service.client.get(f"/commitments/{code}/documents/{held}")
    assert (answer.status, await answer.read()) == (200, PDF)
    assert answer.content_disposition is not None
    assert (answer.content_disposition.type, answer.content_disposition.filename) == ("attachment", NAME)
    shown = await service.client.get(f"/commitments/{code}/documents/{at.told['files'][2]['id']}")
    assert (shown.status, shown.content_type) == (200, "image/png")


async def test_only_papers_of_what_everybody_may_read(service: Service, at: Office) -> None:
    loose = await upload(service)
    await at.create()
    await at.do(A.ATTACH, Role.HANDLER, attachments=[await upload(service)])
    draft, held = at.told["code"], at.told["files"][0]["id"]
    case = await service.file("【示例】路灯坏了")
    assert case.case.id
    paths = {
        "of a draft": f"/commitments/{draft}/documents/{held}",
        "of another commitment": f"/commitments/SL-JY-001/documents/{held}",
        "of none": f"/commitments/SL-JY-001/documents/{loose}",
        "of nothing": "/commitments/SL-JY-001/documents/x",
    }
    for why, path in paths.items():
        assert (await service.client.get(path)).status == 404, why
    for role, status in ((Role.AUDITOR, 200), (Role.LEADER, 200), (None, 401)):
        assert (await service.ask("GET", f"/files/{held}", role)).status == status
    assert (await service.ask("GET", f"/files/{loose}", Role.AUDITOR)).status == 404


@pytest.mark.parametrize("what", ["another's", "twice", "no paper", "nothing"])
async def test_what_is_no_paper_of_ones_own_is_refused(service: Service, at: Office, what: str) -> None:
    await at.publish()
    given = {
        "another's": lambda: upload(service, role=Role.DISPATCHER),
        "twice": lambda: upload(service),
        "no paper": lambda: upload(service, b"#!AMR\n" + b"\x3c" * 320, "a.amr"),
        "nothing": None,
    }[what]
    file_id = await given() if given else "0" * 32
    body = {"percent": 5, "text": "开工", "attachments": [file_id]}
    if what == "twice":
        await at.do(A.REPORT_PROGRESS, **body)
        assert at.status == 200
    refused = await at.do(A.REPORT_PROGRESS, **body)
    assert (at.status, list(refused["fields"])) == (422, ["attachments"])
    if what == "twice":
        number = (await service.file("【示例】井盖坏了", department="jiaoyu")).case.tracking_no
        path = f"/cases/{number}/actions/answer"
        case = {"version": 1, "text": "好的", "outcome": "resolved", "attachments": [file_id]}
        answer = await service.ask("POST", path, Role.HANDLER, json=case)
        assert answer.status in (404, 422), "a paper of a commitment is no evidence of a case"


async def test_what_should_not_be_there_is_taken_away_also_at_the_end(service: Service, at: Office) -> None:
    await at.publish()
    assert A.DETACH not in at.told["allowed"]
    await at.do(A.REPORT_PROGRESS, percent=5, text="开工", attachments=[await upload(service)])
    await at.do(A.DECLARE_BROKEN, reason="not_done")
    held = at.told["files"][0]["id"]
    path = f"/commitments/{at.told['code']}/documents/{held}"
    assert (await service.client.get(path)).status == 200
    refused = await at.do(A.DETACH, Role.DISPATCHER, file="x", reason="有身份证号")
    assert refused["fields"] == {"file": "没有这份文件"}
    await at.do(A.DETACH, Role.DISPATCHER, file=held, reason="【示例】里面有身份证号")
    assert (at.status, at.told["files"]) == (200, [])
    assert at.told["events"][-1]["payload"] == {"file": held, "reason": "【示例】里面有身份证号"}
    assert (await service.client.get(path)).status == 404


async def test_papers_come_along_in_the_console(service: Service, at: Office, anybody: Browser) -> None:
    await at.publish()
    page = f"/console/commitments/{at.told['code']}"
    async with signed_in(service, Role.HANDLER, "jiaoyu") as handler:
        await handler.open(page)
        form = FormData(quote_fields=False)
        for name, value in (handler.form("/actions/attach")).items():
            form.add_field(name, value)
        form.add_field("attachments", PDF, filename=NAME)
        await handler.post(f"{page}/actions/attach", form)
        assert "已完成：上传来源文件" in handler.text
        assert NAME in handler.text
        refused = FormData(quote_fields=False)
        for name, value in (handler.form("/actions/attach")).items():
            refused.add_field(name, value)
        refused.add_field("attachments", b"MZ\x90\x00", filename="a.exe")
        await handler.post(f"{page}/actions/attach", refused)
        assert handler.status == 422
        assert "不是能接收的类型" in handler.text
        held = (await at.read())["files"][0]["id"]
        await handler.send("/actions/detach", file=held, reason="【示例】传错了")
        assert "已完成：撤下文件" in handler.text
    await anybody.open(f"/commitments/{at.told['code']}")
    assert NAME not in anybody.html
