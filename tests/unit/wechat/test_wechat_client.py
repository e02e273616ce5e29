import asyncio
import json
import traceback

import aiohttp
import pytest
from aiohttp import web

from bot.wechat.client import WeChatClient
from bot.wechat.errors import ApiAway, ApiRefused, ErrorClass, MediaRefused, classify
from bot.wechat.media import acceptable, checked, fetch_public
from bot.wechat.oauth import authorize_url
from bot.wechat.token import TokenUnavailable
from bot.wechat.transport import Transport

SEND = "/cgi-bin/message/custom/send"
PICTURE = b"\xff\xd8\xff" + bytes(200_000)


async def read(client: WeChatClient, max_bytes: int = 1_000_000) -> bytes:
    async with client.download_media("M1", max_bytes=max_bytes) as media:
        return b"".join([chunk async for chunk in media.chunks])


async def test_a_text_goes_out_as_raw_utf8(client, platform):
    await client.send_text("oA", "您好😀\x00\ud800")
    path, query, body = platform.calls[0]
    assert (path, query) == (SEND, {"access_token": platform.token})
    assert body.decode() == '{"touser":"oA","msgtype":"text","text":{"content":"您好😀"}}'


async def test_notices_carry_what_the_platform_wants(client, platform):
    data = {"thing1": {"value": "示例"}}
    platform.answers["/cgi-bin/message/template/send"] = lambda _: {"errcode": 0, "msgid": 200228332}
    assert await client.send_template("oA", "T1", "https://e.cn/m", data, "case-1") == "200228332"
    await client.send_subscribe("oA", "T2", "https://e.cn/m", data)
    await client.typing("oA")
    await client.create_menu({"button": []})
    template, subscribe, typing, menu = (json.loads(body) for _, _, body in platform.calls)
    assert template == {
        "touser": "oA",
        "template_id": "T1",
        "data": data,
        "client_msg_id": "case-1",
        "url": "https://e.cn/m",
    }
    assert subscribe == {"touser": "oA", "template_id": "T2", "data": data, "page": "https://e.cn/m"}
    assert typing == {"touser": "oA", "command": "Typing"}
    assert menu == {"button": []}


async def test_a_refused_token_is_replaced_once_and_the_call_repeated_once(client, platform):
    await client.send_text("oA", "一")
    platform.token_number += 1
    await client.send_text("oA", "二")
    assert len(platform.token_requests) == 2
    assert [query["access_token"][:7] for _, query, _ in platform.calls] == ["TOKEN-1", "TOKEN-1", "TOKEN-2"]


async def test_a_call_refused_for_ever_costs_two_calls_not_a_storm(client, platform):
    platform.answers[SEND] = lambda _: {"errcode": 42001, "errmsg": "access_token expired"}
    for _ in range(20):
        with pytest.raises((ApiRefused, TokenUnavailable)):
            await client.send_text("oA", "一")
    assert len(platform.token_requests) <= 6
    assert len(platform.calls) <= 40


@pytest.mark.parametrize(
    ("errcode", "error_class"),
    [
        (-1, "transient"),
        (45015, "user_state"),
        (43101, "user_state"),
        (47003, "request"),
        (45009, "quota"),
        (48001, "config"),
        (99999, "request"),
    ],
)
async def test_a_refusal_says_its_class_and_is_not_repeated(client, platform, errcode, error_class):
    rid = "6543abcd-1234abcd-0000ffff"
    platform.answers[SEND] = lambda _: {
        "errcode": errcode,
        "errmsg": f"no, oAAAAAAAAAAAAAAAAAAAAAAAAAAA rid: {rid}",
    }
    with pytest.raises(ApiRefused) as caught:
        await client.send_text("oA", "一")
    assert (caught.value.errcode, caught.value.error_class, caught.value.rid) == (errcode, error_class, rid)
    assert "oAAAA" not in str(caught.value)
    assert len(platform.calls) == 1


