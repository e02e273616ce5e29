from datetime import UTC, datetime

import pytest

from bot.message import Kind
from bot.wechat.parse import parse
from tests.unit.wechat import callbacks as made

MESSAGES = {
    "text": (
        "<Content><![CDATA[ 第一行\n  第二行[微笑]😀 ]]></Content>",
        Kind.TEXT,
        {"text": "第一行\n  第二行[微笑]😀"},
        {},
    ),
    "image": (
        "<PicUrl><![CDATA[http://mmbiz.qpic.cn/a]]></PicUrl><MediaId><![CDATA[M1]]></MediaId>",
        Kind.IMAGE,
        {"media_id": "M1"},
        {"pic_url": "http://mmbiz.qpic.cn/a"},
    ),
    "voice": (
        "<MediaId>M2</MediaId><Format>amr</Format><Recognition></Recognition>",
        Kind.VOICE,
        {"media_id": "M2"},
        {"format": "amr"},
    ),
    "video": (
        "<MediaId>M3</MediaId><ThumbMediaId>T3</ThumbMediaId>",
        Kind.VIDEO,
        {"media_id": "M3", "thumb_media_id": "T3"},
        {},
    ),
    "shortvideo": (
        "<MediaId>M4</MediaId><ThumbMediaId>T4</ThumbMediaId>",
        Kind.VIDEO,
        {"media_id": "M4", "thumb_media_id": "T4"},
        {},
    ),
    "location": (
        "<Location_X>35.3026</Location_X><Location_Y>113.9268</Location_Y><Scale>15</Scale><Label>示例路1号</Label>",
        Kind.LOCATION,
        {},
        {"latitude": 35.3026, "longitude": 113.9268, "scale": "15", "label": "示例路1号"},
    ),
    "link": (
        "<Title>标题</Title><Description>说明</Description><Url>https://example.com/?a=1&amp;b=2</Url>",
        Kind.LINK,
        {},
        {"title": "标题", "description": "说明", "url": "https://example.com/?a=1&b=2"},
    ),
    "file": (
        "<Title>合同.pdf</Title><Description></Description><FileKey>k</FileKey><FileMd5>m</FileMd5>"
        "<FileTotalLen>1024</FileTotalLen>",
        Kind.FILE,
        {"media_id": ""},
        {"file_name": "合同.pdf", "file_key": "k", "file_md5": "m", "file_total_len": "1024"},
    ),
    "miniprogrampage": (
        "<AppId>wx1</AppId><PagePath>p</PagePath>",
        Kind.UNKNOWN,
        {},
        {"app_id": "wx1", "page_path": "p"},
    ),
    "hologram": ("<Shape>cube</Shape>", Kind.UNKNOWN, {}, {"shape": "cube"}),
}


@pytest.mark.parametrize("msg_type", MESSAGES)
def test_every_message_type(msg_type):
    inner, kind, attributes, facts = MESSAGES[msg_type]
    inbound = parse(made.xml(inner + "<MsgId>7</MsgId>", msg_type=msg_type))
    assert (inbound.kind, inbound.msg_type, inbound.event) == (kind, msg_type, "")
    assert (inbound.openid, inbound.account) == (made.OPENID, made.ACCOUNT)
    assert inbound.sent_at == datetime.fromtimestamp(1790000000, UTC)
    assert {name: getattr(inbound, name) for name in attributes} == attributes
    assert dict(inbound.facts) == facts | {"msg_id": "7"}


