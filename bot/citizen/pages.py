"""The addresses of the citizens' pages."""

from aiohttp import web

from bot.citizen import notices
from bot.http import pages
from bot.http.keys import PROCESS


async def privacy(request: web.Request) -> web.Response:
    """Who sees what of a reporter, by mode (domain 6)."""
    return pages.page(notices.HERE, "privacy.html", {"city": request.app[PROCESS].city.name})


def add_citizen(app: web.Application) -> None:
    """Mount ``/m``."""
    app.add_routes(
        [
            web.get("/m/notices", notices.page),
            web.post("/m/notices", notices.answer),
            web.get("/m/notices/begin", notices.begin),
            web.get("/m/notices/back", notices.back),
            web.get("/m/privacy", privacy),
        ]
    )
