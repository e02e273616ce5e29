"""A part of a film or recording where a phone asks for one: iPhones play nothing else."""

import pytest
from aiohttp import FormData

from bot.simulator.samples import video, voice
from storage.vocab import Role
from tests.flows.api.service import Service
from tests.flows.console.reader import signed_in

FILM = video()
SIZE = len(FILM)


async def kept(service: Service, data: bytes = FILM) -> str:
    """An upload of the dispatcher's; its path."""
    form = FormData()
    form.add_field("file", data, filename="示例")
    answer = await service.ask("POST", "/files", Role.DISPATCHER, data=form)
    assert answer.status == 201
    return f"/files/{(await answer.json())['id']}"


@pytest.mark.parametrize(
    ("asked", "start", "end"),
    [
        ("bytes=0-1", 0, 2),
        ("bytes=7-", 7, SIZE),
        (f"bytes={SIZE - 1}-", SIZE - 1, SIZE),
        ("bytes=-5", SIZE - 5, SIZE),
        (f"bytes=-{SIZE + 9}", 0, SIZE),
        (f"bytes=10-{SIZE + 99}", 10, SIZE),
    ],
)
async def test_the_part_that_is_asked_for(service: Service, asked: str, start: int, end: int) -> None:
    path = await kept(service)
    whole = await (await service.ask("GET", path, Role.DISPATCHER)).read()
    answer = await service.ask("GET", path, Role.DISPATCHER, headers={"Range": asked})
    assert (answer.status, await answer.read()) == (206, whole[start:end])
    assert answer.headers["Content-Range"] == f"bytes {start}-{end - 1}/{len(whole)}"
    assert (answer.headers["Content-Length"], answer.content_type) == (str(end - start), "video/mp4")
    assert "sandbox" in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize("asked", [f"bytes={SIZE}-", "bytes=-0", "bytes=9999999-99999999"])
async def test_a_part_that_is_not_there(service: Service, asked: str) -> None:
    path = await kept(service)
    answer = await service.ask("GET", path, Role.DISPATCHER, headers={"Range": asked})
    assert (answer.status, await answer.read()) == (416, b"")
    assert answer.headers["Content-Range"] == f"bytes */{SIZE}"


@pytest.mark.parametrize(
    "asked", ["bytes=5-2", "bytes=-", "bytes=0-1,4-5", "lines=0-1", "bytes=a-b", "bytes=٣-٤"]
)
async def test_what_is_no_single_part_is_answered_with_the_whole(service: Service, asked: str) -> None:
    path = await kept(service)
    answer = await service.ask("GET", path, Role.DISPATCHER, headers={"Range": asked})
    assert (answer.status, len(await answer.read())) == (200, SIZE)
    assert answer.headers["Accept-Ranges"] == "bytes"


async def test_a_part_only_of_the_file_that_was_begun(service: Service) -> None:
    path, other = await kept(service), await kept(service, voice())
    tags = [(await service.ask("GET", one, Role.DISPATCHER)).headers["ETag"] for one in (path, other)]
    for tag, status in zip(tags, (206, 200), strict=True):
        headers = {"Range": "bytes=0-1", "If-Range": tag}
        assert (await service.ask("GET", path, Role.DISPATCHER, headers=headers)).status == status
    assert (await service.ask("GET", path, Role.AUDITOR, headers={"Range": "bytes=0-1"})).status == 404


async def test_a_part_at_the_console(service: Service) -> None:
    """Of a recording that browsers do not play: of the MP3 made of it."""
    file_id = (await kept(service, voice())).rpartition("/")[2]
    letter = {"type": "complaint", "channel": "letter", "text": "【示例】路灯不亮", "attachments": [file_id]}
    letter |= {"reporter": {"mode": "named"}}
    assert (await service.ask("POST", "/cases", Role.DISPATCHER, json=letter)).status == 201
    async with signed_in(service, Role.DISPATCHER) as desk:
        await desk.open(f"/console/files/{file_id}", headers={"Range": "bytes=0-1"})
        assert (desk.status, desk.headers["Content-Type"]) == (206, "audio/mpeg")
        assert desk.headers["Cache-Control"] == "no-store"
