"""Tencent's published examples, byte for byte.

Sources: developers.weixin.qq.com/doc/oplatform/Mobile_App/WeChat_Login/message_push.html (address check and
encrypted example), developers.weixin.qq.com/doc/subscription/guide/dev/push/encryption.html (plain example).
"""

import json

import pytest

from bot.simulator.crypto import BadCipher, MessageKey, matches, signature

KEY = "A" * 43
APP_ID = "wxba5fad812f8e6fb9"
SEALED = (
    "+qdx1OKCy+5JPCBFWw70tm0fJGb2Jmeia4FCB7kao+/Q5c/ohsOzQHi8khUOb05JCpj0JB4RvQMkUyus8TPxLKJGQqcvZqzDpVzazhZv6JsXUnnR8XGT"
    "740XgXZUXQ7vJVnAG+tE8NUd4yFyjPy7GgiaviNrlCTj+l5kdfMuFUPpRSrfMZuMcp3Fn2Pede2IuQrKEYwKSqFIZoNqJ4M8EajAsjLY2km32IIjdf8Y"
    "L/P50F7mStwntrA2cPDrM1kb6mOcfBgRtWygb3VIYnSeOBrebufAlr7F9mFUPAJGj04="
)
MESSAGE = (
    '{"ToUserName":"gh_97417a04a28d","FromUserName":"o9AgO5Kd5ggOC-bXrbNODIiE3bGY","CreateTime":1714112445,'
    '"MsgType":"event","Event":"debug_demo","debug_str":"hello world"}'
)


@pytest.mark.parametrize(
    ("timestamp", "nonce", "expected"),
    [
        ("1714036504", "1514711492", "f464b24fc39322e44b38aa78f5edd27bd1441696"),
        ("1714037059", "486452656", "899cf89e464efb63f54ddac96b0a0a235f53aa78"),
    ],
)
def test_signature_of_the_address(timestamp: str, nonce: str, expected: str) -> None:
    assert signature("AAAAA", timestamp, nonce) == expected
    assert matches(expected, "AAAAA", timestamp, nonce)
    assert not matches(expected, "AAAAB", timestamp, nonce)


def test_signature_of_the_message() -> None:
    assert signature("AAAAA", "1714112445", "415670741", SEALED) == "046e02f8204d34f8ba5fa3b1db94908f3df2e9b3"


def test_published_message_opens() -> None:
    assert MessageKey(KEY, APP_ID).decrypt(SEALED).decode() == MESSAGE
    assert json.loads(MESSAGE)["Event"] == "debug_demo"


def test_published_message_is_made_again() -> None:
    assert MessageKey(KEY, APP_ID).encrypt(MESSAGE.encode(), random16=b"a8eedb185eb2fecf") == SEALED


@pytest.mark.parametrize("length", [0, 1, 11, 12, 31, 32, 33, 4000])
def test_any_length_comes_back(length: int) -> None:
    key = MessageKey(KEY, APP_ID)
    assert key.decrypt(key.encrypt(b"x" * length)) == b"x" * length


@pytest.mark.parametrize("damaged", ["", "not base64!", "AAAA", SEALED[:-44] + "A" * 43 + "=", SEALED[44:]])
def test_damaged_text_is_refused(damaged: str) -> None:
    with pytest.raises(BadCipher):
        MessageKey(KEY, APP_ID).decrypt(damaged)


def test_other_account_or_key_cannot_open() -> None:
    with pytest.raises(BadCipher):
        MessageKey(KEY, "wx0000000000000000").decrypt(SEALED)
    with pytest.raises(BadCipher):
        MessageKey("B" * 43, APP_ID).decrypt(SEALED)


@pytest.mark.parametrize("key", ["", "short", "A" * 42, "A" * 44, "中" * 43])
def test_impossible_key(key: str) -> None:
    with pytest.raises(ValueError):
        MessageKey(key, APP_ID)
