"""Every message and event of the platform is taken, kept and acknowledged; also those that nobody knows."""

import pytest

from bot.simulator import drafts
from bot.simulator.deliver import Status
from bot.simulator.drafts import Draft
from tests.support.service import APP_ID

from .conftest import ME, Door

MESSAGES = {
    "text": (drafts.text(ME, "帮助"), "直接说事就行"),
    "image": (drafts.image(ME, "m1", "http://example.com/p"), "收到照片"),
    "voice": (drafts.voice(ME, "m1"), "收到语音"),
    "video": (drafts.video(ME, "m1", "t1"), "收到视频"),
    "shortvideo": (drafts.video(ME, "m1", "t1", short=True), "收到视频"),
    "location": (drafts.location(ME, 35.3, 113.9, "示例路"), "收到位置"),
    "link": (drafts.link(ME, "标题", "说明", "https://example.com"), "收到链接"),
    "file": (drafts.file(ME, "材料.pdf", b"%PDF-1.4"), "收到文件"),
    "miniprogrampage": (Draft(ME, "miniprogrampage", {"Title": "页", "AppId": "wx1"}), "这种消息我还看不了"),
    "unheard of": (Draft(ME, "hologram", {"Anything": "x"}), "这种消息我还看不了"),
}
ANSWERED = {
    "subscribe": (drafts.subscribe(ME), "这里是新乡市"),
    "subscribe by code": (drafts.subscribe(ME, scene="7"), "这里是新乡市"),
    "SCAN": (drafts.scan(ME, "7"), "您好"),
    "CLICK": (drafts.click(ME, "help"), "直接说事就行"),
}
SILENT = {
    "CLICK of no key": drafts.click(ME, "no such key"),
    "VIEW": drafts.view(ME, "https://example.com"),
    "LOCATION": drafts.reported_location(ME, 35.3, 113.9),
    "view_miniprogram": drafts.event(ME, "view_miniprogram", EventKey="pages/a", MenuId="1"),
    "scancode_push": drafts.event(
        ME, "scancode_push", EventKey="k", ScanCodeInfo={"ScanType": "qrcode", "ScanResult": "1"}
    ),
    "scancode_waitmsg": drafts.event(
        ME, "scancode_waitmsg", EventKey="k", ScanCodeInfo={"ScanType": "qrcode", "ScanResult": "1"}
    ),
    "pic_sysphoto": drafts.event(
        ME, "pic_sysphoto", EventKey="k", SendPicsInfo={"Count": 1, "PicList": {"item": [{"PicMd5Sum": "a"}]}}
    ),
    "pic_photo_or_album": drafts.event(ME, "pic_photo_or_album", EventKey="k", SendPicsInfo={"Count": 0}),
    "pic_weixin": drafts.event(ME, "pic_weixin", EventKey="k", SendPicsInfo={"Count": 0, "PicList": ""}),
    "location_select": drafts.event(
        ME, "location_select", EventKey="k", SendLocationInfo={"Location_X": "35.3", "Location_Y": "113.9"}
    ),
    "TEMPLATESENDJOBFINISH": drafts.template_finished(ME, 1),
    "TEMPLATESENDJOBFINISH blocked": drafts.template_finished(ME, 1, "failed:user block"),
    "subscribe_msg_popup_event": drafts.subscribe_popup(ME, {"a": "accept", "b": "reject"}),
    "subscribe_msg_change_event": drafts.subscribe_changed(ME, ["a"]),
    "subscribe_msg_sent_event": drafts.subscribe_sent(ME, "a", 1),
    "user_info_modified": drafts.authorization(ME, "user_info_modified", APP_ID, revoked="205"),
    "user_authorization_revoke": drafts.authorization(ME, "user_authorization_revoke", APP_ID, revoked="201"),
    "user_authorization_cancellation": drafts.authorization(ME, "user_authorization_cancellation", APP_ID),
    "kf_create_session": drafts.event(ME, "kf_create_session", KfAccount="a@b"),
    "kf_close_session": drafts.event(ME, "kf_close_session", KfAccount="a@b"),
    "kf_switch_session": drafts.event(ME, "kf_switch_session", FromKfAccount="a@b", ToKfAccount="c@d"),
    "MASSSENDJOBFINISH": drafts.event(ME, "MASSSENDJOBFINISH", MsgID=1, Status="send success"),
    "PUBLISHJOBFINISH": drafts.event(ME, "PUBLISHJOBFINISH", PublishEventInfo={"publish_id": "1"}),
    "wxa_media_check": drafts.event(ME, "wxa_media_check", trace_id="x"),
    "qualification_verify_success": drafts.event(ME, "qualification_verify_success", ExpiredTime=1),
    "qualification_verify_fail": drafts.event(ME, "qualification_verify_fail", FailTime=1, FailReason="x"),
    "naming_verify_success": drafts.event(ME, "naming_verify_success", ExpiredTime=1),
    "naming_verify_fail": drafts.event(ME, "naming_verify_fail", FailTime=1, FailReason="x"),
    "annual_renew": drafts.event(ME, "annual_renew", ExpiredTime=1),
    "verify_expired": drafts.event(ME, "verify_expired", ExpiredTime=1),
    "unheard of": drafts.event(ME, "moon_landing", Crew=3),
    "no name": drafts.event(ME, ""),
    "unsubscribe": drafts.unsubscribe(ME),
}


@pytest.mark.parametrize("name", [*MESSAGES, *ANSWERED])
async def test_what_the_citizen_waits_for_is_answered(door: Door, name: str) -> None:
    draft, words = (MESSAGES | ANSWERED)[name]
    delivery = await door.push(draft)
    assert delivery.status is Status.REPLIED
    assert words in (delivery.reply_text or "")
    assert [row.wire for row in await door.inbox()] == ["reply"]


async def test_every_other_event_is_kept_and_acknowledged(door: Door) -> None:
    for count, (name, draft) in enumerate(SILENT.items(), 1):
        delivery = await door.push(draft)
        assert (delivery.status, delivery.raw) == (Status.SILENT, "success"), name
        rows = await door.inbox()
        assert len(rows) == count, name
        assert rows[-1].done_at is not None, name
        assert rows[-1].kind == draft.event.lower() or not draft.event, name


async def test_events_grant_no_allowance_but_clicks_and_following(door: Door) -> None:
    await door.push(drafts.event(ME, "moon_landing"))
    await door.push(drafts.view(ME, "https://example.com"))
    assert await left(door) == (0, 0)
    await door.push(drafts.click(ME, "help"))
    assert await left(door) == (0, 3)
    await door.say("帮助")
    assert await left(door) == (5, 3)


async def left(door: Door) -> tuple[int, int]:
    """Customer-service messages left: by messages, by clicks."""
    reporter = (await door.inbox())[0].reporter_id
    async with door.process.database.read() as unit:
        row = await unit.conversations.get(reporter)
    assert row is not None
    return row.message_left, row.click_left
