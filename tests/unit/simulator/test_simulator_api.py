"""The API over HTTP, as a client meets it."""

import re
from types import SimpleNamespace

import aiohttp
import pytest

from bot.simulator import samples
from bot.simulator.xmltext import child, read
from tests.unit.simulator.simulator_stand import ALICE, Service, to_json

TEXT = {"touser": ALICE, "msgtype": "text", "text": {"content": "已受理"}}


async def test_token_endpoints(service: Service) -> None:
    good = {"grant_type": "client_credential", "appid": "wx0123456789abcdef", "secret": "secret"}
    base = service.address + "/simulator/api/cgi-bin/"

    async def stable(**changes: object) -> dict:
        async with service.http.post(base + "stable_token", data=to_json(good | changes)) as response:
            assert response.status == 200
            return await response.json(content_type=None)

    first = await stable()
    assert first["expires_in"] == 7200
    assert (await stable())["access_token"] == first["access_token"]
    assert (await stable(secret="x"))["errcode"] == 40125
    assert (await stable(appid="x"))["errcode"] == 40013
    assert (await stable(grant_type="x"))["errcode"] == 40002
    plain = await service.call("GET", "/simulator/api/cgi-bin/token", params=good)
    assert plain["access_token"] != first["access_token"]


async def test_refusals_are_200_with_a_request_id(service: Service) -> None:
    address = service.address + "/simulator/api/cgi-bin/message/custom/send"
    async with service.http.post(address, data=to_json(TEXT), params={"access_token": "x"}) as response:
        assert response.status == 200
        answer = await response.json(content_type=None)
    assert answer["errcode"] == 40001
    assert re.search(r"rid: [0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{8}$", answer["errmsg"])


async def test_service_message_reaches_the_chat(service: Service) -> None:
    send = "cgi-bin/message/custom/send"
    assert (await service.api(send, TEXT | {"touser": "o" * 28}))["errcode"] == 40003
    assert (await service.api(send, TEXT))["errcode"] == 45015
    await service.call("POST", "/simulator/say", json={"openid": ALICE, "text": "你好"})
    assert (await service.api(send, TEXT))["errcode"] == 0
    assert [entry.words for entry in chat(service)] == ["你好", "已受理"]
    assert (await service.api(send, TEXT | {"text": {"content": ""}}))["errcode"] == 44004
    assert (await service.api(send, TEXT | {"text": {"content": "长" * 683}}))["errcode"] == 45002
    assert (await service.api(send, TEXT | {"msgtype": "dance"}))["errcode"] == 40008


def chat(service: Service) -> list:
    return [SimpleNamespace(**entry.shown()) for entry in service.platform.transcript.of(ALICE)]


async def test_escaped_and_broken_json(service: Service) -> None:
    address = service.address + "/simulator/api/cgi-bin/message/custom/send"
    params = {"access_token": service.platform.tokens.stable()[0]}
    for body, expected in (
        (b'{"touser":"\\u4e2d"}', 40033),
        (b'{"touser":"\\\\u4e2d"}', 40003),
        (b"{", 47001),
        (b"[]", 47001),
        (b"", 44002),
    ):
        async with service.http.post(address, data=body, params=params) as response:
            assert (await response.json(content_type=None))["errcode"] == expected


async def test_msgmenu_can_be_clicked_and_counts_as_a_menu_click(service: Service) -> None:
    menu = {
        "head_content": "满意吗？",
        "list": [{"id": "5", "content": "满意"}, {"id": "1", "content": "不满意"}],
    }
    await service.call("POST", "/simulator/say", json={"openid": ALICE, "text": "你好"})
    body = {"touser": ALICE, "msgtype": "msgmenu", "msgmenu": menu}
    assert (await service.api("cgi-bin/message/custom/send", body))["errcode"] == 0
    assert chat(service)[-1].words == "满意吗？\n满意\n不满意"
    done = await service.call("POST", "/simulator/say", json={"openid": ALICE, "choose": "满意"})
    assert done["status"] == "silent"
    root = read(service.opened().encode())
    assert (child(root, "Content"), child(root, "bizmsgmenuid")) == ("满意", "5")
    assert service.platform.followers.allowance(ALICE) == 4 + 3


