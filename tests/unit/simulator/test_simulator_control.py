"""How tests and the page drive citizens: acts, the clock, live events, scripts, load."""

import asyncio
import io
import json
from pathlib import Path

import av
import pytest
from aiohttp import web
from PIL import Image

from bot.simulator import anchors, samples, scripts
from bot.simulator.crypto import signature
from bot.simulator.load import load
from bot.simulator.remote import Remote
from bot.simulator.xmltext import child, read, write
from tests.unit.simulator.simulator_stand import ALICE, Service

REPLY = '已收到：%s\n单号：JN001\n<a href="weixin://bizmsgmenu?msgmenucontent=%%E7%%A1%%AE%%E8%%AE%%A4&msgmenuid=1">确认</a>'


@pytest.fixture
def remote(service: Service) -> Remote:
    return Remote(service.address + "/simulator", service.http)


def reply(service: Service, to: str, text: str) -> web.Response:
    account = service.platform.account
    fields = {"ToUserName": to, "FromUserName": account.original_id, "CreateTime": 1, "MsgType": "text"}
    sealed = service.platform.keys[0].encrypt(write(fields | {"Content": text}).encode())
    signed = signature(account.token, "1", "n", sealed)
    return web.Response(text=write({"Encrypt": sealed, "MsgSignature": signed, "TimeStamp": 1, "Nonce": "n"}))


@pytest.fixture
def echoing(service: Service) -> Service:
    """Answers every text; 慢 is answered by a customer-service message, 坏 with nonsense."""

    async def answer(_: web.Request) -> web.Response:
        root = read(service.opened().encode())
        who, text = child(root, "FromUserName"), root.findtext("Content") or ""
        if text == "坏":
            return web.Response(text="oops")
        if text == "慢" or not text:
            content = {"touser": who, "msgtype": "text", "text": {"content": "慢慢来"}}
            if text:
                await service.api("cgi-bin/message/custom/send", content)
            return web.Response(text="success")
        return reply(service, who, REPLY % text)

    service.answer = answer
    return service


async def test_say_answers_what_is_read(echoing: Service, remote: Remote) -> None:
    done = await remote.say(ALICE, "路灯不亮")
    assert (done["status"], done["attempts"], done["tip"]) == ("replied", 1, False)
    assert done["words"] == "已收到：路灯不亮\n单号：JN001\n确认"
    assert done["options"] == [{"label": "确认", "word": "确认"}]
    assert (await remote.say(ALICE, choose="确认"))["words"].startswith("已收到：确认")


@pytest.mark.parametrize(
    ("what", "kind", "field"),
    [
        ({"photo": True}, "image", "PicUrl"),
        ({"voice": True}, "voice", "Format"),
        ({"video": True}, "video", "ThumbMediaId"),
        ({"video": True, "short": True}, "shortvideo", "ThumbMediaId"),
        ({"location": {"label": "示例路口"}}, "location", "Label"),
        ({"link": True}, "link", "Url"),
        ({"file": "示例.docx"}, "file", "FileKey"),
        ({"event": "CLICK", "key": "report"}, "event", "EventKey"),
        ({"event": "SCAN", "scene": "12"}, "event", "Ticket"),
        ({"event": "VIEW", "url": "http://x/"}, "event", "MenuId"),
        ({"event": "LOCATION"}, "event", "Precision"),
        ({"event": "unsubscribe"}, "event", "Event"),
        ({"event": "user_authorization_revoke", "revoked": "205"}, "event", "RevokeInfo"),
        ({"raw": "hologram", "fields": {"Depth": 3}}, "hologram", "Depth"),
    ],
)
async def test_every_act_is_pushed(
    service: Service, remote: Remote, what: dict, kind: str, field: str
) -> None:
    await remote.say(ALICE, **what)
    root = read(service.opened().encode())
    assert child(root, "MsgType") == kind
    assert child(root, field)
    assert (root.find("MsgId") is None) == (kind == "event")


async def test_who_left_must_follow_again(service: Service, remote: Remote) -> None:
    await remote.say(ALICE, event="unsubscribe")
    with pytest.raises(ValueError, match="does not follow"):
        await remote.say(ALICE, "你好")
    await remote.say(ALICE, event="subscribe", scene="7")
    assert "<EventKey><![CDATA[qrscene_7]]></EventKey>" in service.opened()
    await remote.say(ALICE, "你好")


@pytest.mark.parametrize("body", [{}, {"openid": "short", "text": "x"}, {"openid": ALICE, "event": "dance"}])
async def test_wrong_acts_are_422(service: Service, body: dict) -> None:
    async with service.http.post(service.address + "/simulator/say", json=body) as response:
        assert response.status == 422
        assert (await response.json())["error"]


async def test_clock_moves_forward_only(service: Service, remote: Remote) -> None:
    before = (await remote.get("/clock"))["now"]
    assert before == "2026-03-02T01:00:00+00:00"
    assert await remote.advance(3600) == "2026-03-02T02:00:00+00:00"
    assert (await remote.post("/clock", {"now": "2026-03-03T09:00:00+08:00"}))["now"].startswith(
        "2026-03-03T01:00"
    )
    with pytest.raises(ValueError, match="409"):
        await remote.advance(-1)
    with pytest.raises(ValueError, match="422"):
        await remote.post("/clock", {"now": "2027-01-01T00:00:00"})


