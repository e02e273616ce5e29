"""A unit's group robot in WeCom: its webhook address, set by an admin, shown masked ever after."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import parse_qs, urlsplit

from intake.actor import Actor
from intake.administering.log import note
from intake.desk import Desk
from intake.errors import Invalid, WrongRole
from storage.vocab import AdminAction, Role

WEBHOOK = "robot webhook"
PATH = "/cgi-bin/webhook/send"
SHOWN = 4  # characters of the key that tell two addresses apart


@dataclass(frozen=True, slots=True)
class Robot:
    """What the admin sees of a unit's robot."""

    department: str
    masked: str
    set_by: str
    set_at: datetime


async def listed(desk: Desk, actor: Actor) -> list[Robot]:
    """Every unit that has a robot; raises :class:`WrongRole`."""
    _only_admin(actor)
    return [
        Robot(row.department, _masked(key_of(desk.vault.open(row.webhook, WEBHOOK))), row.set_by, row.set_at)
        for row in await desk.unit.reach.robots()
    ]


async def set_robot(desk: Desk, actor: Actor, department: str, webhook: str, *, base: str) -> None:
    """Give a unit its robot, or take it away with an empty address.

    ``base``: the only host that is ever asked. Raises :class:`WrongRole`, :class:`Invalid`.
    """
    _only_admin(actor)
    if department not in desk.city.units:
        raise Invalid("没有这个单位", fields={"department": "没有这个单位"})
    if not webhook:
        await desk.unit.reach.drop_robot(department)
        await note(desk, actor, AdminAction.ROBOT_SET, department, {"robot": (None, False)})
        return
    if not is_webhook(webhook, base):
        raise Invalid("网址不对", fields={"webhook": f"要填 {base}{PATH}?key=… 这样的网址"})
    sealed = desk.vault.seal(webhook, WEBHOOK)
    await desk.unit.reach.put_robot(department, sealed, by=actor.name, at=desk.now())
    await note(desk, actor, AdminAction.ROBOT_SET, department, {"robot": (None, True)})


async def webhook_of(desk: Desk, department: str | None) -> str | None:
    """The address of a unit's robot, for sending alone; raises ``intake.identity.Unreadable``."""
    row = await desk.unit.reach.robot(department or "")
    return desk.vault.open(row.webhook, WEBHOOK) if row else None


def is_webhook(webhook: str, base: str) -> bool:
    """Whether an address is one of the robots at ``base``."""
    return webhook.isascii() and webhook.startswith(f"{base.rstrip('/')}{PATH}?") and bool(key_of(webhook))


def key_of(webhook: str) -> str:
    """What makes a robot's address a secret; empty where it has none."""
    return parse_qs(urlsplit(webhook).query).get("key", [""])[0]


def _masked(key: str) -> str:
    return f"****{key[-SHOWN:]}" if len(key) > 2 * SHOWN else "****"


def _only_admin(actor: Actor) -> None:
    if actor.role is not Role.ADMIN:
        raise WrongRole("只有系统管理员可以设置群机器人")