async def test_subscription_notice_and_its_event(service: Service) -> None:
    body = {
        "touser": ALICE,
        "template_id": "T",
        "page": "http://x/m",
        "data": {"thing1": {"value": "已转交"}},
    }
    send = "cgi-bin/message/subscribe/bizsend"
    assert (await service.api(send, body))["errcode"] == 43101
    await service.call("POST", "/simulator/consent", json={"openid": ALICE, "answer": "accept"})
    sent = await service.api(send, body)
    await service.courier.drain()
    assert chat(service)[-1].extra == {"title": "服务通知", "rows": [("内容", "已转交")], "url": "http://x/m"}
    item = read(service.opened().encode()).find("SubscribeMsgSentEvent/List")
    assert item is not None
    assert [item.findtext(name) for name in ("TemplateId", "MsgID", "ErrorStatus")] == [
        "T",
        str(sent["msgid"]),
        "success",
    ]
    bad = body | {"data": {"character_string9": {"value": "中文"}}}
    assert (
        "argument invalid! data.character_string9.value invalid rid:"
        in (await service.api(send, bad))["errmsg"]
    )


@pytest.mark.parametrize(("blocks", "status"), [(False, "success"), (True, "failed:user block")])
async def test_template_message_and_its_event(service: Service, blocks: bool, status: str) -> None:
    service.platform.followers.get(ALICE).blocks = blocks
    body = {"touser": ALICE, "template_id": "T", "data": {"keyword1": {"value": "x"}}, "client_msg_id": "1"}
    sent = await service.api("cgi-bin/message/template/send", body)
    again = await service.api("cgi-bin/message/template/send", body)
    await service.courier.drain()
    assert again["msgid"] == sent["msgid"]
    assert len(service.requests) == 1
    root = read(service.opened().encode())
    assert (child(root, "MsgID"), child(root, "Status")) == (str(sent["msgid"]), status)
    assert len(chat(service)) == (0 if blocks else 1)


async def test_media_go_up_and_come_down(service: Service) -> None:
    form = aiohttp.FormData()
    form.add_field("media", samples.photo(), filename="a.jpg", content_type="image/jpeg")
    address = service.address + "/simulator/api/cgi-bin/media/"
    token = service.platform.tokens.stable()[0]
    async with service.http.post(
        address + "upload", data=form, params={"access_token": token, "type": "image"}
    ) as response:
        kept = await response.json(content_type=None)
    assert kept["type"] == "image"
    params = {"access_token": token, "media_id": kept["media_id"]}
    async with service.http.get(address + "get", params=params) as response:
        assert response.content_type == "image/jpeg"
        assert await response.read() == samples.photo()
    assert (await service.api("cgi-bin/media/get", media_id="none"))["errcode"] == 40007


@pytest.mark.parametrize(("what", "start"), [("photo", b"\xff\xd8\xff"), ("voice", b"#!AMR\n")])
async def test_what_citizens_send_can_be_fetched(service: Service, what: str, start: bytes) -> None:
    await service.call("POST", "/simulator/say", json={"openid": ALICE, what: True})
    media_id = child(read(service.opened().encode()), "MediaId")
    params = {"access_token": service.platform.tokens.stable()[0], "media_id": media_id}
    async with service.http.get(
        service.address + "/simulator/api/cgi-bin/media/get", params=params
    ) as response:
        assert (await response.read()).startswith(start)


async def test_video_is_fetched_by_its_address(service: Service) -> None:
    await service.call("POST", "/simulator/say", json={"openid": ALICE, "video": True})
    media_id = child(read(service.opened().encode()), "MediaId")
    answer = await service.api("cgi-bin/media/get", media_id=media_id)
    async with service.http.get(answer["video_url"]) as response:
        assert await response.read() == samples.video()


