"""XML as the platform writes it and as it reads answers."""

import re
from collections.abc import Mapping
from xml.etree import ElementTree

ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


class BadXml(Exception):
    """Not the XML the platform takes."""


def write(fields: Mapping[str, object]) -> str:
    """``<xml>…</xml>``: numbers bare, texts in CDATA, mappings nested, lists as repeated elements."""
    return f"<xml>{_inner(fields)}</xml>"


def read(body: bytes) -> ElementTree.Element:
    """The root, which must be ``xml``. Raises BadXml, also for a DOCTYPE."""
    if b"<!DOCTYPE" in body:
        raise BadXml("DOCTYPE")
    try:
        root = ElementTree.fromstring(body)  # noqa: S314 (no DOCTYPE, so no entities)
    except ElementTree.ParseError as error:
        raise BadXml(str(error)) from error
    if root.tag != "xml":
        raise BadXml(f"root is <{root.tag}>")
    return root


def child(root: ElementTree.Element, name: str) -> str:
    """A child's text. Raises BadXml when the child is missing or there twice."""
    found = root.findall(name)
    if len(found) != 1:
        raise BadXml(f"<{name}> is there {len(found)} times")
    return found[0].text or ""


def _inner(fields: Mapping[str, object]) -> str:
    return "".join(_element(name, value) for name, value in fields.items())


def _element(name: str, value: object) -> str:
    if isinstance(value, Mapping):
        return f"<{name}>{_inner(value)}</{name}>"
    if isinstance(value, list):
        return "".join(_element(name, item) for item in value)
    if isinstance(value, int):
        return f"<{name}>{value}</{name}>"
    legal = ILLEGAL.sub("", str(value)).replace("]]>", "]]]]><![CDATA[>")
    return f"<{name}><![CDATA[{legal}]]></{name}>"