SENT = (
    "<TemplateId>T{0}</TemplateId><MsgID>17{0}</MsgID>"
    "<ErrorCode>0</ErrorCode><ErrorStatus>success</ErrorStatus>"
)
CHOICE = "<TemplateId>T{0}</TemplateId><SubscribeStatusString>{1}</SubscribeStatusString>"
EVENTS = [
    ("subscribe", "", {}),
    ("subscribe", "<EventKey></EventKey>", {}),
    (
        "subscribe",
        "<EventKey>qrscene_12</EventKey><Ticket>TT</Ticket>",
        {"event_key": "qrscene_12", "scene": "12", "ticket": "TT"},
    ),
    ("subscribe", "<EventKey>last_trade_no_4</EventKey>", {"event_key": "last_trade_no_4"}),
    ("unsubscribe", "<EventKey/>", {}),
    (
        "SCAN",
        "<EventKey>12</EventKey><Ticket>TT</Ticket>",
        {"event_key": "12", "scene": "12", "ticket": "TT"},
    ),
    (
        "LOCATION",
        "<Latitude>23.1</Latitude><Longitude>113.3</Longitude><Precision>119.4</Precision>",
        {"latitude": 23.1, "longitude": 113.3, "precision": 119.4},
    ),
    ("CLICK", "<EventKey>progress</EventKey>", {"event_key": "progress"}),
    (
        "VIEW",
        "<EventKey>https://e.cn/m</EventKey><MenuId>99</MenuId>",
        {"event_key": "https://e.cn/m", "button_menu_id": "99"},
    ),
    (
        "view_miniprogram",
        "<EventKey>pages/a</EventKey><MenuId>99</MenuId>",
        {"event_key": "pages/a", "button_menu_id": "99"},
    ),
    (
        "scancode_waitmsg",
        "<EventKey>k</EventKey><ScanCodeInfo><ScanType>qrcode</ScanType><ScanResult>1</ScanResult></ScanCodeInfo>",
        {"event_key": "k", "scan_type": "qrcode", "scan_result": "1"},
    ),
    (
        "pic_sysphoto",
        "<EventKey>k</EventKey><SendPicsInfo><Count>1</Count><PicList><item><PicMd5Sum>a</PicMd5Sum></item>"
        "</PicList></SendPicsInfo>",
        {"event_key": "k", "items": ({"md5": "a"},)},
    ),
    (
        "pic_photo_or_album",
        "<SendPicsInfo><PicList><item><PicMd5Sum>a</PicMd5Sum></item><item><PicMd5Sum>b</PicMd5Sum></item>"
        "</PicList></SendPicsInfo>",
        {"items": ({"md5": "a"}, {"md5": "b"})},
    ),
    ("pic_weixin", "<SendPicsInfo><Count>0</Count><PicList/></SendPicsInfo>", {"items": ()}),
    (
        "location_select",
        "<EventKey>k</EventKey><SendLocationInfo><Location_X>35.3</Location_X><Location_Y>113.9</Location_Y>"
        "<Scale>15</Scale><Label>示例路</Label><Poiname></Poiname></SendLocationInfo>",
        {"event_key": "k", "latitude": 35.3, "longitude": 113.9, "scale": "15", "label": "示例路"},
    ),
    (
        "TEMPLATESENDJOBFINISH",
        "<MsgID>200163836</MsgID><Status>failed:user block</Status>",
        {"msg_id": "200163836", "status": "failed:user block"},
    ),
    (
        "subscribe_msg_popup_event",
        f"<SubscribeMsgPopupEvent><List>{CHOICE.format(1, 'accept')}<PopupScene>2</PopupScene></List>"
        f"<List>{CHOICE.format(2, 'reject')}<PopupScene>1</PopupScene></List></SubscribeMsgPopupEvent>",
        {
            "items": (
                {"template_id": "T1", "status": "accept", "popup_scene": "2"},
                {"template_id": "T2", "status": "reject", "popup_scene": "1"},
            )
        },
    ),
    (
        "subscribe_msg_change_event",
        f"<SubscribeMsgChangeEvent><List>{CHOICE.format(1, 'reject')}</List></SubscribeMsgChangeEvent>",
        {"items": ({"template_id": "T1", "status": "reject"},)},
    ),
    (
        "subscribe_msg_sent_event",
        f"<SubscribeMsgSentEvent><List>{SENT.format(1)}</List></SubscribeMsgSentEvent>",
        {"items": ({"template_id": "T1", "msg_id": "171", "error_code": "0", "error_status": "success"},)},
    ),
    ("kf_create_session", "<KfAccount>a@b</KfAccount>", {"kf_account": "a@b"}),
    (
        "MASSSENDJOBFINISH",
        "<MsgID>1</MsgID><Status>send success</Status><SentCount>75</SentCount>",
        {"msg_id": "1", "status": "send success", "sent_count": "75"},
    ),
    (
        "PUBLISHJOBFINISH",
        "<PublishEventInfo><publish_id>2</publish_id></PublishEventInfo>",
        {"publish_event_info": {"publish_id": "2"}},
    ),
    ("verify_expired", "<ExpiredTime>1790000000</ExpiredTime>", {"expired_time": "1790000000"}),
]


