"""``/departments``: the city's units, which everyone may read."""

from aiohttp import web

from bot.web.api.endpoints import Call, shown
from bot.web.api.shapes import Departments


async def departments(call: Call) -> web.Response:
    units = call.process.city.units.values()
    items = [unit.model_dump(mode="json", exclude={"duties", "flags", "leader_post"}) for unit in units]
    return shown(Departments, {"items": items})
