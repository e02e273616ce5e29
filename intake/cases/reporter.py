"""The reporter's commands on an own case: rate, reopen, withdraw, supplement, appeal, be kept another way;
progress by code."""

from datetime import timedelta

from intake.actor import Actor, citizen
from intake.cases import states
from intake.cases.accusing import heard_more
from intake.cases.informing import answered_at_once
from intake.cases.leads import GOOD, denied
from intake.cases.merging import release
from intake.cases.moves import Move, mark, move, start_missing
from intake.cases.numbering import normal_form
from intake.cases.parting import alone_again
from intake.cases.questions import open_question, reply
from intake.desk import Desk
from intake.errors import Invalid, NotFound, OnceOnly, TooManyTries, WrongCode
from intake.reporters import kept_words, says_who
from storage.stores.cases import CaseRow
from storage.stores.sights import Sight
from storage.vocab import Action, CaseState, ClockKind, Mode

TRIES_AN_HOUR = 5
MAX_SUPPLEMENT = 5000


async def own_case(desk: Desk, reporter_id: str, number: str) -> CaseRow:
    """The reporter's own case; raises :class:`NotFound` for anybody else's, as if it were not there."""
    case = await desk.unit.cases.by_number(number, Sight(reporter_id=reporter_id), lock=True)
    if case is None:
        raise NotFound("没有查到这个单号")
    return case


async def rate(desk: Desk, actor: Actor, case: CaseRow, stars: int, words: str = "") -> CaseRow:
    """Rate an answer 1–5: 3–5 closes the case, 1–2 has the unit contact the reporter within a working day.

    Raises :class:`Invalid` for other numbers and :class:`OnceOnly` for a second rating of one answer.
    """
    if stars not in range(1, 6):
        raise Invalid("评价是 1 到 5", fields={"rating": "1 到 5"})
    if case.rating is not None:
        raise OnceOnly("这次答复已经评价过了")
    closes = stars >= GOOD  # 1–2 offer reopening (domain 3)
    changes = {"rating": stars} | ({"closed_at": desk.now()} if closes else {})
    step = Move(
        Action.RATE,
        {"rating": stars, "words": await _kept(desk, case, words)},
        changes=changes,
        target=CaseState.CLOSED if closes else None,
        quiet=True,
    )
    case = await move(desk, actor, case, step)
    if closes:
        return case
    await start_missing(desk, case, [ClockKind.CONTACT], desk.now())
    return await denied(desk, case)


async def reopen(desk: Desk, actor: Actor, case: CaseRow, reason: str) -> CaseRow:
    """Send an answered case back to work, with a reason, once by right; :class:`OnceOnly` after that."""
    if not reason.strip():
        raise Invalid("请写明原因", fields={"reason": "请写明原因"})
    if case.reopened_by_right:
        raise OnceOnly("只能要求重办一次")
    step = Move(
        Action.REOPEN,
        {"reason": await _kept(desk, case, reason)},
        changes={"reopened_by_right": True, "rating": None},
        quiet=True,
    )
    return await denied(desk, await _alone(desk, actor, case, step))


async def withdraw(desk: Desk, actor: Actor, case: CaseRow, reason: str = "") -> CaseRow:
    payload = {"reason": await _kept(desk, case, reason)}
    step = Move(Action.WITHDRAW, payload, changes={"closed_at": desk.now()}, quiet=True)
    case = await _alone(desk, actor, case, step)
    await release(desk, case)
    return case


async def supplement(
    desk: Desk, actor: Actor, case: CaseRow, text: str, file_ids: tuple[str, ...] = ()
) -> CaseRow:
    """Add words or evidence to an open case; masked as the case's own text is. Where the unit waits for
    a reply, this is it.

    Words that accuse the unit that has the case take it away from there (``intake.cases.accusing``).
    """
    if not text.strip() and not file_ids:
        raise Invalid("补充内容是空的", fields={"text": "补充内容是空的"})
    shown = await _kept(desk, case, text[:MAX_SUPPLEMENT])
    taken = 0
    if file_ids:
        owner = {"reporter_id": case.reporter_id}
        taken = await desk.unit.files.attach(list(file_ids), case_id=case.id, owner=owner)
    if case.state == CaseState.HANDLING and await open_question(desk, case) is not None:
        case = await reply(desk, actor, case, {"text": shown}, files=taken)
    else:
        case = await move(desk, actor, case, Move(Action.SUPPLEMENT, {"text": shown, "files": taken}))
    return await heard_more(desk, case, shown)


