"""The account's menu: what stands below the conversation at all times.

Limits: developers.weixin.qq.com/doc/service/guide/product/menu: three buttons of four characters, five
below each of eight, keys of 128 bytes, addresses of 1,024. Longer names end in … on the citizen's screen.
"""

from collections.abc import Mapping, Sequence

_TOP, _BELOW = 3, 5
_TOP_NAME, _BELOW_NAME = 4, 8
_KEY_BYTES, _URL_BYTES = 128, 1024

#: What a click says; the dialogue answers each of them.
KEYS = (
    "report_complaint",
    "report_inquiry",
    "report_suggestion",
    "progress",
    "commitments",
    "help",
    "human",
)


def account_menu(public_url: str) -> dict[str, object]:
    """The menu for ``create_menu``; pages are those below ``public_url``/m/."""
    pages = public_url.rstrip("/") + "/m"
    return {
        "button": [
            _under("我要说", _click("投诉举报", "report_complaint"), _click("咨询", "report_inquiry"),
                   _click("建议", "report_suggestion"), _view("网页填写", f"{pages}/tell")),
            _under("查进度", _click("我的进度", "progress"), _view("我的办件", f"{pages}/cases"),
                   _view("凭单号查询", f"{pages}/progress")),
            _under("承诺帮助", _click("查承诺", "commitments"), _view("承诺公开", f"{pages}/commitments"),
                   _click("使用帮助", "help"), _click("找人工", "human")),
        ]
    }  # fmt: skip


def menu_faults(menu: Mapping[str, object]) -> list[str]:
    """Everything the platform would refuse or cut off, in Chinese; empty when the menu is good."""
    buttons = _list(menu.get("button"))
    faults = [] if 1 <= len(buttons) <= _TOP else [f"一级菜单应为1至{_TOP}个"]
    for button in buttons:
        below = _list(button.get("sub_button"))
        faults += _name_faults(button, _TOP_NAME)
        if len(below) > _BELOW:
            faults.append(f"“{button.get('name')}”的二级菜单超过{_BELOW}个")
        for each in below or [button]:
            faults += _action_faults(each)
        for each in below:
            faults += _name_faults(each, _BELOW_NAME)
    return faults


def _name_faults(button: Mapping[str, object], limit: int) -> list[str]:
    name = str(button.get("name", ""))
    return [] if 1 <= len(name) <= limit else [f"菜单名“{name}”应为1至{limit}个字"]


def _action_faults(button: Mapping[str, object]) -> list[str]:
    name, kind = button.get("name"), button.get("type")
    if kind == "click":
        good = 1 <= len(str(button.get("key", "")).encode()) <= _KEY_BYTES
        return [] if good else [f"“{name}”的key应为1至{_KEY_BYTES}字节"]
    if kind == "view":
        url = str(button.get("url", ""))
        good = url.startswith(("http://", "https://")) and len(url.encode()) <= _URL_BYTES
        return [] if good else [f"“{name}”的网址应以http开头且不超过{_URL_BYTES}字节"]
    return [f"“{name}”的类型只能是click或view"]


def _list(value: object) -> Sequence[Mapping[str, object]]:
    return [each for each in value if isinstance(each, Mapping)] if isinstance(value, list) else []


def _under(name: str, *below: dict[str, object]) -> dict[str, object]:
    return {"name": name, "sub_button": list(below)}


def _click(name: str, key: str) -> dict[str, object]:
    return {"type": "click", "name": name, "key": key}


def _view(name: str, url: str) -> dict[str, object]:
    return {"type": "view", "name": name, "url": url}