@pytest.mark.parametrize(("name", "inner", "facts"), EVENTS)
def test_every_event(name, inner, facts):
    inbound = parse(made.event(name, inner))
    assert (inbound.kind, inbound.event, inbound.msg_type) == (Kind.EVENT, name.lower(), "event")
    assert {fact: value for fact, value in inbound.facts.items() if value != ""} == facts


@pytest.mark.parametrize(
    "name", ["user_info_modified", "user_authorization_revoke", "user_authorization_cancellation"]
)
def test_news_about_a_persons_consent_belong_to_that_person(name):
    inner = "<OpenID>oPERSON</OpenID><UnionID>u</UnionID><AppID>wx1</AppID><RevokeInfo>205</RevokeInfo>"
    inbound = parse(made.event(name, inner, sender="weixin_platform"))
    assert (inbound.kind, inbound.openid) == (Kind.EVENT, "oPERSON")
    assert inbound.facts["revoke_info"] == "205"
    other = parse(made.event(name, inner.replace("oPERSON", "oOTHER"), sender="weixin_platform"))
    assert inbound.key != other.key


@pytest.mark.parametrize(
    "inner", ["<Event>teleported</Event><To>moon</To>", "<Event/>", "", "<Event><a/></Event>"]
)
def test_an_event_nobody_knows_is_kept_not_raised(inner):
    inbound = parse(made.xml(inner, msg_type="event"))
    assert inbound.kind is Kind.UNKNOWN
    assert inbound.openid == made.OPENID


def test_a_menu_choice_in_the_text_says_which():
    assert (
        parse(made.xml("<Content>满意</Content><bizmsgmenuid>101</bizmsgmenuid>")).facts["menu_id"] == "101"
    )


def test_numbers_that_are_none_are_left_out():
    assert "latitude" not in parse(made.event("LOCATION", "<Latitude>nan</Latitude>")).facts


def test_a_redelivery_has_the_same_key_and_nothing_else_has():
    distinct = [
        made.text("a", "1"),
        made.text("a", "2"),
        made.xml("<Content>a</Content><MsgId>1</MsgId>", sender="oOTHER"),
        made.xml("<Content>a</Content><MsgId>1</MsgId>", created=1790000001),
        made.xml("<Content>a</Content>"),
        made.xml("<Content>b</Content>"),
        made.event("CLICK", "<EventKey>help</EventKey>"),
        made.event("CLICK", "<EventKey>progress</EventKey>"),
        made.event("unsubscribe"),
        made.event("unsubscribe", created=1790000001),
        made.event("TEMPLATESENDJOBFINISH", "<MsgID>1</MsgID><Status>success</Status>"),
        made.event("TEMPLATESENDJOBFINISH", "<MsgID>2</MsgID><Status>success</Status>"),
    ]
    keys = [parse(xml).key for xml in distinct]
    assert len(set(keys)) == len(distinct)
    assert keys == [
        parse(xml.replace("<MsgType>", "\n <MsgType>") if "MsgI" in xml else xml).key for xml in distinct
    ]
    assert not any(made.OPENID in key for key in keys)
