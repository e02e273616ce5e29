"""The addresses of administration."""

from aiohttp import web

from bot.console.admin import days, menu, overview, people, rules, units
from bot.console.admin.frame import for_admins
from bot.console.door import signed_in

UNITS, STAFF, DAY = units.PATH, people.PATH, days.PATH


def admin_routes() -> list[web.RouteDef]:
    """Every page but the log is for administrators alone; auditors read the log too."""
    return [
        web.get("/console/admin", for_admins(overview.start)),
        web.get("/console/admin/state", for_admins(overview.state)),
        web.get("/console/admin/log", signed_in(overview.changes)),
        web.get(UNITS, for_admins(units.listed)),
        web.get(f"{UNITS}/new", for_admins(units.blank)),
        web.post(UNITS, for_admins(units.add)),
        web.get(UNITS + "/of/{code}", for_admins(units.one)),
        web.post(UNITS + "/of/{code}", for_admins(units.change)),
        web.post(UNITS + "/of/{code}/retire", for_admins(units.retire)),
        web.get(STAFF, for_admins(people.listed)),
        web.post(STAFF, for_admins(people.add)),
        web.post(f"{STAFF}/second-factor", for_admins(people.demand)),
        web.get(f"{STAFF}/new", for_admins(people.blank)),
        web.get(STAFF + "/of/{login}", for_admins(people.one)),
        web.post(STAFF + "/of/{login}", for_admins(people.change)),
        web.post(STAFF + "/of/{login}/shut", for_admins(people.shut)),
        web.post(STAFF + "/of/{login}/password", for_admins(people.new_password)),
        web.post(STAFF + "/of/{login}/code-app", for_admins(people.reset_code)),
        web.get(rules.PATH, for_admins(rules.page)),
        web.post(rules.PATH, for_admins(rules.change)),
        web.post(f"{rules.PATH}/look", for_admins(rules.look)),
        web.get(DAY, for_admins(days.year)),
        web.get(DAY + "/{date}", for_admins(days.one)),
        web.post(DAY + "/{date}", for_admins(days.change)),
        web.get(menu.PATH, for_admins(menu.page)),
        web.post(menu.PATH, for_admins(menu.push)),
    ]
