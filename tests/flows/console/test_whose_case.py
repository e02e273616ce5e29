"""Who works a case stands in the lists, and a handler may see hers and those of nobody yet."""

from typing import Any

from storage.vocab import Role
from tests.flows.api.service import Service
from tests.flows.console.reader import signed_in

TEXT = "市住建局承诺今年六月交付安置房，没有兑现。"


async def test_a_handler_lists_her_own_and_the_unassigned(service: Service) -> None:
    numbers = [
        (await service.file(f"{TEXT}第{n}件", department="zhujian")).case.tracking_no for n in range(3)
    ]
    await service.staff("other", Role.HANDLER, "zhujian")

    async def assign(number: str, login: str) -> None:
        told = await (await service.ask("GET", f"/cases/{number}", Role.HEAD, "zhujian")).json()
        body = {"version": told["version"], "handler": login}
        path = f"/cases/{number}/actions/assign"
        assert (await service.ask("POST", path, Role.HEAD, "zhujian", json=body)).status == 200

    async def listed(query: str) -> dict[str, Any]:
        told = await (await service.ask("GET", f"/cases?{query}", Role.HANDLER, "zhujian")).json()
        return {one["tracking_no"]: one["assignee"] for one in told["items"]}

    async with signed_in(service, Role.HANDLER, "zhujian") as handler:
        await assign(numbers[0], "handler-zhujian")
        await assign(numbers[1], "other")
        every = dict(zip(numbers, ("handler-zhujian", "other", None), strict=True))
        assert await listed("") == every
        assert await listed("assignee=other") == {numbers[1]: "other"}
        assert await listed("mine=true") == {numbers[0]: "handler-zhujian", numbers[2]: None}
        await handler.open("/console/cases?mine=true")
        assert [number for number in numbers if number in handler.html] == [numbers[0], numbers[2]]
        assert "承办人 handler-zhujian" in handler.text
        await handler.open("/console/cases?assignee=other")
        assert [number for number in numbers if number in handler.html] == [numbers[1]]
