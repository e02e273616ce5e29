"""The page of corrections: read by those who route, decided by the administrator, exported for training."""

from pathlib import Path

import yaml

from bot.commands_learning import write_examples
from intake import learning
from storage.unit import Unit
from storage.vocab import CaseType, Role
from tests.flows.api.service import Service
from tests.flows.console.reader import signed_in

TEXT = "请问[小区]门口的路灯归谁修"


async def corrected(service: Service) -> None:
    case = (await service.file(TEXT)).case

    async def work(unit: Unit) -> None:
        await learning.retyped(service.process.desk(unit), case, CaseType.INQUIRY)

    await service.process.database.run(work)


async def test_an_administrator_accepts_what_a_dispatcher_corrected(service: Service, tmp_path: Path) -> None:
    await corrected(service)
    async with signed_in(service, Role.ADMIN) as admin:
        await admin.open("/console/learning?state=proposed&origin=dispatcher")
        assert TEXT in admin.text
        assert "还没有应答" in admin.text
        number = next(
            path for path in admin.html.split('action="') if path.startswith("/console/learning/1")
        ).split('"')[0]
        data = admin.form(number) | {
            "text": TEXT + "，我的电话13712345678",
            "intent": "inquiry",
            "department": "城管局",
            "decision": "accepted",
        }
        await admin.post(number, data | {"csrf": "forged"})
        assert admin.status == 403
        await admin.open("/console/learning")
        await admin.post(number, data)
        assert admin.at == "/console/learning?done=1"
        await admin.open("/console/learning?state=proposed")
        assert "没有例句" in admin.text
    async with service.process.database.read() as unit:
        rows = await unit.learning.accepted()
        sectors = {row.code: row.sector for row in await unit.departments.all()}
    assert write_examples(tmp_path / "learned.yml", rows, sectors) == 1
    [group] = yaml.safe_load((tmp_path / "learned.yml").read_text("utf-8"))["nlu"]
    assert group["intent"] == "inquiry"
    [example] = group["examples"]
    assert example["text"].startswith("请问【小区】门口的路灯归谁修，我的电话＊＊＊")
    assert "137" not in example["text"]
    assert example["metadata"] == {"sector": "urban_management"}


async def test_dispatchers_read_and_handlers_do_not(service: Service) -> None:
    await corrected(service)
    async with signed_in(service, Role.DISPATCHER) as desk:
        await desk.open("/console/learning")
        assert TEXT in desk.text
        assert "采用</button>" not in desk.html
        await desk.post(
            "/console/learning/model", {"name": "x", "csrf": desk.form("/console/logout")["csrf"]}
        )
        assert desk.status == 403
    async with signed_in(service, Role.HANDLER, "zhujian") as handler:
        await handler.open("/console/learning")
        assert handler.status == 404
