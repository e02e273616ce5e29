"""``/canned-answers``: a unit keeps its own; nobody else sees them."""

import pytest

from storage.vocab import Role
from tests.flows.api.service import Service

ONE = {"title": "材料清单", "text": "您的{单号}请带身份证。"}


async def test_a_unit_adds_changes_and_retires_its_own(service: Service) -> None:
    answer = await service.ask("POST", "/canned-answers", Role.HANDLER, json=ONE)
    assert answer.status == 201
    made = await answer.json()
    path = f"/canned-answers/{made['id']}"
    changed = await service.ask("PUT", path, Role.HEAD, json={"title": "带什么材料"})
    told = await changed.json()
    assert (told["title"], told["text"], told["changed_by"]) == ("带什么材料", ONE["text"], "head-jiaoyu")
    for role in (Role.HANDLER, Role.HEAD):
        items = (await (await service.ask("GET", "/canned-answers", role)).json())["items"]
        assert [one["title"] for one in items] == ["带什么材料"]
    assert (await service.ask("PUT", path, Role.HANDLER, json={"retired": True})).status == 200
    assert (await (await service.ask("GET", "/canned-answers", Role.HANDLER)).json())["items"] == []
    assert (await service.ask("PUT", path, Role.HANDLER, json={"title": "再来"})).status == 404


async def test_other_units_and_other_roles_have_none_of_it(service: Service) -> None:
    made = await (await service.ask("POST", "/canned-answers", Role.HANDLER, json=ONE)).json()
    path = f"/canned-answers/{made['id']}"
    assert (await service.ask("PUT", path, Role.HEAD, "zhujian", json={"text": 1})).status == 404
    items = (await (await service.ask("GET", "/canned-answers", Role.HEAD, "zhujian")).json())["items"]
    assert items == []
    for role in (Role.DISPATCHER, Role.SUPERVISOR, Role.AUDITOR, Role.ADMIN):
        for method, where in (("GET", "/canned-answers"), ("POST", "/canned-answers"), ("PUT", path)):
            answer = await service.ask(method, where, role, json={})
            assert (answer.status, (await answer.json())["code"]) == (403, "role")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"text": "x"}, "title"),
        ({"title": "x", "text": " "}, "text"),
        ({"title": "x", "text": "长" * 2001}, "text"),
        ({"title": "长" * 101, "text": "x"}, "title"),
        ({"title": "x", "text": "x", "department": "zhujian"}, "department"),
    ],
)
async def test_what_is_wrong_is_named_by_field(service: Service, body: dict[str, object], field: str) -> None:
    answer = await service.ask("POST", "/canned-answers", Role.HANDLER, json=body)
    assert (answer.status, set((await answer.json())["fields"])) == (422, {field})


async def test_the_longest_is_kept_whole(service: Service) -> None:
    answer = await service.ask("POST", "/canned-answers", Role.HEAD, json=ONE | {"text": "长" * 2000})
    assert (await answer.json())["text"] == "长" * 2000
