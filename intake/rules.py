"""Changing the rules: each change is a new version, and a case keeps the one of its dispatch (domain 4)."""

from datetime import timedelta

import structlog

from intake.actor import Actor
from intake.desk import Desk
from intake.errors import Invalid, WrongRole
from intake.profiles.schema import Rules
from storage.vocab import Role

log = structlog.get_logger(__name__)


async def change_rules(desk: Desk, actor: Actor, rules: Rules, note: str) -> str:
    """Make ``rules`` those of every case that is dispatched from now on; the new version's name.

    Raises :class:`WrongRole` for everybody but an admin, :class:`Invalid` without a reason, or where nothing
    would change.
    """
    if actor.role is not Role.ADMIN:
        raise WrongRole("您的岗位不能做这一步")
    if not note.strip():
        raise Invalid("请写明原因", fields={"note": "请写明原因"})
    if rules == desk.city.rules:
        raise Invalid("规则没有变化", fields={"rules": "规则没有变化"})
    profile = await desk.unit.departments.profile()
    assert profile is not None
    versions = await desk.unit.departments.versions()
    version = f"{rules.name}-{len(versions) + 1}"
    body = {**profile.body, "rules": rules.model_dump(mode="json")}
    told = f"{actor.name}：{note.strip()[:1000]}"
    after = max(desk.now(), profile.created_at + timedelta(microseconds=1))  # the newest one holds
    await desk.unit.departments.add_profile(version, body, after, told)
    log.info("rules_changed", version=version, before=desk.city.rules_version, actor=actor.name)
    return version
