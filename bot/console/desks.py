"""What waits for whom: the numbers of each role's start page, each of them a list that the filters know."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from bot.console.navigation import came_from
from storage.vocab import Heading, Role

LIST = "/console/cases"
R, H = Role, Heading


@dataclass(frozen=True, slots=True, eq=False)
class Waiting:
    """A number over the list that ``query`` asks for; ``pressing`` ones stand out while they are not zero,
    the first cases of ``listed`` ones are shown as well."""

    words: str
    query: Mapping[str, str]
    pressing: bool = False
    listed: bool = False

    @property
    def href(self) -> str:
        return f"{LIST}?{urlencode(self.query)}"

    @property
    def tail(self) -> str:
        """Behind the address of a case of it: the way back."""
        return came_from(self.query)


TO_SIGN = {"state": "dispatched", "sort": "due"}
SOON = Waiting("三个工作日内到期", {"due": "3", "sort": "due"}, listed=True)
TODAY = Waiting("今天到期", {"due": "0", "sort": "due"}, pressing=True)
LATE = Waiting("已超期", {"overdue": "true", "sort": "due"}, pressing=True)
OWN_LATE = Waiting(LATE.words, LATE.query, pressing=True, listed=True)
UNHAPPY = {"state": "answered", "heading": H.DISSATISFIED.value}
TRIAGE = Waiting("待受理派单", {"state": "received", "sort": "waiting"})

WAITING: Mapping[Role, tuple[Waiting, ...]] = {
    R.HANDLER: (
        Waiting("退回修改", {"sent_back": "true", "sort": "due"}, pressing=True, listed=True),
        Waiting("不满意", UNHAPPY, pressing=True, listed=True),
        OWN_LATE,
        TODAY,
        SOON,
        Waiting("待签收", TO_SIGN, listed=True),
        Waiting("办理中", {"state": "handling", "sort": "due"}),
    ),
    R.HEAD: (
        Waiting("待审核", {"state": "reviewing", "sort": "due"}, pressing=True, listed=True),
        OWN_LATE,
        TODAY,
        SOON,
        Waiting("退单、延期待裁定", {"asks": "any"}, listed=True),
        Waiting("退单转来", {"returned": "true"}),
        Waiting("待签收", TO_SIGN),
    ),
    R.DISPATCHER: (
        TRIAGE,
        Waiting("退单待裁定", {"asks": "return"}, pressing=True, listed=True),
        Waiting("延期待裁定", {"asks": "extension"}, pressing=True, listed=True),
        Waiting("待回访", {"follow_up": "true", "sort": "waiting"}, listed=True),
        LATE,
        Waiting("待签收", TO_SIGN),
    ),
    R.SUPERVISOR: (
        Waiting("今天到期", {"heading": H.DUE_TODAY.value, "sort": "due"}, listed=True),
        Waiting("三日内到期", {"heading": H.DUE_IN_THREE_DAYS.value, "sort": "due"}),
        Waiting("已超期", {"heading": H.OVERDUE.value, "sort": "due"}, pressing=True),
        Waiting("逾时未签收", {"heading": H.UNSIGNED.value, "sort": "due"}, pressing=True, listed=True),
        Waiting("退单两次以上", {"heading": H.RETURNED_MORE_THAN_ONCE.value}, listed=True),
        Waiting("不满意", {"heading": H.DISSATISFIED.value}),
        Waiting("联系不上", {"heading": H.UNREACHABLE.value}),
    ),
    R.LEADER: (
        Waiting("督办的办件", {"supervised": "true", "sort": "due"}, listed=True),
        Waiting("其中已超期", {"supervised": "true", "overdue": "true", "sort": "due"}, pressing=True),
    ),
    R.AUDITOR: (
        Waiting("待受理派单", {"state": "received"}),
        Waiting("办理中", {"state": "handling"}),
        Waiting("已答复", {"state": "answered"}),
        LATE,
        Waiting("督办的", {"supervised": "true"}, listed=True),
    ),
    R.CUSTODIAN: (
        Waiting("办理中", {"state": "handling"}),
        Waiting("已答复", {"state": "answered"}),
    ),
}
BY_UNIT: Mapping[Role, tuple[Waiting, ...]] = {
    R.SUPERVISOR: (WAITING[R.SUPERVISOR][2], WAITING[R.SUPERVISOR][0], WAITING[R.SUPERVISOR][3]),
}
"""Columns of the table that goes unit by unit, the first of which orders it."""
MORE: Mapping[Role, tuple[tuple[str, str], ...]] = {
    R.SUPERVISOR: (
        ("提醒记录", "/console/reminders/log"),
        ("待认定的承诺", "/console/commitments?waiting=true"),
    ),
    R.LEADER: (("待审批的承诺", "/console/commitments?waiting=true"),),
    R.CUSTODIAN: (("身份查看记录", "/console/identities"),),
    R.ADMIN: (
        ("账号", "/console/admin/staff"),
        ("单位", "/console/admin/departments"),
        ("日历", "/console/admin/calendar"),
        ("运行状态", "/console/admin/state"),
    ),
    R.LIAISON: (("承诺", "/console/commitments"),),
}
NOTHING: Mapping[Role, str] = {
    R.ADMIN: "系统管理员不看办件的内容。账号、单位、规则、日历和菜单在“管理”里。",
    R.LIAISON: "现在没有移交给您的问责线索。",
}
