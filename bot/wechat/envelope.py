"""Whether a body may be read at all: one bounded pass over the XML before anything else parses it.

wechatpy's parser accepts a DOCTYPE, any depth and repeated fields, and fails in six ways on odd input
(``KeyError``, ``AttributeError``, …); here all of that is one :class:`CallbackRejected`.
"""

import re
from collections.abc import Mapping
from xml.parsers import expat

from bot.wechat.rejection import CallbackRejected

MAX_BYTES = 64 * 1024
MAX_DEPTH = 8
_MAX_ELEMENTS = 2000

#: Fields that decide who said what and when: the platform writes them bare.
_PLAIN = frozenset({"ToUserName", "FromUserName", "CreateTime", "MsgType", "MsgId", "Event", "Encrypt"})
_USER_NAME = re.compile(r"[!-~]{1,128}")
_CREATE_TIME = re.compile(r"[0-9]{1,10}")
_MSG_ID = re.compile(r"[0-9]{1,20}")
_MAX_MSG_ID = 2**64 - 1


def text_of(body: bytes) -> str:
    """The body as text. Raises :class:`CallbackRejected`: too_large, empty, nul, not_utf8, json."""
    if len(body) > MAX_BYTES:
        raise CallbackRejected("too_large")
    if b"\x00" in body:
        raise CallbackRejected("nul")
    try:
        text = body.decode("utf-8-sig").strip()
    except UnicodeDecodeError:
        raise CallbackRejected("not_utf8") from None
    if not text:
        raise CallbackRejected("empty")
    if text[0] in '{["':
        raise CallbackRejected("json")
    return text


def fields_of(text: str) -> Mapping[str, str]:
    """The top-level fields that hold plain text, of XML that is safe to hand to any parser.

    A field with elements inside is left out. Lists stand within a part: a field that comes twice is no field
    of the platform's.
    Raises :class:`CallbackRejected`: doctype, too_deep, too_many_fields, malformed_xml, duplicate_field.
    """
    scan = _Scan()
    parser = expat.ParserCreate("utf-8")
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = scan.doctype
    parser.StartElementHandler = scan.start
    parser.EndElementHandler = scan.end
    parser.CharacterDataHandler = scan.characters
    try:
        parser.Parse(text.encode(), True)
    except expat.ExpatError:
        raise CallbackRejected("malformed_xml") from None
    return scan.fields


def check_message(fields: Mapping[str, str]) -> None:
    """Refuse what cannot be answered or told apart from another message.

    Raises :class:`CallbackRejected`: missing_field, bad_user_name, bad_create_time, bad_msg_id.
    """
    if any(not fields.get(name) for name in ("ToUserName", "FromUserName", "CreateTime", "MsgType")):
        raise CallbackRejected("missing_field")
    if not (_USER_NAME.fullmatch(fields["ToUserName"]) and _USER_NAME.fullmatch(fields["FromUserName"])):
        raise CallbackRejected("bad_user_name")
    if not _CREATE_TIME.fullmatch(fields["CreateTime"]):
        raise CallbackRejected("bad_create_time")
    msg_id = fields.get("MsgId")
    if msg_id and not (_MSG_ID.fullmatch(msg_id) and int(msg_id) <= _MAX_MSG_ID):
        raise CallbackRejected("bad_msg_id")


class _Scan:
    """What the pass has seen; handlers raise to stop expat at the first fault."""

    def __init__(self) -> None:
        self.fields: dict[str, str] = {}
        self._depth = 0
        self._elements = 0
        self._seen: set[str] = set()
        self._name = ""
        self._leaf = False
        self._text: list[str] = []

    def doctype(self, *_: object) -> None:
        raise CallbackRejected("doctype")

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        self._elements += 1
        if self._depth > MAX_DEPTH:
            raise CallbackRejected("too_deep")
        if self._elements > _MAX_ELEMENTS:
            raise CallbackRejected("too_many_fields")
        if self._depth == 1 and name != "xml":
            raise CallbackRejected("malformed_xml")
        if self._depth == 2:
            self._begin(name, attributes)
        self._leaf = self._leaf and self._depth == 2

    def _begin(self, name: str, attributes: dict[str, str]) -> None:
        if name in self._seen:
            raise CallbackRejected("duplicate_field")
        if attributes and name in _PLAIN:
            raise CallbackRejected("malformed_xml")
        self._seen.add(name)
        self._name, self._leaf, self._text = name, True, []

    def end(self, _: str) -> None:
        if self._depth == 2 and self._leaf:
            self.fields[self._name] = "".join(self._text).strip()
        self._depth -= 1

    def characters(self, data: str) -> None:
        if self._depth == 2 and self._leaf:
            self._text.append(data)
