"""The account's menu: three buttons of up to five below each.

Source: developers.weixin.qq.com/doc/offiaccount/Custom_Menus/Creating_Custom-Defined_Menu.html.
"""

from collections.abc import Mapping, Sequence

from bot.simulator.errors import Refused

TOP, BELOW = 3, 5
NAME_BYTES, BELOW_NAME_BYTES = 16, 60
KEY_BYTES, URL_BYTES = 128, 1024
KEYED = frozenset(
    {"click", "scancode_push", "scancode_waitmsg", "pic_sysphoto", "pic_photo_or_album", "pic_weixin"}
)


class Menu:
    """The menu of now; empty when none was made."""

    def __init__(self) -> None:
        self.buttons: list[dict[str, object]] = []

    def create(self, body: Mapping[str, object]) -> None:
        """Replaces the menu. Raises Refused 40016, 40018, 40019, 40054 or 40035 for what breaks its rules."""
        buttons = _list(body.get("button"), TOP)
        for button in buttons:
            _name(button, NAME_BYTES)
            below = button.get("sub_button")
            if below:
                for inner in _list(below, BELOW):
                    _name(inner, BELOW_NAME_BYTES)
                    _action(inner)
            else:
                _action(button)
        self.buttons = [dict(button) for button in buttons]

    def delete(self) -> None:
        """No menu any more."""
        self.buttons = []

    def shown(self) -> dict[str, object]:
        """As menu/get answers it. Raises Refused 46003 when there is none."""
        if not self.buttons:
            raise Refused(46003)
        return {"menu": {"button": self.buttons}}


def _list(held: object, most: int) -> list[Mapping[str, object]]:
    if not isinstance(held, Sequence) or isinstance(held, str) or not 1 <= len(held) <= most:
        raise Refused(40016)
    if not all(isinstance(button, Mapping) for button in held):
        raise Refused(40035)
    return list(held)


def _name(button: Mapping[str, object], most: int) -> None:
    if not 1 <= len(str(button.get("name", "")).encode()) <= most:
        raise Refused(40018)


def _action(button: Mapping[str, object]) -> None:
    kind, key, url = (str(button.get(part, "")) for part in ("type", "key", "url"))
    if kind in KEYED or kind == "location_select":
        if not 1 <= len(key.encode()) <= KEY_BYTES:
            raise Refused(40019)
    elif kind == "view":
        if not url.startswith(("http://", "https://")) or len(url.encode()) > URL_BYTES:
            raise Refused(40054)
    else:
        raise Refused(40035, "button type")
