"""What a reporter told of themselves: name and phone, sealed; and each look at them, logged."""

from dataclasses import dataclass
from datetime import datetime

from intake import archive
from intake.actor import Actor
from intake.desk import Desk
from intake.errors import Invalid, WrongRole
from intake.identity import new_reporter_id
from intake.masking import masked
from storage.stores.cases import CaseRow
from storage.vocab import Action, Mode, Role

PURPOSE = "identity"
OPENID = "openid"
LOG_READERS = frozenset({Role.CUSTODIAN, Role.AUDITOR})


@dataclass(frozen=True, slots=True)
class Known:
    """What stands about a reporter; None where nothing was given."""

    name: str | None
    phone: str | None


async def tell_of(desk: Desk, reporter_id: str, *, name: str = "", phone: str = "", kind: str = "") -> None:
    """Keep what a reporter gave; what is empty changes nothing."""
    values: dict[str, object] = {}
    if name:
        values["name"] = desk.vault.seal(name, PURPOSE)
    if phone:
        values["phone"] = desk.vault.seal(phone, PURPOSE)
    if kind:
        values["kind"] = kind
    if values:
        await desk.unit.identities.change(reporter_id, values)


async def meet(desk: Desk, openid: str) -> str | None:
    """The reporter id of whoever WeChat says it is, also when they come for the first time; None before the
    first message to the official account, whose own name only messages tell."""
    account = await desk.unit.identities.account()
    if account is None:
        return None
    return await desk.unit.identities.add_citizen(
        reporter_id=new_reporter_id(),
        account=account,
        openid_hmac=desk.vault.lookup(account, openid),
        openid=desk.vault.seal(openid, OPENID),
        at=desk.now(),
    )


async def in_wechat(desk: Desk, reporter_id: str) -> bool:
    """Whether the reporter can be reached in WeChat, and so speaks for themselves."""
    row = await desk.unit.identities.get(reporter_id)
    return row is not None and row.openid is not None and row.reachable


async def known(desk: Desk, reporter_id: str) -> Known:
    """For the reporter's own conversation: is there a name, a phone."""
    row = await desk.unit.identities.get(reporter_id)
    if row is None:
        return Known(None, None)
    return Known(
        desk.vault.open(row.name, PURPOSE) if row.name else None,
        desk.vault.open(row.phone, PURPOSE) if row.phone else None,
    )


async def kept_words(desk: Desk, reporter_id: str, mode: str, text: str) -> str:
    """What is kept of a reporter's words: a named one's as typed, else masked, the name and phone that they
    gave included (domain 6)."""
    return text if mode == Mode.NAMED else await hidden_words(desk, reporter_id, text)


async def hidden_words(desk: Desk, reporter_id: str, text: str) -> str:
    """Words about a reporter's matter that others will read: masked, whatever the mode."""
    if not text:
        return text
    told = await known(desk, reporter_id)
    return masked(text, [one for one in (told.name, told.phone) if one])


async def says_who(desk: Desk, reporter_id: str, text: str) -> bool:
    """Whether a text says anything of who wrote it."""
    return await kept_words(desk, reporter_id, Mode.CONFIDENTIAL, text) != text


async def add_person(desk: Desk, *, name: str = "", phone: str = "", kind: str = "") -> str:
    """A reporter without WeChat; returns the reporter's id."""
    reporter_id = new_reporter_id()
    await desk.unit.identities.add_person(
        {
            "reporter_id": reporter_id,
            "account": "",
            "name": desk.vault.seal(name, PURPOSE) if name else None,
            "phone": desk.vault.seal(phone, PURPOSE) if phone else None,
            "kind": kind or None,
            "reachable": True,
            "created_at": desk.now(),
        }
    )
    return reporter_id


async def open_identity(desk: Desk, actor: Actor, case: CaseRow, reason: str) -> Known:
    """Look at who reported, with a reason that goes to the archive (domain 6).

    The custodian may always; the handling unit where the reporter is named; the dispatcher for reporters
    without WeChat. Of an anonymous reporter there is nothing to open, whatever other cases of the same
    account told. Raises :class:`WrongRole`, :class:`Invalid`.
    """
    if not await _may_look(desk, actor, case):
        raise WrongRole("身份只有保管员可以打开")
    if not reason.strip():
        raise Invalid("请写明理由", fields={"reason": "请写明理由"})
    tip = await archive.record(
        desk.unit,
        subject=("case", case.id),
        tip=archive.Tip(case.last_seq, case.last_hash),
        at=desk.now(),
        actor=actor,
        action=Action.OPEN_IDENTITY.value,
        states=(case.state, case.state),
        payload={"reason": masked(reason.strip(), await _told(desk, case))},
    )
    await desk.unit.cases.change(case, {"last_seq": tip.seq, "last_hash": tip.hash})
    return Known(None, None) if case.mode == Mode.ANONYMOUS else await known(desk, case.reporter_id)


def check_left_any(case: CaseRow) -> None:
    """Raises :class:`Invalid` for an anonymous case, of which there is nothing to open."""
    if case.mode == Mode.ANONYMOUS:
        told = "这一件是匿名的，没有留姓名电话，没有可以打开的身份"
        raise Invalid(told, fields={"number": "匿名件不能打开"})


@dataclass(frozen=True, slots=True)
class Opening:
    """One look at an identity; ``reason`` is empty where the archive's payload was erased."""

    id: int
    at: datetime
    role: str
    actor: str
    tracking_no: str
    reason: str


async def openings(desk: Desk, actor: Actor, *, before: int | None, limit: int) -> list[Opening]:
    """Every look at an identity, newest first, below the number ``before``; raises :class:`WrongRole`."""
    if actor.role not in LOG_READERS:
        raise WrongRole("查看记录由保管员和审计员看")
    rows = await desk.unit.events.opened(before=before, limit=limit)
    return [
        Opening(
            row.id, row.at, row.actor_role, row.actor, row.tracking_no, (row.body or {}).get("reason", "")
        )
        for row in rows
    ]


async def _told(desk: Desk, case: CaseRow) -> list[str]:
    """What the reporter told of themselves: it is not written where everybody who sees the case reads."""
    told = await known(desk, case.reporter_id)
    return [one for one in (told.name, told.phone) if one]


async def _may_look(desk: Desk, actor: Actor, case: CaseRow) -> bool:
    if actor.role is Role.CUSTODIAN:
        return True
    if case.mode != Mode.NAMED:
        return False
    if actor.role in (Role.HANDLER, Role.HEAD):
        return actor.department is not None and actor.department == case.department
    if actor.role is Role.DISPATCHER:
        row = await desk.unit.identities.get(case.reporter_id)
        return row is not None and row.openid_hmac is None and row.left_at is None
    return False
