"""Ten thousand bodies nobody should send: one exception type comes out, soon."""

import random
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.message import Inbound
from bot.wechat.crypto import CallbackGuard
from bot.wechat.parse import parse
from bot.wechat.rejection import CallbackRejected
from tests.unit.wechat import callbacks as made

PLAIN = CallbackGuard(made.TOKEN, made.APP_ID)
SAFE = CallbackGuard(made.TOKEN, made.APP_ID, made.KEY, made.OLD_KEY)
VALID = [
    made.text("你好 😀 ]]&gt;"),
    made.xml("<PicUrl>http://x</PicUrl><MediaId>m</MediaId><MsgId>1</MsgId>", msg_type="image"),
    made.event("subscribe", "<EventKey>qrscene_1</EventKey><Ticket>t</Ticket>"),
    made.event(
        "subscribe_msg_popup_event",
        "<SubscribeMsgPopupEvent><List><TemplateId>t</TemplateId></List></SubscribeMsgPopupEvent>",
    ),
    made.event(
        "pic_weixin",
        "<SendPicsInfo><Count>1</Count><PicList><item><PicMd5Sum>a</PicMd5Sum></item></PicList></SendPicsInfo>",
    ),
]
PIECES = [
    b"<Event/>",
    b"<EventKey><a>1</a></EventKey>",
    b"<MsgType><b/></MsgType>",
    b"<Content a='1'>x</Content>",
    b"<Content>1</Content><Content>2</Content>",
    b"<CreateTime>1</CreateTime>",
    b"<Location_X>nan</Location_X>",
    b"<SendLocationInfo>1</SendLocationInfo>",
    b"<SendPicsInfo/>",
    b"<x:y xmlns:x='u'/>",
    *(b"<List>", b"</List>", b"]]>", b"<![CDATA[", b"&#0;", b"&amp;", b"<!DOCTYPE x>", b"<!-- c -->"),
    *(b"<?pi?>", b"<MsgId></MsgId>", b"\x00", b"\xff"),
]
ODD_NAMES = ["Event", "EventKey", "Content", "SendPicsInfo", "List", "MediaId", "SubscribeMsgSentEvent"]
ODD_VALUES = ["", "x", "<a/>", "<List/>", "<PicList/>", "<item>1</item><item/>", "&lt;"]


def survives(guard: CallbackGuard, query: dict[str, str], body: bytes) -> bool:
    """Whether the body was a message after all."""
    try:
        inbound = parse(guard.open(query, body).xml)
    except CallbackRejected as refusal:
        assert 400 <= refusal.status < 500  # noqa: PT017
        return False
    assert isinstance(inbound, Inbound)
    assert inbound.openid
    assert inbound.key
    return True


def mutated(rng: random.Random) -> bytes:
    body = bytearray(rng.choice(VALID).encode())
    for _ in range(rng.choice([1, 1, 1, 2, 4])):
        at = rng.choice([rng.randrange(len(body) + 1), len(body) - len("</xml>")])
        match rng.choice([0, 0, 0, 1, 2, 3]):
            case 0:
                body[at:at] = rng.choice(PIECES)
            case 1:
                del body[at : at + rng.randint(1, 30)]
            case 2:
                body[at : at + 1] = rng.randbytes(1)
            case _:
                start = rng.randrange(len(body) + 1)
                body[at:at] = body[start : start + 60]
    return bytes(body)


def test_ten_thousand_mutations_raise_one_exception_and_quickly():
    rng = random.Random(20261123)
    began = time.process_time()
    messages = 0
    for turn in range(10_000):
        body = mutated(rng)
        if turn % 5 == 0:
            sealed = made.encrypt(body)
            messages += survives(SAFE, made.query(sealed), made.safe_body(sealed))
        else:
            messages += survives(PLAIN, made.query(), body)
    assert 1000 < messages < 9000  # both ways out are walked
    assert time.process_time() - began < 30


@settings(max_examples=300, deadline=1000, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.binary(max_size=400) | st.text(max_size=200).map(lambda text: text.encode("utf-8", "surrogatepass"))
)
def test_random_bytes(body):
    survives(PLAIN, made.query(), body)
    survives(SAFE, made.query("x"), body)


@settings(max_examples=300, deadline=1000)
@given(st.dictionaries(st.sampled_from(ODD_NAMES), st.sampled_from(ODD_VALUES)))
@pytest.mark.parametrize("msg_type", ["text", "event", "device_event", "新类型"])
def test_well_formed_oddities_are_messages(msg_type, parts):
    inner = "".join(f"<{name}>{value}</{name}>" for name, value in parts.items())
    assert (
        parse(PLAIN.open(made.query(), made.xml(inner, msg_type=msg_type).encode()).xml).openid == made.OPENID
    )


@pytest.mark.parametrize(
    "body", [b"<a>" * 200_000, b"<xml>" + b"<a>" * 21_000, b"x" * 1_000_000, b"<" * 65_000]
)
def test_deep_and_large_bodies_are_refused_in_no_time(body):
    began = time.process_time()
    with pytest.raises(CallbackRejected):
        PLAIN.open(made.query(), body)
    assert time.process_time() - began < 0.1