@pytest.mark.parametrize(
    ("answer", "reason", "sent"),
    [
        (lambda _: web.Response(status=502, text="bad gateway"), "http_status", True),
        (lambda _: web.Response(status=403, text="no"), "http_status", False),
        (
            lambda _: web.Response(status=302, headers={"Location": "http://127.0.0.1:1/"}),
            "http_status",
            False,
        ),
        (lambda _: web.Response(text="<html>"), "not_json", True),
        (lambda _: web.Response(text="[1]"), "not_json", True),
        (lambda _: web.Response(text="[" * 100_000), "not_json", True),
        (lambda _: web.Response(text='{"errcode":"many"}'), "not_json", True),
        (lambda _: web.Response(body=b" " * 2_000_000), "too_large", True),
    ],
)
async def test_answers_that_mean_nothing_are_one_exception(client, platform, answer, reason, sent):
    platform.answers[SEND] = answer
    with pytest.raises(ApiAway) as caught:
        await client.send_text("oA", "一")
    assert (caught.value.reason, caught.value.sent) == (reason, sent)


async def test_secrets_and_openids_show_in_no_traceback(client, platform, session, manager):
    tokens = manager()
    token = await tokens.get()
    away = WeChatClient("http://127.0.0.1:9", "wx1", "s3cr3t-value", session, tokens)
    platform.answers[SEND] = lambda _: {
        "errcode": 40013,
        "errmsg": f"access_token={token}&secret=s3cr3t-value bad",
    }
    for broken in (away, client):
        for call in (broken.send_text("oSOMEBODY", "机密"), broken.exchange_code("c0de-value")):
            with pytest.raises((ApiAway, ApiRefused)) as caught:
                await call
            shown = "".join(traceback.format_exception(caught.value)) + repr(broken)
            assert not any(
                word in shown for word in (token, "s3cr3t-value", "oSOMEBODY", "机密", "c0de-value")
            )
    with pytest.raises(ApiAway) as refused:
        await away.send_text("oA", "一")
    assert (refused.value.reason, refused.value.sent) == ("unreachable", False)


async def test_an_upload_repeated_after_a_refused_token_sends_the_whole_file(client, platform):
    await client.callback_ips()
    platform.token_number += 1
    platform.answers["/cgi-bin/media/upload"] = lambda _: {"media_id": "M9", "type": "image"}
    assert await client.upload_media("image", PICTURE, "照片.jpg", "image/jpeg") == "M9"
    sizes = [len(body) for path, _, body in platform.calls if path == "/cgi-bin/media/upload"]
    assert len(sizes) == 2
    assert min(sizes) > len(PICTURE)


async def test_callback_addresses(client, platform):
    platform.answers["/cgi-bin/getcallbackip"] = lambda _: {"ip_list": ["101.226.103.0/25"]}
    assert await client.callback_ips() == ("101.226.103.0/25",)


async def test_a_picture_is_streamed_and_capped(client, platform):
    platform.answers["/cgi-bin/media/get"] = lambda _: web.Response(body=PICTURE, content_type="image/jpeg")
    assert await read(client) == PICTURE
    with pytest.raises(MediaRefused, match="too_large"):
        await read(client, max_bytes=1000)


async def test_the_cap_holds_without_an_announced_length(client, platform):
    async def endless(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "video/mp4"})
        response.enable_chunked_encoding()
        await response.prepare(request)
        for _ in range(10):
            await response.write(bytes(100_000))
        return response

    platform.answers["/cgi-bin/media/get"] = endless
    with pytest.raises(MediaRefused, match="too_large"):
        await read(client, max_bytes=300_000)


@pytest.mark.parametrize("content_type", ["application/json", "text/plain"])
async def test_a_media_error_comes_as_words_with_status_200(client, platform, content_type):
    words = '{"errcode":40007,"errmsg":"invalid media_id"}'
    platform.answers["/cgi-bin/media/get"] = lambda _: web.Response(text=words, content_type=content_type)
    with pytest.raises(ApiRefused, match="40007"):
        await read(client)
    platform.answers["/cgi-bin/media/get"] = lambda _: {"surprise": 1}
    with pytest.raises(MediaRefused, match="not_media"):
        await read(client)


async def test_a_picture_survives_a_refused_token(client, platform):
    platform.answers["/cgi-bin/media/get"] = lambda _: web.Response(body=PICTURE, content_type="image/jpeg")
    await client.callback_ips()
    platform.token_number += 1
    assert await read(client) == PICTURE


async def test_a_video_of_the_simulator_is_fetched_from_loopback(client, platform, api_url):
    platform.answers["/cgi-bin/media/get"] = lambda _: {"video_url": f"{api_url}/moved"}
    platform.answers["/moved"] = lambda _: web.Response(status=302, headers={"Location": "/film"})
    platform.answers["/film"] = lambda _: web.Response(body=PICTURE, content_type="video/mp4")
    assert await read(client) == PICTURE
    platform.answers["/film"] = lambda _: web.Response(
        status=302, headers={"Location": "http://169.254.1.1/"}
    )
    with pytest.raises(MediaRefused, match="bad_address"):
        await read(client)


