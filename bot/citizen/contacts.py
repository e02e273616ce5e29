"""Whom to turn to about those who do not keep their word: overseers first, then every unit's own number."""

from typing import Any

from aiohttp import web

from bot.citizen.reader import HERE
from bot.http import pages
from bot.http.keys import PROCESS
from bot.http.units import grouped
from intake.city import City
from intake.profiles.schema import Flag

OVERSEERS: dict[Flag, str] = {
    Flag.SUPERVISION: "受理对单位和工作人员的反映",
    Flag.DISCIPLINE: "反映监督单位自己的问题",
    Flag.DESK_12345: "12345 政务服务便民热线",
}


async def page(request: web.Request) -> web.Response:
    city = request.app[PROCESS].city
    facts = {"city": city.name, "overseers": _overseers(city), "groups": grouped(city)}
    return pages.page(HERE, "contacts.html", facts)


def _overseers(city: City) -> list[dict[str, Any]]:
    found = [(city.flagged(flag), what) for flag, what in OVERSEERS.items()]
    return [
        {
            "name": city.units[code].name,
            "what": what,
            "phone": city.units[code].supervision_phone or city.units[code].phone,
            "email": city.units[code].supervision_email or city.units[code].email,
        }
        for code, what in found
        if code is not None
    ]
