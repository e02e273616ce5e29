"""Who acts in the walks through the databases, and what they fill in: mostly right, sometimes not."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from intake.actor import Actor
from intake.clock import local
from intake.desk import Desk
from intake.errors import Invalid
from storage.stores.cases import CaseRow
from storage.vocab import CaseType, Mode, Role
from tests.flows.deadlines.conftest import employ
from tests.flows.intake.people import DISPATCHER, SUPERVISOR, handler, head

UNITS = ("zhujian", "jiaoyu", "chengguan", "yingshang", "rexian")
OF_UNITS = tuple(make(unit) for unit in UNITS for make in (handler, head))
STAFF = (
    DISPATCHER,
    SUPERVISOR,
    *OF_UNITS,
    *(Actor(role, role.value) for role in (Role.LEADER, Role.LIAISON, Role.CUSTODIAN, Role.ADMIN)),
    Actor(Role.AUDITOR, "auditor"),
)
GUIDE = {"title": "示例事项", "steps": [], "cautions": [], "documents": []}
PROMISE = {"title": "示例承诺", "text": "示例", "category": "service", "state": "active", "historical": True}
CITIZENS_ACTIONS = ("rate", "reopen", "withdraw", "supplement", "urge", "appeal")
MATTERS: tuple[dict[str, Any], ...] = (
    {"text": "市住建局承诺今年六月交付安置房，到现在还没有动静，请督促兑现。", "about_commitment": 0.9},
    {"text": "人民路的路灯坏了半个月，请派人修一修。", "department": "chengguan"},
    {"text": "市城管局的王科长收了钱不办事，态度恶劣。", "mode": Mode.CONFIDENTIAL},
    {"text": "语音反映", "awaits_transcript": True, "mode": Mode.ANONYMOUS},
    {"text": "语音反映", "awaits_transcript": True},
    {"text": "请问小学什么时候报名？", "type": CaseType.INQUIRY, "department": "jiaoyu"},
    {"text": "请住建局在小区门口加一盏灯。", "type": CaseType.SUGGESTION, "department": "zhujian"},
    {"text": "请问办这个要带什么材料？", "type": CaseType.INQUIRY},
    {"text": "井盖没有了，有人掉下去了。", "urgent": True, "department": "chengguan"},
)
ADDED = ("在小学门口。", "市城管局的王科长收了钱不办事。", "市住建局的人推诿。", "还是没有人来。")


@dataclass(frozen=True)
class Filled:
    """What somebody sends: the body, and whether it is one that has to be refused."""

    body: dict[str, Any]
    bad: bool = False


@dataclass(frozen=True)
class Scene:
    """What is looked at when somebody fills in a form: the case, those beside it, a number to choose by."""

    desk: Desk
    actor: Actor
    case: CaseRow
    others: list[CaseRow]
    n: int

    def unit(self) -> str:
        """Another unit than the one that has the case."""
        return [code for code in UNITS if code != self.case.department][self.n % 4]

    def day(self, days: int) -> str:
        return (local(self.desk.now()).date() + timedelta(days=days)).isoformat()


def _answer(scene: Scene) -> Filled:
    claims = [{"n": one["n"], "outcome": "resolved", "text": "办好了"} for one in scene.case.claims or ()]
    body: dict[str, Any] = {"text": "已经办好。", "outcome": "resolved", "claims": claims}
    if scene.n % 4 == 0:
        body |= {"outcome": "planned", "planned_on": scene.day(scene.n % 40)}
    return Filled(body)


def _merge(scene: Scene) -> Filled:
    lead = scene.others[scene.n % len(scene.others)]
    over = lead.state in ("answered", "closed", "declined", "withdrawn")
    bad = lead.id == scene.case.id or lead.merged_into is not None or over or scene.case.linked > 0
    return Filled({"into": lead.tracking_no}, bad)


def _rule_return(scene: Scene) -> Filled:
    approve = scene.n % 3 > 0
    return Filled(
        {"approve": approve, "reason": "按三定方案"} | ({"department": scene.unit()} if approve else {})
    )


def _assign(scene: Scene) -> Filled:
    own = scene.case.department or ""
    login = scene.actor.name if scene.n % 2 else f"{own}-handler"
    bad = not login.startswith(own) or (scene.actor.role is Role.HANDLER and login != scene.actor.name)
    return Filled({"handler": login}, bad)


def guide_of(unit: str) -> str:
    """The code of the guide that stands in the registry for a unit."""
    return f"GUIDE-{unit}".upper()


def _withdraw(scene: Scene) -> Filled:
    return Filled({} if scene.actor.role is Role.CITIZEN else {"reason": "来电说不再反映"})


def _follow_up(scene: Scene) -> Filled:
    reached = scene.n % 3 > 0
    rating = {"rating": 1 + scene.n % 5} if reached and scene.n % 2 else {}
    body = {"reached": reached, "words": "电话回访"} | rating
    if scene.n % 4:
        return Filled(body)
    return Filled(body | {"reopen": True}, bad=not reached or rating.get("rating", 0) >= 3)


def _answer_now(scene: Scene) -> Filled:
    return Filled({"text": "带身份证。", "source": guide_of(UNITS[scene.n % 5])})


async def furnish(desk: Desk) -> None:
    """Everybody's account, and a guide and a commitment of each unit."""
    for actor in STAFF:
        await employ(desk, actor.name, actor.role, actor.department)
    guides = [{"code": guide_of(code), "department": code, **GUIDE} for code in UNITS]
    await desk.unit.registry.add_guides(guides, desk.now())
    promises = [{"code": promise_of(code), "department": code, **PROMISE} for code in UNITS]
    await desk.unit.registry.add_commitments(promises, desk.now())