async def test_menu(service: Service) -> None:
    menu = {"button": [{"type": "click", "name": "举报", "key": "report"}]}
    assert (await service.api("cgi-bin/menu/get"))["errcode"] == 46003
    assert (await service.api("cgi-bin/menu/create", menu))["errcode"] == 0
    assert (await service.api("cgi-bin/menu/get"))["menu"] == menu
    assert (await service.call("GET", "/simulator/menu")) == menu
    assert (await service.api("cgi-bin/menu/delete"))["errcode"] == 0


async def test_small_calls(service: Service) -> None:
    assert (await service.api("cgi-bin/getcallbackip"))["ip_list"] == ["127.0.0.1"]
    assert (await service.api("cgi-bin/callback/check", {"action": "all"}))["ping"]
    assert (await service.api("cgi-bin/user/info", openid=ALICE))["subscribe"] == 1
    quota = await service.api("cgi-bin/openapi/quota/get", {"cgi_path": "/cgi-bin/user/info"})
    assert (quota["quota"]["used"], quota["quota"]["daily_limit"]) == (1, 5_000_000)
    assert (await service.api("cgi-bin/clear_quota", {"appid": "wx0123456789abcdef"}))["errcode"] == 0


async def test_faults_on_demand(service: Service) -> None:
    faults = [{"path": "user/info", "errcode": -1, "times": 2}, {"path": "user/info", "status": 502}]
    await service.call("POST", "/simulator/faults", json={"calls": faults})
    for _ in range(2):
        assert (await service.api("cgi-bin/user/info", openid=ALICE))["errcode"] == -1
    params = {"access_token": service.platform.tokens.stable()[0], "openid": ALICE}
    address = service.address + "/simulator/api/cgi-bin/user/info"
    async with service.http.get(address, params=params) as response:
        assert response.status == 502
    assert (await service.api("cgi-bin/user/info", openid=ALICE))["subscribe"] == 1
    await service.call(
        "POST", "/simulator/faults", json={"calls": [{"path": "user/info", "status": 0, "times": None}]}
    )
    with pytest.raises(aiohttp.ClientError):
        await service.http.get(address, params=params)
    await service.call("POST", "/simulator/faults", json={"clear": True})
    await service.call("POST", "/simulator/faults", json={"tokens": "revoke"})
    assert (await service.call("GET", "/simulator/faults"))["calls"] == []
    async with service.http.get(address, params=params) as response:
        assert (await response.json(content_type=None))["errcode"] == 40001


async def test_lost_answer_after_the_effect(service: Service) -> None:
    await service.call("POST", "/simulator/say", json={"openid": ALICE, "text": "你好"})
    await service.call(
        "POST", "/simulator/faults", json={"calls": [{"path": "custom/send", "status": 0, "after": True}]}
    )
    with pytest.raises(aiohttp.ClientError):
        await service.api("cgi-bin/message/custom/send", TEXT)
    assert chat(service)[-1].words == "已受理"


async def test_authorisation_in_the_browser(service: Service) -> None:
    address = service.address + "/simulator/open/connect/oauth2/authorize"
    query = {
        "appid": "wx0123456789abcdef",
        "redirect_uri": "http://127.0.0.1/m/mine",
        "response_type": "code",
        "scope": "snsapi_base",
        "state": "abc1",
    }
    async with service.http.get(address, params=query) as page:
        assert "示例群众乙" in await page.text()
    async with service.http.get(address, params=query | {"state": "a b"}) as page:
        assert page.status == 400
    browse = {"openid": ALICE, "url": "http://127.0.0.1/"}
    async with service.http.get(
        service.address + "/simulator/browse", params=browse, allow_redirects=False
    ) as opened:
        cookies = {name: morsel.value for name, morsel in opened.cookies.items()}
    async with service.http.get(address, params=query, cookies=cookies, allow_redirects=False) as back:
        location = back.headers["Location"]
    code = location.split("code=")[1].split("&")[0]
    assert location == f"http://127.0.0.1/m/mine?code={code}&state=abc1"
    service.platform.oauth.snapshot = True
    params = {"appid": query["appid"], "secret": "secret", "grant_type": "authorization_code", "code": code}
    answer = await service.call("GET", "/simulator/api/sns/oauth2/access_token", params=params)
    assert (answer["openid"], answer["is_snapshotuser"]) == (ALICE, 1)