async def test_forms_of_foreign_pages_are_refused(service: Service) -> None:
    body = json.dumps({"openid": ALICE, "text": "x"})
    async with service.http.post(service.address + "/simulator/say", data=body) as response:
        assert response.status == 422


async def test_live_events(service: Service, remote: Remote) -> None:
    async with service.http.get(service.address + "/simulator/events") as stream:
        await stream.content.readline()
        await remote.say(ALICE, "你好")
        async with asyncio.timeout(2):
            while not (line := await stream.content.readline()).startswith(b"data:"):
                pass
        assert json.loads(line[5:])["words"] == "你好"


async def test_waiting_for_a_message(service: Service, remote: Remote) -> None:
    assert await remote.entries(ALICE, kinds=["service"], wait=0.05) == []
    waiting = asyncio.create_task(remote.entries(ALICE, kinds=["service"], wait=5))
    await remote.say(ALICE, "你好")
    await service.api(
        "cgi-bin/message/custom/send", {"touser": ALICE, "msgtype": "text", "text": {"content": "到了"}}
    )
    assert [entry["words"] for entry in await waiting] == ["到了"]


async def test_script_plays(echoing: Service, remote: Remote, tmp_path: Path) -> None:
    path = tmp_path / "report.yml"
    path.write_text(
        """
- say: 路灯不亮
  expect: [已收到, 路灯不亮]
  not_expect: 错误
  remember: {number: '单号：(\\S+)'}
- say: 进度 ${number}
  expect: 进度 JN001
- choose: 确认
  expect: 确认
- photo: true
- say: 慢
  expect: 慢慢来
- advance: 48h
- as: 乙
  say: 坏
  expect_tip: true
""",
        encoding="utf-8",
    )
    await scripts.run(scripts.read(path), remote, patience=1, name=path.name)


@pytest.mark.parametrize(
    ("steps", "told"),
    [
        ([{"say": "一", "expect": "二"}], "step 1"),
        ([{"say": "一", "not_expect": "已收到"}], "unwanted ['已收到']"),
        ([{"say": "一"}, {"expect_push": "转交"}], "no push with ['转交']"),
        ([{"say": "坏"}], "tip: True"),
        ([{"say": "一", "remember": {"x": "没有"}}], "nothing like 没有"),
    ],
)
async def test_script_failures_say_where(echoing: Service, remote: Remote, steps: list, told: str) -> None:
    with pytest.raises(scripts.ScriptFailure) as caught:
        await scripts.run(steps, remote, patience=0.05)
    assert told in str(caught.value)
    assert "citizen/text" in str(caught.value)


def test_script_mistakes(tmp_path: Path) -> None:
    path = tmp_path / "a.yml"
    path.write_text("- says: x\n", encoding="utf-8")
    with pytest.raises(ValueError, match="unknown says"):
        scripts.read(path)
    assert [scripts.seconds(text) for text in ("30s", "15m", "48h", "7d", 5)] == [30, 900, 172800, 604800, 5]
    with pytest.raises(ValueError):
        scripts.seconds("soon")


async def test_load(echoing: Service) -> None:
    measured = await load(
        echoing.platform, echoing.courier, citizens=20, messages=3, concurrency=5, texts=["一", "二"]
    )
    assert (measured.messages, measured.failures, measured.tips) == (60, 0, 0)
    assert 0 < measured.p50 <= measured.p99 <= measured.slowest


async def test_page_and_its_files(service: Service) -> None:
    async with service.http.get(service.address + "/simulator") as page:
        assert "script-src 'self'" in page.headers["Content-Security-Policy"]
        assert "/simulator/static/chat.js" in await page.text()
    for name in ("chat.js", "phone.js", "chat.css"):
        async with service.http.get(f"{service.address}/simulator/static/{name}") as file:
            assert file.status == 200
    async with service.http.get(service.address + "/simulator/static/app.py") as file:
        assert file.status == 404


def test_links_in_texts() -> None:
    text = '看<a href="http://x/?a=1&amp;b=2">这里</a><a href="javascript:alert(1)">点我</a><b>粗</b>'
    found = anchors.parts(text)
    assert [(part.text, part.url) for part in found] == [
        ("看", ""),
        ("这里", "http://x/?a=1&b=2"),
        ("点我", ""),
        ("<b>粗</b>", ""),
    ]


def test_samples_are_what_they_say() -> None:
    with Image.open(io.BytesIO(samples.photo())) as picture:
        assert picture.getexif().get_ifd(0x8825)[2] == (35.0, 18.0, 10.0)
    with av.open(io.BytesIO(samples.voice())) as voice:
        assert voice.streams.audio[0].codec_context.name in ("amrnb", "amr_nb", "libopencore_amrnb")
        assert sum(1 for _ in voice.decode(audio=0)) >= 100


async def test_script_waits_for_a_notice(service: Service, remote: Remote) -> None:
    """The account sends its notice while the script already waits."""

    async def notify(_: web.Request) -> web.Response:
        root = read(service.opened().encode())
        if root.findtext("Content") == "进度":
            data = {"phrase1": {"value": "已转交"}, "character_string2": {"value": "JN001"}}
            body = {"touser": child(root, "FromUserName"), "template_id": "T", "data": data}
            await service.api("cgi-bin/message/subscribe/bizsend", body)
        return web.Response(text="success")

    service.answer = notify
    steps = [{"consent": "accept"}, {"say": "进度"}, {"expect_push": ["已转交", "JN001"]}]
    await scripts.run(steps, remote, patience=1)
