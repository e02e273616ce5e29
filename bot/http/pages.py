"""Rendering pages: one environment over the shared layout and each area's templates; everything escaped.

Style sheets, scripts and pictures are served under a name that holds their hash: browsers may keep them.
"""

import hashlib
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import jinja2
from aiohttp import web
from yarl import URL

from bot.http import jweixin
from intake.clock import local

HERE = Path(__file__).parent
STATIC = HERE / "static"
KINDS = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
FOREVER = "public, max-age=31536000, immutable"


@cache
def environment(*folders: Path) -> jinja2.Environment:
    """Templates of ``folders`` and the shared layout; a name that is not given is an error."""
    made = jinja2.Environment(
        loader=jinja2.FileSystemLoader([*map(str, folders), str(HERE / "templates")]),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals["asset"] = asset
    made.filters["moment"] = moment
    made.filters["day"] = day
    return made


def page(folder: Path, template: str, facts: Mapping[str, Any], *, status: int = 200) -> web.Response:
    """One page as HTML."""
    text = environment(folder).get_template(template).render(**facts)
    return web.Response(text=text, content_type="text/html", status=status)


def see_other(location: str) -> web.Response:
    """Send the browser on with a GET, as after a form (303). ``location`` is percent-encoded where needed."""
    return web.Response(status=303, headers={"Location": str(URL(location))})


def error(request: web.Request, status: int, words: str) -> web.Response:
    """The plain page of a failure."""
    facts = {
        "status": status,
        "words": words,
        "home": "/console" if request.path.startswith("/console") else "/",
    }
    return page(HERE / "templates", "error.html", facts, status=status)


@cache
def _assets() -> dict[str, tuple[str, bytes]]:
    """Served name → (content type, bytes)."""
    bodies = {Path(path.name): path.read_bytes() for path in sorted(STATIC.iterdir())}
    fetched = jweixin.script()
    if fetched is not None:
        bodies[Path(jweixin.NAME)] = fetched
    found = {}
    for path, body in bodies.items():
        name = f"{path.stem}-{hashlib.sha256(body).hexdigest()[:12]}{path.suffix}"
        found[name] = (KINDS[path.suffix], body)
    return found


@cache
def asset(name: str) -> str:
    """The address of a file of ``static``, or of what set-up fetched, by its plain name."""
    return "/assets/" + next(_served_as(name))


def has_asset(name: str) -> bool:
    """Whether there is such a file: what set-up fetches may be absent."""
    return any(_served_as(name))


def _served_as(name: str) -> Iterator[str]:
    path = Path(name)
    return (n for n in _assets() if n.startswith(f"{path.stem}-") and n.endswith(path.suffix))


async def serve_asset(request: web.Request) -> web.Response:
    held = _assets().get(request.match_info["name"])
    if held is None:
        raise web.HTTPNotFound
    return web.Response(
        body=held[1], content_type=held[0], charset="utf-8", headers={"Cache-Control": FOREVER}
    )


async def favicon(_request: web.Request) -> web.Response:
    body = (STATIC / "mark.svg").read_bytes()
    return web.Response(body=body, content_type=KINDS[".svg"], headers={"Cache-Control": "max-age=86400"})


def add_assets(app: web.Application) -> None:
    """Mount ``/assets``, and the mark where browsers look for it by themselves."""
    app.router.add_get("/assets/{name}", serve_asset)
    app.router.add_get("/favicon.ico", favicon)


def moment(value: datetime | str | None) -> str:
    """2026-11-23 17:05 in Asia/Shanghai; nothing for None."""
    if value is None:
        return ""
    at = datetime.fromisoformat(value) if isinstance(value, str) else value
    return f"{local(at):%Y-%m-%d %H:%M}"


def day(value: date | str | None) -> str:
    """2026年11月23日; nothing for None."""
    if not value:
        return ""
    on = date.fromisoformat(value[:10]) if isinstance(value, str) else value
    return f"{on.year}年{on.month}月{on.day}日"