async def appeal(desk: Desk, actor: Actor, case: CaseRow, reason: str) -> CaseRow:
    """Ask once for a declined case to be looked at again."""
    if case.appealed:
        raise OnceOnly("只能申诉一次")
    payload = {"reason": await _kept(desk, case, reason)}
    step = Move(Action.APPEAL, payload, changes={"appealed": True}, quiet=True)
    return await _alone(desk, actor, case, step)


async def may_change_mode(desk: Desk, case: CaseRow) -> bool:
    """Whether it can still be chosen how the reporter is kept: of an inquiry that was filed and answered
    without asking, that no unit works on, and whose words say nothing of who asked."""
    return answered_at_once(case) and not await says_who(desk, case.reporter_id, case.text)


async def change_mode(desk: Desk, actor: Actor, case: CaseRow, mode: Mode) -> CaseRow:
    """Keep the reporter another way from now on; raises :class:`OnceOnly` where that is not open any more."""
    if not await may_change_mode(desk, case):
        raise OnceOnly("登记方式不能再改")
    step = Move(Action.CHANGE_MODE, {"mode": mode.value, "before": case.mode}, changes={"mode": mode.value})
    return await mark(desk, actor, case, step)


async def open_by_code(desk: Desk, reporter_id: str, number: str, code: str) -> CaseRow:
    """A case by number and query code, whoever asks.

    Five wrong codes an hour, counted per case and per asker, raise :class:`TooManyTries`; a wrong one raises
    :class:`WrongCode`, also for numbers that do not exist, so that a number alone shows nothing.
    The caller must commit even when this raises: the wrong try is counted.
    """
    number = normal_form(number)
    case = await desk.unit.cases.by_number(number, Sight(everything=True))
    subjects = (f"case:{number}", f"asker:{reporter_id}")
    since = desk.now() - timedelta(hours=1)
    for subject in subjects:
        if await desk.unit.cases.attempts_since(subject, since) >= TRIES_AN_HOUR:
            raise TooManyTries("试得太多了，请一小时后再查")
    if case is None or desk.vault.code_digest(case.id, code) != case.query_code:
        for subject in subjects:
            await desk.unit.cases.note_attempt(subject, desk.now())
        raise WrongCode("单号或查询码不对")
    return case


async def may_link(desk: Desk, case: CaseRow) -> bool:
    """Whether no WeChat account that can be reached holds the case: it came by telephone or letter, or who
    filed it has left since."""
    row = await desk.unit.identities.get(case.reporter_id)
    return row is None or row.openid_hmac is None or not row.reachable


async def link(desk: Desk, reporter_id: str, case: CaseRow) -> CaseRow:
    """Hang a case on the account of who came with number and code; pushes go there from now on.

    Raises :class:`NotFound` where another WeChat account holds it: who merely read a code over somebody's
    shoulder must not take the case away.
    """
    if case.reporter_id == reporter_id:
        return case
    if not await may_link(desk, case):
        raise NotFound("这件事已经挂在别的微信上")
    step = Move(Action.LINK_REPORTER, {}, changes={"reporter_id": reporter_id})
    return await mark(desk, citizen(reporter_id), case, step)


async def _alone(desk: Desk, actor: Actor, case: CaseRow, step: Move) -> CaseRow:
    """Take a step with which the case goes its own way; nothing is changed where its state refuses."""
    if step.action in states.allowed(CaseState(case.state), actor.role):
        case = await alone_again(desk, case)
    return await move(desk, actor, case, step)


async def _kept(desk: Desk, case: CaseRow, words: str) -> str:
    return await kept_words(desk, case.reporter_id, case.mode, words)
