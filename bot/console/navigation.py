"""Where somebody goes in the console: what the role needs most stands in the bar, the rest under 更多."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl, quote, urlencode

from pydantic import BaseModel

from bot.http.filters import CaseFilter, CommitmentFilter, GuideFilter
from intake.actor import ALL_SEEING, OF_ONE_UNIT
from intake.administering.log import READERS as ADMIN_LOG_READERS
from intake.analysis.looking import READERS as FIGURE_READERS
from intake.learning import READERS as LEARNING_READERS
from intake.messages import READERS as MESSAGE_READERS
from intake.reporters import LOG_READERS
from storage.vocab import Role

IN_BAR = 4
"""Links beside 更多: as many as a phone shows side by side."""
START, CASES, PROMISES = "/console", "/console/cases", "/console/commitments"
GUIDES, FIGURES, REGISTER = "/console/guides", "/console/analysis", "/console/register"
IDENTITIES, CANNED, MESSAGES = "/console/identities", "/console/canned", "/console/messages"
LEARNING, ADMIN, LOG = "/console/learning", "/console/admin", "/console/admin/log"
REMINDED, ACCOUNT = "/console/reminders/log", "/console/me"
R, EVERYBODY = Role, frozenset(Role)
SEES_CASES = ALL_SEEING | OF_ONE_UNIT | {R.LEADER}
PLACES: Mapping[str, tuple[str, frozenset[Role]]] = {
    START: ("工作台", EVERYBODY),
    CASES: ("办件", SEES_CASES),
    PROMISES: ("承诺", EVERYBODY),
    FIGURES: ("分析", FIGURE_READERS),
    GUIDES: ("指南", EVERYBODY),
    REGISTER: ("登记", frozenset({R.DISPATCHER})),
    MESSAGES: ("留言", MESSAGE_READERS),
    CANNED: ("常用答复", OF_ONE_UNIT),
    REMINDED: ("提醒记录", frozenset({R.SUPERVISOR})),
    IDENTITIES: ("身份", LOG_READERS),
    LEARNING: ("学习", LEARNING_READERS - {R.ADMIN}),
    ADMIN: ("管理", frozenset({R.ADMIN})),
    LOG: ("操作记录", ADMIN_LOG_READERS - {R.ADMIN}),
}
FIRST: Mapping[Role, tuple[str, ...]] = {
    R.DISPATCHER: (START, CASES, REGISTER, MESSAGES),
    R.SUPERVISOR: (START, CASES, FIGURES, PROMISES),
    R.AUDITOR: (START, CASES, FIGURES, LOG),
    R.CUSTODIAN: (START, CASES, IDENTITIES),
    R.ADMIN: (START, ADMIN),
}
"""What comes first where it is not the order above."""
ELSEWHERE: Mapping[str, str] = {"/console/robots": ADMIN, LEARNING: ADMIN, "/console/bulk": CASES}
"""Pages that belong to a place and do not stand below it."""
LISTS: Mapping[str, type[BaseModel]] = {
    CASES: CaseFilter,
    PROMISES: CommitmentFilter,
    GUIDES: GuideFilter,
}
"""Places whose address says what is listed."""
CAME = "from"
"""In the address of a page below a list: what that list was asked for. The way back leads there."""


@dataclass(frozen=True, slots=True)
class Link:
    """One link; ``here``: the page that is shown is this place or below it."""

    words: str
    href: str
    here: bool


def links_of(role: Role, path: str) -> tuple[list[Link], list[Link]]:
    """The links in the bar and those under 更多, which are none or at least two."""
    own = [href for href, (_, roles) in PLACES.items() if role in roles]
    own.sort(key=lambda href: href not in FIRST.get(role, ()))
    here = _place_of(path, own)
    links = [Link(PLACES[href][0], href, href == here) for href in own]
    return (links, []) if len(links) <= IN_BAR + 1 else (links[:IN_BAR], links[IN_BAR:])


def came_from(asked: Mapping[str, str]) -> str:
    """Put behind the address of a page: it was opened from a list that was asked for this."""
    return f"?{urlencode({CAME: urlencode(asked)})}" if asked else ""


def came(query: Mapping[str, str]) -> dict[str, str]:
    """What a page hands on to the next address, so that the way back stays the same."""
    return {CAME: query[CAME]} if query.get(CAME) else {}


def back_of(role: Role, path: str, asked: str = "") -> Link | None:
    """What a page that stands below another one leads back to; administration has its own row of links.

    ``asked``: what the address says that the list above was asked for; the way back ends at this page's row.
    """
    above = _place_of(path, [*(href for href, (_, roles) in PLACES.items() if role in roles), ACCOUNT])
    if above in ("", path, ADMIN) or path in ELSEWHERE:
        return None
    if above == ACCOUNT:
        return Link("我的账号", above, here=False)
    return Link(PLACES[above][0], above + _row(above, path, asked), here=False)


def known(place: str, asked: str) -> dict[str, str]:
    """Of what an address says that a list was asked for, what that list knows."""
    names = LISTS[place].model_fields if place in LISTS else ()
    return {name: value for name, value in parse_qsl(asked) if name in names}


def _row(above: str, path: str, asked: str) -> str:
    row = path.removeprefix(f"{above}/").partition("/")[0]
    return f"?{urlencode(given)}#{quote(row)}" if (given := known(above, asked)) else ""


def _place_of(path: str, own: list[str]) -> str:
    """Which of somebody's places a page belongs to: the one whose address it continues furthest."""
    path = path.rstrip("/")
    path = path if path in own else ELSEWHERE.get(path, path)
    found = [href for href in own if path == href or (href != START and path.startswith(f"{href}/"))]
    return max(found, key=len, default="")