PRIVATE = [
    "http://127.0.0.1/",
    "http://localhost/",
    "http://[::1]/",
    "http://127.1/",
    "http://2130706433/",
    "http://0x7f.1/",
    "http://127。0。0。1/",
    "http://１２７.0.0.1/",
    "http://[::ffff:10.0.0.1]/",
    "http://169.254.169.254/latest",
    "http://0.0.0.0/",
    "http://10.1.2.3/",
    "http://[64:ff9b::7f00:1]/",
    "http://224.0.0.1/",
    "ftp://example.com/",
    "file:///etc/passwd",
    "http://",
    "http://user@8.8.8.8/",
    "http://8.8.8.8:22/",
    "http://[::1",
    "//8.8.8.8/",
]


@pytest.mark.parametrize("url", PRIVATE)
async def test_a_video_is_fetched_from_public_addresses_only(url):
    with pytest.raises(MediaRefused, match="bad_address"):
        async with fetch_public(url, 1000, allow_loopback=False):
            pass


def test_public_addresses_are_fine():
    assert acceptable("8.8.8.8", allow_loopback=False)
    assert acceptable("2400:3200::1", allow_loopback=False)
    assert not acceptable("10.0.0.1", allow_loopback=True)
    assert checked("https://example.com/a", allow_loopback=False).host == "example.com"


async def test_a_web_visitor_signs_in(client, platform):
    platform.answers["/sns/oauth2/access_token"] = lambda _: {
        "openid": "oA",
        "scope": "snsapi_base",
        "is_snapshotuser": 1,
    }
    person = await client.exchange_code("C0DE")
    assert (person.openid, person.is_snapshot) == ("oA", True)
    query = {"appid": "wx1", "secret": "s3cr3t-value", "code": "C0DE", "grant_type": "authorization_code"}
    assert platform.calls[-1][1] == query
    platform.answers["/sns/oauth2/access_token"] = lambda _: {"errcode": 40163, "errmsg": "code been used"}
    with pytest.raises(ApiRefused) as caught:
        await client.exchange_code("C0DE")
    assert caught.value.error_class is ErrorClass.OAUTH


def test_the_authorisation_address_has_its_parameters_in_order():
    url = authorize_url("https://open.weixin.qq.com/", "wx1", "https://e.cn/m/in?next=/a&b=c", "abc123")
    assert url == (
        "https://open.weixin.qq.com/connect/oauth2/authorize?appid=wx1"
        "&redirect_uri=https%3A%2F%2Fe.cn%2Fm%2Fin%3Fnext%3D%2Fa%26b%3Dc&response_type=code&scope=snsapi_base"
        "&state=abc123#wechat_redirect"
    )
    for state in ("", "a&b#c", "a" * 129):
        with pytest.raises(ValueError):
            authorize_url("https://open.weixin.qq.com", "wx1", "https://e.cn", state)


def test_every_code_of_the_table_has_one_class():
    assert classify(40001) is ErrorClass.TOKEN
    assert classify(40003) is ErrorClass.USER_STATE
    assert {classify(code) for code in (40029, 40163, 42003)} == {ErrorClass.OAUTH}


async def test_a_line_that_breaks_leaves_open_whether_it_was_sent(client, platform):
    def hang_up(request: web.Request) -> web.Response:
        assert request.transport
        request.transport.close()
        return web.Response()

    platform.answers[SEND] = hang_up
    with pytest.raises(ApiAway) as caught:
        await client.send_text("oA", "一")
    assert (caught.value.reason, caught.value.sent) == ("broken_off", True)


async def test_a_platform_that_says_nothing_is_left_in_time(platform, api_url, session):
    released = asyncio.Event()

    async def silent(_: web.Request) -> web.StreamResponse:
        await released.wait()
        return web.Response()

    platform.answers["/slow"] = silent
    with pytest.raises(ApiAway) as caught:
        await Transport(api_url, session).post("/slow", {}, {}, limit=aiohttp.ClientTimeout(total=0.05))
    released.set()
    assert (caught.value.reason, caught.value.sent) == ("timeout", True)
