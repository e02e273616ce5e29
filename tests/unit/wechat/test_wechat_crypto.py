import json
from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree

import pytest

from bot.wechat.crypto import AesBox, CallbackGuard
from bot.wechat.rejection import CallbackRejected
from tests.unit.wechat import callbacks as made

VECTORS = json.loads(Path(__file__).with_name("vectors.json").read_text(encoding="utf-8"))
NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
SAFE = CallbackGuard(made.TOKEN, made.APP_ID, made.KEY, made.OLD_KEY)
PLAIN = CallbackGuard(made.TOKEN, made.APP_ID)


def refusal(guard: CallbackGuard, query: dict[str, str], body: bytes) -> str:
    with pytest.raises(CallbackRejected) as caught:
        guard.open(query, body)
    assert 400 <= caught.value.status < 500
    return caught.value.reason


@pytest.mark.parametrize("vector", VECTORS["url_signature"], ids=lambda vector: vector["nonce"])
def test_tencents_signatures_are_accepted_and_the_echo_returned_verbatim(vector):
    guard = CallbackGuard(vector["token"], "wx1")
    echo = vector["echostr"] or "1"
    assert guard.verify_url({**vector, "echostr": echo}) == echo
    with pytest.raises(CallbackRejected, match="bad_signature"):
        guard.verify_url({**vector, "echostr": echo, "signature": vector["signature"][::-1]})


@pytest.mark.parametrize("vector", VECTORS["aes"], ids=lambda vector: vector["nonce"])
def test_tencents_ciphertext_opens_byte_for_byte(vector, monkeypatch):
    box = AesBox(vector["encoding_aes_key"], vector["appid"])
    assert box.decrypt(vector["encrypt"]) == vector["plaintext"].encode()
    monkeypatch.setattr(box, "get_random_string", lambda: vector["random16"])
    assert box.encrypt(vector["plaintext"]) == vector["encrypt"]
    guard = CallbackGuard(vector["token"], vector["appid"], vector["encoding_aes_key"])
    signed = {name: vector[name] for name in ("timestamp", "nonce", "msg_signature")}
    signed |= {
        "signature": made.sign(vector["token"], vector["timestamp"], vector["nonce"]),
        "encrypt_type": "aes",
    }
    # signature, decryption and app id hold; what is inside is JSON, which an official account does not send
    assert refusal(guard, signed, made.safe_body(vector["encrypt"])) == "json"


def test_plain_mode_reads_plain_and_compatible_bodies():
    opened = PLAIN.open(made.query(), made.text().encode())
    assert (opened.xml, opened.encrypted) == (made.text(), False)
    both = made.xml("<Content>a</Content><MsgId>1</MsgId><Encrypt>AAAA</Encrypt>")
    assert PLAIN.open(made.query("AAAA"), both.encode()).xml == both
    assert PLAIN.seal("<xml/>", opened, now=NOW, nonce="n") == "<xml/>"


def test_safe_mode_refuses_plain_bodies_however_they_are_presented():
    plain = made.text().encode()
    assert refusal(SAFE, made.query(), plain) == "plain_in_safe_mode"
    assert refusal(SAFE, {**made.query("x"), "encrypt_type": "raw"}, plain) == "plain_in_safe_mode"
    assert refusal(SAFE, made.query("x"), plain) == "plain_in_safe_mode"


def test_compatible_mode_with_a_key_believes_only_the_encrypted_part():
    sealed = made.encrypt(made.text("真的"))
    body = made.xml(f"<Content>假的</Content><MsgId>1</MsgId><Encrypt>{sealed}</Encrypt>")
    assert "真的" in SAFE.open(made.query(sealed), body.encode()).xml


@pytest.mark.parametrize(("key", "index"), [(made.KEY, 0), (made.OLD_KEY, 1)])
def test_the_answer_uses_the_key_that_opened_the_request(key, index):
    sealed = made.encrypt(made.text(), key)
    opened = SAFE.open(made.query(sealed), made.safe_body(sealed))
    assert (opened.key_index, opened.xml) == (index, made.text())
    root = ElementTree.fromstring(SAFE.seal("<xml>答</xml>", opened, now=NOW, nonce="abc-_1"))
    parts = {each.tag: each.text for each in root}
    assert made.decrypt(parts["Encrypt"], key) == ("<xml>答</xml>", made.APP_ID)
    assert parts["TimeStamp"] == str(int(NOW.timestamp()))
    assert parts["MsgSignature"] == made.sign(made.TOKEN, parts["TimeStamp"], "abc-_1", parts["Encrypt"])
    assert SAFE.seal("success", opened, now=NOW, nonce="n") == "success"
    with pytest.raises(CallbackRejected, match="bad_nonce"):
        SAFE.seal("<xml/>", opened, now=NOW, nonce="]]><x>")


def test_every_sealed_answer_has_another_salt():
    opened = SAFE.open(made.query(sealed := made.encrypt(made.text())), made.safe_body(sealed))
    assert len({SAFE.seal("<xml/>", opened, now=NOW, nonce="n") for _ in range(20)}) == 20


def sealed_case(sealed: str) -> tuple[dict[str, str], bytes]:
    return made.query(sealed), made.safe_body(sealed)


PADDED = b"0" * 16 + (1).to_bytes(4, "big") + b"x" + made.APP_ID.encode()


