"""Consents to subscription notices, as the platform's events tell them."""

from intake.desk import Desk


async def record(desk: Desk, reporter_id: str, template_id: str, *, accepted: bool) -> None:
    await desk.unit.consents.record(reporter_id, template_id, accepted=accepted, at=desk.now())


async def accepted_templates(desk: Desk, reporter_id: str) -> frozenset[str]:
    """Templates that the citizen accepted and did not refuse since."""
    rows = await desk.unit.consents.of(reporter_id)
    return frozenset(row.template_id for row in rows if row.accepted)
