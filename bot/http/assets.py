"""Style sheets, scripts and pictures: our own and those that set-up fetches (``make assets``).

Each is served under a name that holds its hash, so that browsers may keep it for ever, and compressed for
those who take it. What was not fetched is left out of the pages: they work without.
"""

import gzip
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from aiohttp import web

STATIC = Path(__file__).parent / "static"
FETCHED = Path(__file__).parents[1] / "assets" / "node_modules"
KINDS = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
FOREVER = "public, max-age=31536000, immutable"
JWEIXIN = "jweixin.js"
MARK = "mark.svg"


def _for_browsers(module: bytes) -> bytes:
    """Tencent's package holds its script as a CommonJS module; a browser wants ``wx`` and ``jWeixin`` set."""
    after = b"\nwindow.wx = window.jWeixin = module.exports;\n})({});\n"
    return b"(function (module) {\n" + module + after


@dataclass(frozen=True, slots=True)
class Fetched:
    """Where a package keeps a file, and what is done to it before it is served."""

    path: str
    made: Callable[[bytes], bytes] = bytes


PACKAGES = {
    JWEIXIN: Fetched("weixin-js-sdk/index.js", _for_browsers),
    "htmx.js": Fetched("htmx.org/dist/htmx.min.js"),
    "sse.js": Fetched("htmx-ext-sse/dist/sse.min.js"),
    "echarts.js": Fetched("echarts/dist/echarts.common.min.js"),
    "weui.css": Fetched("weui/dist/style/weui.min.css"),
}


@dataclass(frozen=True, slots=True)
class Asset:
    """A file as it is served."""

    kind: str
    body: bytes
    packed: bytes


@cache
def asset(name: str) -> str:
    """The address of a file by its plain name. Raises ``KeyError`` where there is none."""
    return "/assets/" + _names()[name]


def has_asset(name: str) -> bool:
    """Whether there is such a file: what set-up fetches may be absent."""
    return name in _names()


def forget() -> None:
    """Look at the files anew."""
    _names.cache_clear()
    _served.cache_clear()
    asset.cache_clear()


@cache
def _names() -> dict[str, str]:
    """Plain name → the name under which it is served."""
    return {name: _hashed(Path(name), body) for name, body in _bodies().items()}


@cache
def _served() -> dict[str, Asset]:
    names = _names()
    return {
        names[name]: Asset(KINDS[Path(name).suffix], body, gzip.compress(body, mtime=0))
        for name, body in _bodies().items()
    }


def _bodies() -> dict[str, bytes]:
    ours = {path.name: path.read_bytes() for path in sorted(STATIC.iterdir())}
    files = {name: (FETCHED / one.path, one.made) for name, one in PACKAGES.items()}
    return ours | {name: made(path.read_bytes()) for name, (path, made) in files.items() if path.is_file()}


def _hashed(path: Path, body: bytes) -> str:
    return f"{path.stem}-{hashlib.sha256(body).hexdigest()[:12]}{path.suffix}"


async def _serve(request: web.Request) -> web.Response:
    held = _served().get(request.match_info["name"])
    if held is None:
        raise web.HTTPNotFound
    headers = {"Cache-Control": FOREVER, "Vary": "Accept-Encoding"}
    packed = "gzip" in request.headers.get("Accept-Encoding", "")
    if packed:
        headers["Content-Encoding"] = "gzip"
    body = held.packed if packed else held.body
    return web.Response(body=body, content_type=held.kind, charset="utf-8", headers=headers)


async def _favicon(_request: web.Request) -> web.Response:
    headers = {"Cache-Control": "max-age=86400"}
    return web.Response(body=(STATIC / MARK).read_bytes(), content_type=KINDS[".svg"], headers=headers)


def add_assets(app: web.Application) -> None:
    """Mount ``/assets``, and the mark where browsers look for it by themselves."""
    app.router.add_get("/assets/{name}", _serve)
    app.router.add_get("/favicon.ico", _favicon)