@pytest.mark.parametrize(
    ("sealed", "reason"),
    [
        ("你好", "bad_base64"),
        ("AAA*", "bad_base64"),
        ("AAAA", "truncated_ciphertext"),
        (made.encrypt(made.text())[:64], "truncated_ciphertext"),
        (made.encrypt(made.text())[:128], "bad_padding"),
        (made.encrypt_raw(b"a" * 31 + b"\x00"), "bad_padding"),
        (made.encrypt_raw(b"a" * 31 + b"\x21"), "bad_padding"),
        (made.encrypt_raw(PADDED + b"\x01" * (31 - len(PADDED) % 32) + b"\x1b"), "bad_padding"),
        (made.encrypt_raw(b"\x20" * 32), "bad_length"),
        (made.encrypt_raw(b"a" * 16 + b"\xff\xff\xff\xff" + b"b" * 11 + b"\x01"), "bad_length"),
        (made.encrypt(made.text(), app_id="wxanother"), "wrong_app_id"),
        (made.encrypt(made.text(), app_id=""), "wrong_app_id"),
        (made.encrypt(b"\xff\xfe"), "not_utf8"),
        (made.encrypt(b"<xml>\x00</xml>"), "nul"),
        (made.encrypt(b""), "empty"),
        (made.encrypt("<xml><MsgType>text</MsgType></xml>"), "missing_field"),
    ],
)
def test_what_cannot_be_decrypted_has_a_reason(sealed, reason):
    assert refusal(SAFE, *sealed_case(sealed)) == reason


def test_signatures_are_asked_for_everywhere():
    sealed = made.encrypt(made.text())
    good, body = made.query(sealed), made.safe_body(sealed)
    assert refusal(SAFE, {}, body) == "missing_signature"
    assert refusal(SAFE, {k: v for k, v in good.items() if k != "msg_signature"}, body) == "missing_signature"
    assert refusal(SAFE, {**good, "msg_signature": "0" * 40}, body) == "bad_signature"
    assert refusal(SAFE, {**good, "signature": "签"}, body) == "bad_signature"
    assert refusal(PLAIN, {**made.query(), "signature": "\ud800"}, b"<xml/>") == "bad_signature"
    assert refusal(SAFE, {**good, "timestamp": "now"}, body) == "bad_timestamp"
    assert refusal(SAFE, {**good, "nonce": "]]>"}, body) == "bad_nonce"


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "empty"),
        (b" \n ", "empty"),
        (b'{"MsgType":"text"}', "json"),
        (b"[1]", "json"),
        (b"<xml>" + b"a" * 66_000 + b"</xml>", "too_large"),
        (b"\xff\xfe<\x00x\x00", "nul"),
        (b"\xc3\x28", "not_utf8"),
        (b"<xml", "malformed_xml"),
        (b"<html/>", "malformed_xml"),
        (b"<xml>&unknown;</xml>", "malformed_xml"),
        (b"<xml>\x08</xml>", "malformed_xml"),
        (b"<xml/>", "missing_field"),
        (b"<!DOCTYPE xml><xml/>", "doctype"),
        (b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><xml>&a;</xml>', "doctype"),
        (b"<xml>" + b"<a>" * 9000 + b"</a>" * 9000 + b"</xml>", "too_deep"),
        (b"<xml><a>" + b"<b/>" * 3000 + b"</a></xml>", "too_many_fields"),
        (made.xml("<Content>1</Content><Content>2</Content>").encode(), "duplicate_field"),
        (made.xml("<MsgType>event</MsgType>").encode(), "duplicate_field"),
        (made.xml("<FromUserName>o2</FromUserName>").encode(), "duplicate_field"),
        (made.xml("<ToUserName>o2</ToUserName>").encode(), "duplicate_field"),
        (made.xml("<CreateTime>1</CreateTime>").encode(), "duplicate_field"),
        (made.xml("", sender="").encode(), "missing_field"),
        (made.xml("", sender="o" * 129).encode(), "bad_user_name"),
        (made.xml("", created=-1).encode(), "bad_create_time"),
        (made.text(msg_id=str(2**64)).encode(), "bad_msg_id"),
        (made.text(msg_id="9" * 5000).encode(), "bad_msg_id"),
        (made.text(msg_id="1.5").encode(), "bad_msg_id"),
        (made.safe_body("AAAA"), "encrypted_without_key"),
    ],
)
def test_a_body_that_is_no_message_is_refused_with_its_reason(body, reason):
    assert refusal(PLAIN, made.query(), body) == reason


def test_a_citizen_may_write_about_doctypes():
    assert "<!DOCTYPE" in PLAIN.open(made.query(), made.text("<!DOCTYPE html> 打不开").encode()).xml


@pytest.mark.parametrize(
    "settings",
    [("", "wx1"), ("签名", "wx1"), ("token", ""), ("token", "wx1", "short"), ("token", "wx1", "", made.KEY)],
)
def test_settings_that_verify_nothing_are_refused_at_start(settings):
    with pytest.raises(ValueError):
        CallbackGuard(*settings)


@pytest.mark.parametrize("echo", ["", "e" * 1025])
def test_an_echo_that_is_missing_or_huge_is_refused(echo):
    with pytest.raises(CallbackRejected):
        PLAIN.verify_url({**made.query(), "echostr": echo})
