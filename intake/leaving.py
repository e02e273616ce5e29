"""Citizens who leave: unreachable at once, forgotten after 30 days; the case and its archive stay.

Source: the platform obliges accounts to delete a user's data on unsubscribe and on withdrawn authorisation.
"""

from datetime import timedelta

from intake import messages
from intake.commitments import opinions
from intake.desk import Desk
from intake.reach import binding

KEEP = timedelta(days=30)
FORGOTTEN = "（群众已离开，内容按规定删除）"


async def leave(desk: Desk, reporter_id: str, why: str) -> int:
    """Mark a citizen unreachable and cancel what waits for them; how many pushes were cancelled.

    ``why``: unsubscribed, authorization_revoked or account_cancelled.
    """
    at = desk.now()
    await desk.unit.identities.change(
        reporter_id, {"reachable": False, "unreachable_why": why, "left_at": at}
    )
    await desk.unit.conversations.set_allowance(reporter_id, {"message_left": 0, "click_left": 0})
    return await desk.unit.outbox.cancel_for(reporter_id, why)


async def come_back(desk: Desk, reporter_id: str) -> None:
    """A citizen who left within the 30 days and came back is who they were."""
    await desk.unit.identities.change(
        reporter_id, {"reachable": True, "unreachable_why": None, "left_at": None}
    )


async def forget_left(desk: Desk, limit: int = 200) -> int:
    """Erase profile, openid, talk, messages, what they follow and said in polls, of those who left 30 days
    ago; their cases stay, nameless."""
    rows = await desk.unit.identities.left_before(desk.now() - KEEP, limit)
    for row in rows:
        await binding.unbind_reporter(desk, row.reporter_id)
        await desk.unit.identities.change(
            row.reporter_id,
            {
                "openid": None,
                "openid_hmac": None,
                "name": None,
                "phone": None,
                "erased_at": desk.now(),
                "unreachable_why": "erased",
            },
        )
        await desk.unit.conversations.empty(row.reporter_id)
        await desk.unit.desk.empty(row.reporter_id, desk.vault.seal(FORGOTTEN, messages.PURPOSE))
        await desk.unit.follows.forget(row.reporter_id)
        await desk.unit.polls.forget(row.reporter_id, desk.vault.seal(FORGOTTEN, opinions.PURPOSE))
    return len(rows)
