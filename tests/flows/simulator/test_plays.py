"""Scripts on the chat page: those that come along pass, a failure says why, a chat becomes one."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.simulator.playing import PLAYS
from storage.engine import Database
from tests.flows.api.service import Service, running
from tests.support.processes import free_port

SCRIPTS = sorted(path.stem for path in PLAYS.glob("*.yml"))


@pytest.fixture
async def service(database: Database, database_url: str, tmp_path: Path) -> AsyncIterator[Service]:
    async with simulated(database, database_url, tmp_path) as opened:
        yield opened


@asynccontextmanager
async def simulated(database: Database, url: str, folder: Path) -> AsyncIterator[Service]:
    port = free_port()
    here = f"http://127.0.0.1:{port}"
    more = {"PORT": str(port), "SIMULATOR": "true", "WECHAT_API_URL": f"{here}/simulator/api"}
    async with running(database, url, folder, PUBLIC_URL=here, **more) as opened:
        yield opened


async def call(service: Service, path: str, body: Any = None, status: int = 200) -> Any:
    method = "GET" if body is None else "POST"
    answer = await service.client.request(method, f"/simulator{path}", json=body)
    assert answer.status == status, await answer.text()
    return await answer.json(content_type=None)


async def played(service: Service, **what: str) -> list[dict[str, Any]]:
    begun = await call(service, "/plays", what)
    steps = [await call(service, f"/plays/{begun['id']}/step", {}) for _ in begun["steps"]]
    await call(service, f"/plays/{begun['id']}/step", {}, status=422)
    return steps


@pytest.mark.parametrize("script", SCRIPTS)
async def test_what_comes_along_passes_and_shows_said_expected_and_got(service: Service, script: str) -> None:
    known = {one["name"]: one["title"] for one in (await call(service, "/scripts"))["scripts"]}
    assert list(known) == SCRIPTS
    steps = await played(service, script=script)
    assert [step["why"] for step in steps if not step["ok"]] == []
    assert steps[-1]["done"]
    for step in steps:
        assert step["said"]
        for line in step["expected"]:
            assert line.split("“")[1].removesuffix("”") in step["got"]


async def test_a_failure_says_what_was_missing_and_the_rest_goes_on(service: Service) -> None:
    text = "# 示例\n- say: 你好\n  expect: [没有这句话]\n- say: 帮助\n"
    first, second = await played(service, text=text)
    assert (first["ok"], second["ok"]) == (False, True)
    assert "没有这句话" in first["why"]
    assert "您好" in first["got"]


@pytest.mark.parametrize(
    "text", ["- dance: true", "say: 你好", "- [", "- 你好", "!!python/object:os.system {}"]
)
async def test_what_is_no_script_is_refused(service: Service, text: str) -> None:
    await call(service, "/plays", {"text": text}, status=422)
    await call(service, "/plays", {"script": "../../../etc/passwd"}, status=422)


async def test_a_chat_is_recorded_and_plays_again_with_other_numbers(service: Service) -> None:
    openid = (await call(service, "/citizens", {}, status=201))["openid"]
    await call(service, f"/record?openid={openid}", status=422)
    number = ""
    for what in (
        {"event": "subscribe"},
        {"text": "市住建局承诺示例小区今年六月交房，到现在还没有动静。"},
        {"choose": "确认"},
        {"text": "进度 NUMBER"},
        {"photo": True},
    ):
        said = {
            key: value.replace("NUMBER", number) if isinstance(value, str) else value
            for key, value in what.items()
        }
        words = (await call(service, "/say", {"openid": openid, **said}))["words"]
        if "单号：" in words:
            number = words.partition("单号：")[2][:16]
    answer = await service.client.get(f"/simulator/record?openid={openid}")
    text = await answer.text()
    assert number not in text
    steps = yaml.safe_load(text)
    assert [next(iter(step)) for step in steps] == ["event", "say", "say", "say", "photo"]
    assert steps[3]["say"] == "进度 ${number1}"
    assert all(step["expect"] for step in steps)
    again = await played(service, text=text)
    assert [step["why"] for step in again if not step["ok"]] == []


async def test_the_clock_goes_to_nine_of_the_citys_next_working_day(service: Service) -> None:
    await call(
        service, "/clock", {"now": "2027-02-05T16:00:00+08:00"}
    )  # a Friday before the New Year of 2027
    day = service.process.city.workdays.add(service.process.clock.today(), 1).date
    told = await call(service, "/clock", {"next_workday": True})
    assert told["now"].startswith(f"{day}T01:00")


async def test_a_used_up_quota_refuses_until_it_is_filled_again(service: Service) -> None:
    assert (await call(service, "/faults", {"quota": "used_up"}))["quota_used_up"]
    token = await service.process.tokens.get()
    path = f"/api/cgi-bin/menu/get?access_token={token}"
    assert (await call(service, path))["errcode"] == 45009
    assert not (await call(service, "/faults", {"clear": True}))["quota_used_up"]
    assert "errcode" not in await call(service, path)