def promise_of(unit: str) -> str:
    """The code of the commitment that stands in the registry for a unit."""
    return f"PROMISE-{unit}".upper()


def _link(scene: Scene) -> Filled:
    code = promise_of(UNITS[scene.n % 5]) if scene.n % 4 else None
    reason = "看了会议纪要" if scene.n % 3 else ""
    was = scene.case.commitment
    body = {name: value for name, value in (("code", code), ("reason", reason)) if value}
    return Filled(body, bad=code == was or (was is not None and not reason))


FORMS: dict[str, Callable[[Scene], Filled]] = {
    "answer": _answer,
    "merge": _merge,
    "rule_return": _rule_return,
    "assign": _assign,
    "follow_up": _follow_up,
    "withdraw": _withdraw,
    "answer_now": _answer_now,
    "link_commitment": _link,
    "dispatch": lambda s: Filled({"department": UNITS[s.n % 5]}),
    "decline": lambda s: Filled({"code": "litigation", "reason": "已经起诉"}),
    "transcribe": lambda s: Filled({"text": ADDED[s.n % 4]}),
    "supplement": lambda s: Filled({"text": ADDED[s.n % 4]}),
    "request_return": lambda s: Filled(
        {"reason": "不归我们", "basis": "三定", "proposed_department": s.unit()}
    ),
    "request_extension": lambda s: Filled({"reason": "要会商", "days": s.n % 12}, not 1 <= s.n % 12 <= 10),
    "rule_extension": lambda s: Filled({"approve": s.n % 3 > 0, "reason": "情况属实"}),
    "ask_citizen": lambda s: Filled({"text": "在哪一段？"}),
    "reply_citizen": lambda s: Filled({"text": "在东头。"}),
    "set_claims": lambda s: Filled({"claims": ["修灯", "道歉"][: s.n % 3]}),
    "correct_accused": lambda s: Filled({"accused": [UNITS[s.n % 5]] * (s.n % 2), "reason": "听了录音"}),
    "ask_unit": lambda s: Filled({"department": s.unit(), "text": "请协助", "due_on": s.day(s.n % 9)}),
    "contacted": lambda s: Filled({"how": "电话", "words": "已经联系"}),
    "supervise": lambda s: Filled({"demand": "抓紧", "due_on": s.day(s.n % 9)}),
    "note": lambda s: Filled({"text": "备注"}),
    "reopen": lambda s: Filled({"reason": "没有解决"}),
    "send_back": lambda s: Filled({"reason": "没有答到点子上"}),
}
EMPTIED = (
    "reason",
    "text",
    "department",
    "into",
    "source",
    "handler",
    "proposed_department",
    "words",
    "demand",
    "accused",
)


def filled(scene: Scene, action: str) -> Filled:
    """The form of an action; one in nine with something missing, blank or unknown."""
    whole = FORMS.get(action, lambda s: Filled({}))(scene)
    name = next((name for name in EMPTIED if name in whole.body), None)
    if scene.n % 9 or name is None:
        return whole
    value = {"accused": ["没有的局"]}.get(name, "没有的局" if "department" in name else "  ")
    return Filled(whole.body | {name: value}, bad=True)


def refused(desk: Desk, error: Exception) -> str:
    """The stable code of a refusal; what is invalid names its fields in Chinese."""
    code = str(getattr(error, "code", ""))
    assert code
    assert any("一" <= sign <= "鿿" for sign in str(error)), error
    if isinstance(error, Invalid):
        assert error.facts.get("fields"), error
    return code
