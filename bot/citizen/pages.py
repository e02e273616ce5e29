"""The addresses of the citizens' pages."""

from collections.abc import Awaitable, Callable

from aiohttp import web

from bot.citizen import cases, commitments, contacts, lookup, notices, reader, telling
from bot.citizen.reader import for_reader
from bot.http import pages
from bot.http.keys import PROCESS


def add_citizen(app: web.Application) -> None:
    """Mount ``/m``: what the account's menu and replies lead to."""
    app.add_routes(
        [
            web.get("/m/notices", notices.page),
            web.post("/m/notices", notices.answer),
            web.get("/m/notices/begin", notices.begin),
            web.get("/m/notices/back", notices.back),
            web.get("/m", _home),
            web.get(reader.BACK, reader.back),
            web.get("/m/cases", for_reader(cases.listed)),
            web.get("/m/cases/{tracking_no}", for_reader(cases.one)),
            web.get("/m/cases/{tracking_no}/receipt", for_reader(cases.receipt)),
            web.post("/m/cases/{tracking_no}/{action}", for_reader(cases.act)),
            web.get("/m/tell", for_reader(telling.page)),
            web.post("/m/tell", for_reader(telling.send)),
            web.get("/m/files/{id}", for_reader(cases.attachment)),
            web.get("/m/privacy", _reading("privacy.html")),
            web.get("/m/report", _reading("report.html")),
            web.get("/m/more", _reading("more.html")),
            web.get("/m/contacts", contacts.page),
            web.get(lookup.PATH, lookup.page),
            web.post(lookup.PATH, lookup.look),
            web.get("/m/commitments", commitments.listed),
            web.get("/m/commitments/{code}", commitments.one),
            web.post("/m/commitments/{code}/{action}", for_reader(commitments.act)),
            web.get("/m/follows", for_reader(commitments.follows)),
        ]
    )


def _reading(template: str) -> Callable[[web.Request], Awaitable[web.Response]]:
    """A page that only tells."""

    async def page(request: web.Request) -> web.Response:
        return pages.page(notices.HERE, template, {"city": request.app[PROCESS].city.name})

    return page


async def _home(_request: web.Request) -> web.Response:
    return pages.see_other(reader.HOME)
