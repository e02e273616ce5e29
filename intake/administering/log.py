"""The log of administration: who changed what, from what to what. Nothing secret, nothing of a citizen."""

from collections.abc import Mapping
from typing import Any

import structlog

from intake.actor import Actor
from intake.desk import Desk
from intake.errors import WrongRole
from storage.stores.administration import LogRow
from storage.vocab import AdminAction, Role

A = AdminAction
READERS = frozenset({Role.ADMIN, Role.AUDITOR})
AREAS: dict[str, tuple[AdminAction, ...]] = {
    "sign_in": (
        A.PASSWORD_CHANGED,
        A.SECOND_FACTOR_ON,
        A.SECOND_FACTOR_OFF,
        A.RECOVERY_CODES_MADE,
        A.RECOVERY_CODE_USED,
        A.SESSIONS_ENDED,
    ),
    "staff": (
        A.STAFF_ADDED,
        A.STAFF_CHANGED,
        A.STAFF_DISABLED,
        A.STAFF_ENABLED,
        A.PASSWORD_RESET,
        A.SECOND_FACTOR_RESET,
        A.SECOND_FACTOR_DEMANDED,
        A.TOKEN_CREATED,
    ),
    "departments": (
        A.DEPARTMENT_ADDED,
        A.DEPARTMENT_CHANGED,
        A.DEPARTMENT_RETIRED,
        A.DEPARTMENT_REINSTATED,
        A.ROBOT_SET,
    ),
    "rules": (A.RULES_CHANGED,),
    "calendar": (A.CALENDAR_DAY, A.CALENDAR_YEAR),
    "menu": (A.MENU_ASKED, A.MENU_ANSWERED),
    "model": (A.MODEL_CHOSEN,),
}
"""Parts of the log that may be looked at alone."""
log = structlog.get_logger(__name__)


async def note(
    desk: Desk,
    actor: Actor,
    action: AdminAction,
    subject: str = "",
    changes: Mapping[str, tuple[Any, Any]] | None = None,
    *,
    why: str = "",
) -> None:
    """Write one line, in the unit of work that makes the change. ``changes``: field -> (before, after)."""
    await desk.unit.administration.note(
        {
            "at": desk.now(),
            "actor": actor.name,
            "action": action.value,
            "subject": subject[:100],
            "changes": {field: list(both) for field, both in (changes or {}).items()},
            "note": why.strip()[:1000],
        }
    )
    log.info("administered", action=action.value, actor=actor.name, subject=subject[:100])


async def read(
    desk: Desk, actor: Actor, *, area: str = "", subject: str = "", before: int | None = None, limit: int
) -> list[LogRow]:
    """The newest lines first; raises :class:`WrongRole` for everybody but admins and auditors."""
    if actor.role not in READERS:
        raise WrongRole("您的岗位看不到操作记录")
    actions = [action.value for action in AREAS[area]] if area in AREAS else None
    return await desk.unit.administration.log(actions=actions, subject=subject, before=before, limit=limit)


def only_admin(actor: Actor) -> None:
    """Raises :class:`WrongRole` for everybody but an administrator."""
    if actor.role is not Role.ADMIN:
        raise WrongRole("只有系统管理员可以这样做")


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    """The fields of ``after`` that are others than ``before``, with both values."""
    return {name: (before.get(name), value) for name, value in after.items() if before.get(name) != value}
