"""From where a browser asks, in few words: enough to know one's own sessions by."""

import ipaddress

from aiohttp import web

from intake.staffing import Place

BROWSERS = (
    ("MicroMessenger", "微信"),
    ("wxwork", "企业微信"),
    ("Edg", "Edge"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
SYSTEMS = (
    ("HarmonyOS", "鸿蒙"),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "Mac"),
    ("Linux", "Linux"),
)


def place_of(request: web.Request) -> Place:
    """Browser and shortened address of a request; behind a proxy of ours, what that says of it."""
    address = request.remote or ""
    told = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
    if told and _is_near(address):
        address = told
    return Place(browser_of(request.headers.get("User-Agent", "")), shortened(address))


def browser_of(agent: str) -> str:
    """``Chrome · Windows``; 其他浏览器 for what is not known."""
    kinds = (next((name for mark, name in known if mark in agent), "") for known in (BROWSERS, SYSTEMS))
    return " · ".join(filter(None, kinds)) or "其他浏览器"


def shortened(address: str) -> str:
    """The first half of an address; empty for what is none."""
    try:
        whole = ipaddress.ip_address(address)
    except ValueError:
        return ""
    if whole.version == 4:
        return ".".join([*str(whole).split(".")[:2], "*", "*"])
    return ":".join([*whole.exploded.split(":")[:3], "*"])


def _is_near(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_private
    except ValueError:
        return False
