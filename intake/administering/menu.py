"""Pushing the account's menu: asked for by an administrator, done by a worker, its answer kept."""

from datetime import datetime, timedelta
from typing import Any

from intake.actor import SYSTEM, Actor
from intake.administering.log import note, only_admin
from intake.desk import Desk
from intake.errors import Invalid
from storage.stores.administration import MenuPushRow
from storage.vocab import AdminAction

TOPIC = "menu"
LEASE = timedelta(minutes=1)
TRIES = 5
QUEUED, DONE, REFUSED = "queued", "done", "refused"


async def ask(desk: Desk, actor: Actor) -> None:
    """Have the menu pushed; raises :class:`WrongRole`, :class:`Invalid` while one is on its way."""
    only_admin(actor)
    newest = await desk.unit.administration.menus(1)
    if newest and newest[0].state == QUEUED:
        raise Invalid("上一次推送还没有结果，请稍等")
    wall = desk.clock.wall()
    await desk.unit.administration.queue_menu(by=actor.name, at=desk.now(), due=wall)
    await note(desk, actor, AdminAction.MENU_ASKED)
    desk.unit.wake(TOPIC)


async def take(desk: Desk) -> MenuPushRow | None:
    """A push to be done now, under a lease: whoever dies with it leaves it to the next."""
    at = desk.clock.wall()
    return await desk.unit.administration.take_menu(at, at + LEASE)


async def settle(desk: Desk, row: MenuPushRow, answer: str, *, taken: bool) -> None:
    """Note what the platform answered."""
    values = {"state": DONE if taken else REFUSED, "answer": answer[:300], "done_at": desk.now()}
    await desk.unit.administration.settle_menu(row.id, values)
    changes = {"answer": (None, answer[:300])}
    await note(desk, SYSTEM, AdminAction.MENU_ANSWERED, row.asked_by, changes)


async def again(desk: Desk, row: MenuPushRow, answer: str, at: datetime) -> None:
    """Try once more at a later moment of the wall's, or leave it at that after five tries."""
    if row.attempts >= TRIES:
        await settle(desk, row, answer, taken=False)
        return
    values: dict[str, Any] = {"answer": answer[:300], "due_at": at}
    await desk.unit.administration.settle_menu(row.id, values)
