"""``/guides``: who writes which guide, what everybody reads, and the history that stays."""

from typing import Any

from intake import archive
from intake.actor import Actor
from intake.cases import informing
from storage.vocab import CaseType, Role
from tests.flows.api.service import Service

UNIT, OTHER = "jiaoyu", "zhujian"
NEW = {"title": "示例事项怎么办", "steps": ["网上填报", "到校报到"], "phone": "示例电话"}
HANDLER, HEAD, DISPATCHER = (Role.HANDLER, UNIT), (Role.HEAD, UNIT), (Role.DISPATCHER, None)
Who = tuple[Role, str | None]


async def ask(
    service: Service, method: str, path: str, who: Who | None = None, **body: Any
) -> tuple[int, dict[str, Any]]:
    answer = await service.ask(method, path, *(who or ()), **({"json": body} if body else {}))
    return answer.status, await answer.json()


async def test_from_a_draft_to_a_retired_guide(service: Service) -> None:
    status, draft = await ask(service, "POST", "/guides", HANDLER, **NEW)
    assert (status, draft["state"], draft["version"]) == (201, "draft", 1)
    assert draft["department"]["code"] == UNIT
    path = f"/guides/{draft['code']}"
    assert (await ask(service, "GET", path))[0] == 404
    assert (await ask(service, "GET", path, (Role.AUDITOR, None)))[1]["title"] == NEW["title"]
    assert (await ask(service, "GET", "/guides"))[1]["items"] == []

    whole = NEW | {"cautions": "八月底前\n错过的等下一年", "version": 1}
    status, changed = await ask(service, "PUT", path, HANDLER, **whole)
    assert (status, changed["version"]) == (200, 2)
    assert changed["cautions"] == ["八月底前", "错过的等下一年"]
    status, told = await ask(service, "PUT", path, HANDLER, **whole | {"state": "published", "version": 2})
    assert (status, told["code"]) == (403, "role")
    status, told = await ask(service, "PUT", path, HEAD, **whole | {"state": "published"})
    assert (status, told["code"], told["version"], told["state"]) == (409, "stale_version", 2, "draft")
    status, told = await ask(service, "PUT", path, HEAD, **whole | {"state": "published", "version": 2})
    assert (status, told["state"]) == (200, "published")
    assert (await ask(service, "PUT", path, HANDLER, **whole | {"version": 3}))[0] == 403
    assert (await ask(service, "PUT", path, (Role.HEAD, OTHER), **whole | {"version": 3}))[0] == 403
    status, public = await ask(service, "GET", path)
    assert (status, "events" in public) == (200, False)
    assert [one["code"] for one in (await ask(service, "GET", "/guides?q=报到"))[1]["items"]] == [
        draft["code"]
    ]

    same = whole | {"version": 3}
    assert (await ask(service, "PUT", path, HEAD, **same))[1]["version"] == 3, "nothing was changed"
    status, told = await ask(service, "PUT", path, DISPATCHER, **same | {"state": "retired"})
    assert (status, told["state"]) == (200, "retired")
    assert (await ask(service, "GET", path))[0] == 404
    assert (await ask(service, "GET", "/guides", HEAD))[1]["items"] == []
    assert len((await ask(service, "GET", "/guides?state=retired", HEAD))[1]["items"]) == 1
    assert (await ask(service, "GET", "/guides?state=retired"))[1]["items"] == []
    told_of = [(event["action"], event["actor"], sorted(event["changed"])) for event in told["events"]]
    assert told_of == [
        ("create", "handler-jiaoyu", ["department", "phone", "steps", "title"]),
        ("change", "handler-jiaoyu", ["cautions"]),
        ("publish", "head-jiaoyu", []),
        ("retire", "dispatcher-city", []),
    ]
    assert told["events"][1]["changed"]["cautions"] == [[], ["八月底前", "错过的等下一年"]]
    async with service.process.database.read() as unit:
        assert await archive.verify(unit, service.process.vault.archive_key) == []


async def test_what_is_wrong_is_named(service: Service) -> None:
    for wrong, field in (
        ({"steps": []}, "steps"),
        ({"steps": "  \n "}, "steps"),
        ({"title": "x"}, "title"),
        ({"department": "没有的局"}, "department"),
        ({"department": OTHER}, "department"),
        ({"code": "有 空格"}, "code"),
        ({"what": "?"}, "what"),
        ({"state": "retired"}, "state"),
        ({"cautions": ["长" * 501]}, "cautions.0"),
    ):
        status, told = await ask(service, "POST", "/guides", HEAD, **NEW | wrong)
        assert (status, list(told["fields"])) == (422, [field]), wrong
    assert (await ask(service, "POST", "/guides", DISPATCHER, **NEW))[1]["fields"] == {"department": "要填写"}
    first = NEW | {"code": "ZN-示例", "department": "教育局", "state": "published"}
    assert (await ask(service, "POST", "/guides", (Role.ADMIN, None), **first))[0] == 201
    assert list((await ask(service, "POST", "/guides", DISPATCHER, **first))[1]["fields"]) == ["code"]
    assert (await ask(service, "POST", "/guides", (Role.SUPERVISOR, None), **NEW))[0] == 403
    assert (await ask(service, "POST", "/guides", HANDLER, **NEW | {"state": "published"}))[0] == 403


async def test_an_inquiry_is_not_answered_from_what_is_not_published(service: Service) -> None:
    asked = await service.file(NEW["title"], type=CaseType.INQUIRY)

    async def sources() -> list[str]:
        async with service.process.database.read() as unit:
            found = await informing.sources(service.process.desk(unit), asked.case)
            return [one.code for one in found]

    async def usable(code: str) -> bool:
        async with service.process.database.read() as unit:
            desk = service.process.desk(unit)
            answer = informing.AnswerNow(text="带身份证。", source=code)
            try:
                await informing.check_answer_now(desk, Actor(Role.DISPATCHER, "d"), asked.case, answer)
            except informing.Invalid:
                return False
            return True

    _, draft = await ask(service, "POST", "/guides", HEAD, **NEW)
    assert (await sources(), await usable(draft["code"])) == ([], False)
    await ask(service, "PUT", f"/guides/{draft['code']}", HEAD, **NEW, state="published", version=1)
    assert (await sources(), await usable(draft["code"])) == ([draft["code"]], True)
