"""``/healthz``, ``/readyz``, ``/metrics``, headers, and what becomes of a database that goes away."""

import pytest

from storage.engine import DatabaseAway
from storage.vocab import Role
from tests.flows.api.service import Service


async def test_the_process_says_how_each_part_is(service: Service) -> None:
    assert (await service.client.get("/healthz")).status == 200
    answer = await service.client.get("/readyz")
    told = await answer.json()
    assert answer.status == 200
    assert (told["ready"], told["database"], told["migrations"]) == (True, "ready", "ready")
    assert told["nlu"] in ("starting", "degraded")
    assert told["faults"] == {}


async def test_without_its_database_it_is_not_ready_and_answers_503(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = await service.token(Role.AUDITOR)

    def gone(*_: object) -> object:
        raise DatabaseAway("OperationalError")

    monkeypatch.setattr(service.process.database, "_open", gone)
    assert (await service.client.get("/healthz")).status == 200
    ready = await service.client.get("/readyz")
    assert (ready.status, (await ready.json())["database"]) == (503, "away")
    api = await service.client.get("/api/v1/cases", headers={"Authorization": f"Bearer {token}"})
    assert (api.status, (await api.json())["code"]) == (503, "database_away")
    assert "Retry-After" in api.headers
    assert (await service.client.get("/")).status == 503
    assert (await service.client.get("/metrics")).status == 200


async def test_metrics_count_requests_by_route_and_never_by_address(service: Service) -> None:
    case = (await service.file("市住建局没有兑现。")).case
    await service.ask("GET", f"/cases/{case.tracking_no}", Role.AUDITOR)
    text = await (await service.client.get("/metrics")).text()
    assert 'route="/api/v1/cases/{tracking_no}"' in text
    assert case.tracking_no not in text
    assert f'jiannuo_cases{{state="{case.state}"}} 1.0' in text


async def test_every_answer_carries_the_guarding_headers(service: Service) -> None:
    for path in ("/", "/console/login", "/m/privacy", "/api/v1/departments", "/nowhere"):
        answer = await service.client.get(path)
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert len(answer.headers["X-Request-ID"]) == 16


async def test_a_failure_that_nobody_foresaw_shows_nothing_of_itself(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> object:
        raise RuntimeError("张三丰 13800001234")

    monkeypatch.setattr(service.process, "desk", broken)
    answer = await service.ask("GET", "/cases", Role.AUDITOR)
    told = await answer.text()
    assert answer.status == 500
    assert '"unexpected"' in told
    assert "张三丰" not in told


async def test_an_unknown_address_is_a_problem_below_the_api_and_a_page_elsewhere(service: Service) -> None:
    api = await service.client.get("/api/v1/nothing")
    assert (api.status, api.content_type) == (404, "application/problem+json")
    page = await service.client.get("/nothing")
    assert (page.status, page.content_type) == (404, "text/html")
    wrong = await service.client.delete("/api/v1/departments")
    assert (wrong.status, (await wrong.json())["code"]) == (405, "method_not_allowed")
