"""Changing the rules: each change is a new version, and a case keeps the one of its dispatch (domain 4)."""

from datetime import timedelta

import structlog

from intake.actor import Actor
from intake.administering.log import differences, note, only_admin
from intake.desk import Desk
from intake.errors import Invalid, StaleVersion
from intake.profiles.schema import Rules
from storage.vocab import AdminAction

log = structlog.get_logger(__name__)


async def change_rules(desk: Desk, actor: Actor, rules: Rules, why: str, *, base: str | None = None) -> str:
    """Make ``rules`` those of every case that is dispatched from now on; the new version's name.

    ``base``: the version that they were made from. Raises :class:`WrongRole` for everybody but an admin,
    :class:`StaleVersion` where another version holds by now, :class:`Invalid` without a reason, or where
    nothing would change.
    """
    only_admin(actor)
    if not why.strip():
        raise Invalid("请写明原因", fields={"note": "请写明原因"})
    profile = await desk.unit.departments.profile()
    assert profile is not None
    if base is not None and base != profile.version:
        raise StaleVersion("别人刚换了一版规则，请看一遍再改", version=profile.version)
    before = Rules.model_validate(profile.body["rules"])
    if rules == before:
        raise Invalid("规则没有变化", fields={"rules": "规则没有变化"})
    versions = await desk.unit.departments.versions()
    version = f"{rules.name}-{len(versions) + 1}"
    body = {**profile.body, "rules": rules.model_dump(mode="json")}
    told = f"{actor.name}：{why.strip()[:1000]}"
    after = max(desk.now(), profile.created_at + timedelta(microseconds=1))  # the newest one holds
    await desk.unit.departments.add_profile(version, body, after, told)
    changes = differences(before.model_dump(mode="json"), rules.model_dump(mode="json"))
    await note(desk, actor, AdminAction.RULES_CHANGED, version, changes, why=why)
    desk.unit.wake("refresh")
    log.info("rules_changed", version=version, before=profile.version, actor=actor.name)
    return version
