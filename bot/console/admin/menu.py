"""The account's menu as it will be pushed, a button to have it pushed, and what the platform said."""

from aiohttp import web

from bot.console.admin.frame import Facts, refused_change
from bot.console.door import drawn
from bot.http.keys import PROCESS
from bot.http.pages import see_other
from bot.http.problems import status_of
from bot.http.sessions import Session
from bot.wechat.menu import account_menu, menu_faults
from intake.administering import menu
from intake.desk import Desk

PATH = "/console/admin/menu"
SHOWN = 10


async def page(request: web.Request, session: Session) -> web.StreamResponse:
    return await _drawn(request, session, {})


async def push(request: web.Request, session: Session) -> web.StreamResponse:
    """Ask for it; a worker does it and notes the answer."""

    async def work(desk: Desk) -> None:
        await menu.ask(desk, session.actor)

    if refused := await refused_change(request, session, await request.post(), work):
        return await _drawn(request, session, {"refused": refused.detail}, status=status_of(refused))
    return see_other(f"{PATH}?done=1")


async def _drawn(
    request: web.Request, session: Session, facts: Facts, *, status: int = 200
) -> web.StreamResponse:
    process = request.app[PROCESS]
    wanted = account_menu(process.settings.public_url)
    async with process.database.read() as unit:
        pushes = await unit.administration.menus(SHOWN)
    usual: Facts = {
        "title": "公众号菜单",
        "buttons": wanted["button"],
        "wrong": menu_faults(wanted),
        "pushes": pushes,
        "waiting": any(row.state == menu.QUEUED for row in pushes),
        "refused": "",
        "done": "done" in request.query,
    }
    return drawn(request, session, "admin_menu.html", usual | facts, status=status)
