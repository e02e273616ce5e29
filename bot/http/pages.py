"""Rendering pages: one environment over the shared layout and each area's templates; everything escaped."""

from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import jinja2
from aiohttp import web
from yarl import URL

from bot.http.assets import asset, has_asset
from intake.clock import local

HERE = Path(__file__).parent


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
    made.globals["has_asset"] = has_asset
    made.filters["moment"] = moment
    made.filters["day"] = day
    made.filters["size"] = size
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


def moment(value: datetime | str | None) -> str:
    """2026-11-23 17:05 in Asia/Shanghai; nothing for None."""
    if value is None:
        return ""
    at = datetime.fromisoformat(value) if isinstance(value, str) else value
    return f"{local(at):%Y-%m-%d %H:%M}"


def day(value: date | str | None) -> str:
    """2026年11月23日, of a moment the day in Asia/Shanghai; nothing for None."""
    if not value:
        return ""
    on = date.fromisoformat(value[:10]) if isinstance(value, str) else value
    on = local(on) if isinstance(on, datetime) else on
    return f"{on.year}年{on.month}月{on.day}日"


def size(count: int) -> str:
    """Bytes as people read them: 35 KB, 1.2 MB."""
    return f"{max(1, round(count / 1024))} KB" if count < 1 << 20 else f"{count / (1 << 20):.1f} MB"
