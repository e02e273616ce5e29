"""Who asks over the API: the bearer token of ``python -m bot token create``."""

from aiohttp import web

from bot.factory import Process
from bot.http.problems import Unauthorized
from intake import staffing
from intake.actor import Actor
from storage.vocab import Role


async def bearer(process: Process, request: web.Request) -> Actor | None:
    """The actor of the request's token, or None without one; raises :class:`Unauthorized` for a wrong one."""
    header = request.headers.get("Authorization")
    if header is None:
        return None
    scheme, _, token = header.partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise Unauthorized("请用 Bearer 令牌")
    async with process.database.read() as unit:
        row = await unit.staff.by_token(staffing.digest(token.strip()))
    if row is None:
        raise Unauthorized("令牌不对或已停用")
    return Actor(Role(row.role), row.label, row.department)
