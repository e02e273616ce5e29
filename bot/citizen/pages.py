"""The addresses of the citizens' pages."""

from collections.abc import Awaitable, Callable

from aiohttp import web

from bot.citizen import notices
from bot.http import pages
from bot.http.keys import PROCESS

COMMITMENTS = "/#commitments"


def add_citizen(app: web.Application) -> None:
    """Mount ``/m``: what the account's menu and replies lead to."""
    app.add_routes(
        [
            web.get("/m/notices", notices.page),
            web.post("/m/notices", notices.answer),
            web.get("/m/notices/begin", notices.begin),
            web.get("/m/notices/back", notices.back),
            web.get("/m/privacy", _reading("privacy.html")),
            web.get("/m/report", _reading("report.html")),
            web.get("/m/progress", _reading("progress.html")),
            web.get("/m/commitments", _commitments),
        ]
    )


def _reading(template: str) -> Callable[[web.Request], Awaitable[web.Response]]:
    """A page that only tells."""

    async def page(request: web.Request) -> web.Response:
        return pages.page(notices.HERE, template, {"city": request.app[PROCESS].city.name})

    return page


async def _commitments(_request: web.Request) -> web.Response:
    return pages.see_other(COMMITMENTS)
