"""Those who act in the tests of the office, and the shortest way to a filed case."""

from dataclasses import replace
from typing import Any

from intake.actor import Actor, citizen
from intake.cases import actions, seeing
from intake.cases.opening import Filed, NewCase, file_case
from intake.desk import Desk
from intake.identity import new_reporter_id
from intake.reporters import OPENID
from storage.stores.cases import CaseRow
from storage.vocab import CaseType, Channel, Role

DISPATCHER = Actor(Role.DISPATCHER, "dispatcher")
SUPERVISOR = Actor(Role.SUPERVISOR, "supervisor")
CUSTODIAN = Actor(Role.CUSTODIAN, "custodian")
BROKEN = "市住建局承诺今年六月交付安置房，到现在还没有动静，请督促兑现。"


def handler(department: str) -> Actor:
    return Actor(Role.HANDLER, f"{department}-handler", department)


def head(department: str) -> Actor:
    return Actor(Role.HEAD, f"{department}-head", department)


async def meet(desk: Desk, openid: str = "o" * 28) -> str:
    """A citizen who follows the account."""
    digest = desk.vault.lookup("gh_test", openid)
    row = {
        "reporter_id": new_reporter_id(),
        "account": "gh_test",
        "openid_hmac": digest,
        "openid": desk.vault.seal(openid, OPENID),
        "reachable": True,
        "created_at": desk.now(),
    }
    await desk.unit.identities.add_citizens([row])
    reporter_id = (await desk.unit.identities.by_openids([digest]))[digest]
    await desk.unit.conversations.add_missing([reporter_id], b"", desk.now())
    return reporter_id


async def filed(desk: Desk, reporter_id: str | None = None, **facts: Any) -> Filed:
    """A complaint about a broken promise, unless ``facts`` say otherwise."""
    reporter_id = reporter_id or await meet(desk)
    new = NewCase(CaseType.COMPLAINT, Channel.WECHAT, BROKEN, reporter_id, about_commitment=0.9)
    return await file_case(desk, citizen(reporter_id), replace(new, **facts))


async def do(desk: Desk, actor: Actor, case: CaseRow | str, action: str, **body: Any) -> CaseRow:
    """One action on the case as it stands now."""
    number = case if isinstance(case, str) else case.tracking_no
    if "version" not in body:
        body["version"] = (await seeing.find(desk, actor, number)).version
    return await actions.perform(desk, actor, number, action, body)
