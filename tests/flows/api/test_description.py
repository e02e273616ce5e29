"""``openapi.json`` says what is mounted, holds together, and the answers are as it describes."""

import re
from typing import Any

from bot.web.api.table import ENDPOINTS
from intake.cases.actions import ACTIONS
from intake.commitments.actions import ACTIONS as COMMITMENT_ACTIONS
from tests.flows.api.service import Service


async def test_everything_mounted_is_described_and_every_reference_resolves(service: Service) -> None:
    told = await (await service.ask("GET", "/openapi.json")).json()
    mounted = {
        (route.method, route.resource.canonical.removeprefix("/api/v1"))
        for route in service.process_routes()
        if route.resource is not None and route.resource.canonical.startswith("/api/v1")
    }
    table = {(one.method, one.path) for one in ENDPOINTS}
    assert {pair for pair in mounted if pair[0] != "HEAD"} == table | {("GET", "/openapi.json")}
    described = {(method.upper(), path) for path, item in told["paths"].items() for method in item}
    actions = {("POST", f"/cases/{{tracking_no}}/actions/{action.value}") for action in ACTIONS}
    actions |= {("POST", f"/commitments/{{code}}/actions/{action.value}") for action in COMMITMENT_ACTIONS}
    assert described == {pair for pair in table if "{action}" not in pair[1]} | actions
    for reference in _references(told):
        assert reference.split("/")[-1] in told["components"]["schemas"], reference


async def test_operations_have_names_of_their_own_and_parameters_for_their_path(service: Service) -> None:
    told = await (await service.ask("GET", "/openapi.json")).json()
    operations = [(path, one) for path, item in told["paths"].items() for one in item.values()]
    names = [one["operationId"] for _, one in operations]
    assert len(names) == len(set(names))
    for path, one in operations:
        given = {p["name"] for p in one["parameters"] if p["in"] == "path"}
        assert given == set(re.findall(r"\{(\w+)\}", path))
        assert "503" in one["responses"]


def _references(value: Any) -> list[str]:
    if isinstance(value, dict):
        own = [value["$ref"]] if isinstance(value.get("$ref"), str) else []
        return own + [ref for part in value.values() for ref in _references(part)]
    if isinstance(value, list):
        return [ref for part in value for ref in _references(part)]
    return []
