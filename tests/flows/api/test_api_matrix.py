"""Every route of the table × every role × own, other and accused unit × what is there to be seen: the order
of errors of the contract. A route or an action without an expectation here fails."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from bot.web.api.table import ENDPOINTS
from intake import canned
from intake.actor import citizen
from intake.cases import reporter
from intake.cases.actions import ACTIONS
from intake.messages import leave
from intake.reporters import add_person
from storage.stores.cases import CaseRow
from storage.unit import Unit
from storage.vocab import CaseState, Mode, Role
from tests.flows.api.service import Service
from tests.flows.intake.people import DISPATCHER, do, handler
from tests.proofs.paper import MOVES
from tests.proofs.standing import digest
from tests.proofs.verdict import LINKED_TOO

OWN, OTHER, ACCUSED = "yingshang", "jiaoyu", "chengguan"
GUIDE, PROMISE, DRAFT = "EXAMPLE-1", "EXAMPLE-2", "EXAMPLE-3"
BRIBED = "市城管局的王科长收了钱不办事，态度恶劣。"
UNITED = (Role.HANDLER, Role.HEAD)
PEOPLE = [
    *((role, None) for role in Role if role not in (*UNITED, Role.CITIZEN, Role.SYSTEM)),
    *((role, unit) for role in UNITED for unit in (OWN, OTHER, ACCUSED)),
]
SEES_ALL = {Role.DISPATCHER, Role.SUPERVISOR, Role.AUDITOR, Role.CUSTODIAN}
EVERYBODY = frozenset(role for role, _ in PEOPLE)
Who = tuple[Role, str | None]


@dataclass(frozen=True)
class Route:
    """``roles``: who may; ``bad``: what makes it invalid, ``good`` what does not (None: it would change
    something); ``absent``: an address at which nothing is; ``of_case``: only where the case is seen;
    ``of_unit``: a unit's own, of which who belongs to none is told so first; ``read_by_all``: a unit's own,
    which the others see and may not touch."""

    roles: frozenset[Role] = EVERYBODY
    bad: dict[str, Any] | None = None
    good: dict[str, Any] | None = field(default_factory=dict)
    absent: str = ""
    of_case: bool = False
    of_unit: bool = False
    read_by_all: bool = False


def _only(*roles: Role) -> frozenset[Role]:
    return frozenset(roles)


EMPTY: dict[str, Any] = {"json": {}}
NOWHERE = "/cases/TS20260101000010"
ROUTES: dict[tuple[str, str], Route] = {
    ("POST", "/understand"): Route(
        _only(Role.DISPATCHER, Role.SUPERVISOR, Role.ADMIN, Role.AUDITOR),
        EMPTY,
        {"json": {"text": "路灯坏了"}},
    ),
    ("GET", "/cases"): Route(bad={"params": {"limit": "x"}}),
    ("POST", "/cases"): Route(_only(Role.DISPATCHER), EMPTY, None),
    ("GET", "/cases/{tracking_no}"): Route(absent=NOWHERE, of_case=True),
    ("POST", "/cases/{tracking_no}/identity"): Route(
        _only(Role.CUSTODIAN, Role.DISPATCHER, *UNITED), EMPTY, None, f"{NOWHERE}/identity", True
    ),
    ("POST", "/cases/{tracking_no}/commitments"): Route(
        _only(Role.DISPATCHER), EMPTY, None, f"{NOWHERE}/commitments", True
    ),
    ("POST", "/files"): Route(
        _only(Role.DISPATCHER, Role.SUPERVISOR, *UNITED), {"data": {"other": "x"}}, None
    ),
    ("GET", "/files/{id}"): Route(absent="/files/" + "0" * 32, of_case=True),
    ("GET", "/messages"): Route(_only(Role.DISPATCHER, Role.SUPERVISOR)),
    ("POST", "/messages/{id}/reply"): Route(_only(Role.DISPATCHER), EMPTY, None, "/messages/999/reply"),
    ("GET", "/canned-answers"): Route(_only(*UNITED)),
    ("POST", "/canned-answers"): Route(_only(*UNITED), EMPTY, None),
    ("PUT", "/canned-answers/{id}"): Route(_only(*UNITED), EMPTY, None, "/canned-answers/999", of_unit=True),
    ("GET", "/supervision"): Route(_only(Role.SUPERVISOR)),
    ("GET", "/analysis"): Route(
        _only(Role.SUPERVISOR, Role.LEADER, Role.DISPATCHER, Role.AUDITOR, *UNITED),
        {"params": {"from": "gestern"}},
    ),
    ("GET", "/calendar/{date}"): Route(_only(Role.ADMIN)),
    ("PUT", "/calendar/{date}"): Route(_only(Role.ADMIN), EMPTY, None),
    ("GET", "/reminders"): Route(_only(Role.SUPERVISOR), {"params": {"since": "gestern"}}),
    ("GET", "/commitments"): Route(bad={"params": {"state": "x"}}),
    ("GET", "/commitments/{code}"): Route(absent="/commitments/none", good=None),
    ("POST", "/commitments"): Route(_only(Role.DISPATCHER, *UNITED), EMPTY, None),
    ("POST", "/commitments/{code}/actions/{action}"): Route(
        _only(Role.HEAD), EMPTY, None, "/commitments/none/actions/submit", read_by_all=True
    ),
    ("POST", "/commitments/{code}/steps/{step}"): Route(
        _only(Role.DISPATCHER, *UNITED), EMPTY, None, "/commitments/none/steps/1", read_by_all=True
    ),
    ("GET", "/guides"): Route(bad={"params": {"state": "x"}}),
    ("GET", "/guides/{code}"): Route(absent="/guides/none", good=None),
    ("POST", "/guides"): Route(_only(Role.DISPATCHER, Role.ADMIN, *UNITED), EMPTY, None),
    ("PUT", "/guides/{code}"): Route(
        _only(Role.DISPATCHER, Role.ADMIN, *UNITED), EMPTY, None, "/guides/none", read_by_all=True
    ),
    ("GET", "/departments"): Route(),
}
ACTING = ("POST", "/cases/{tracking_no}/actions/{action}")
#: What each action needs beside the version.
BODIES: dict[str, dict[str, Any]] = {
    "dispatch": {"department": OTHER},
    "decline": {"code": "litigation", "reason": "已经起诉"},
    "answer_now": {"text": "带身份证。", "source": GUIDE},
    "transcribe": {"text": "录音里说的话"},
    "sign": {},
    "answer": {"text": "已经办好。", "outcome": "resolved"},
    "approve": {},
    "send_back": {"reason": "重写"},
    "request_return": {"reason": "不归我们", "basis": "三定", "proposed_department": OTHER},
    "rule_return": {"approve": False, "reason": "理由不足"},
    "request_extension": {"reason": "要会商", "days": 1},
    "rule_extension": {"approve": True, "reason": "属实"},
    "ask_citizen": {"text": "在哪里？"},
    "reply_citizen": {"text": "在东头"},
    "set_claims": {"claims": ["修灯"]},
    "correct_accused": {"accused": [], "reason": "听了录音"},
    "link_commitment": {"code": PROMISE, "reason": "看了文件"},
    "merge": {"into": ""},
    "unmerge": {},
    "ask_unit": {"department": OTHER, "text": "请协助", "due_on": "2099-01-01"},
    "assign": {"handler": ""},
    "contacted": {"how": "电话", "words": "联系过"},
    "follow_up": {"reached": True, "words": "回访"},
    "withdraw": {"reason": "来电说不再反映"},
    "supervise": {"demand": "抓紧", "due_on": "2099-01-01"},
    "close": {},
    "reopen": {"reason": "又坏了"},
    "note": {"text": "备注"},
}
EVERYWHERE = ("supervise", "note", "link_commitment")


def test_every_route_and_every_action_has_an_expectation() -> None:
    assert {(e.method, e.path) for e in ENDPOINTS} == {*ROUTES, ACTING}
    assert set(BODIES) == {action.value for action in ACTIONS}


@dataclass
class Ground:
    """A case that is over, one that follows another, an open one, a file and a message."""

    service: Service
    over: CaseRow
    lead: CaseRow
    follower: CaseRow
    waiting: CaseRow
    message: int
    canned: int

    async def ask(self, method: str, path: str, who: Who, **more: Any) -> tuple[int, dict[str, Any]]:
        answer = await self.service.ask(method, path, *who, **more)
        if answer.status < 400:
            return answer.status, {}
        told = await answer.json()
        assert answer.content_type == "application/problem+json"
        assert told["status"] == answer.status
        assert any("一" <= sign <= "鿿" for sign in told["detail"]), told
        return answer.status, told

    async def act(
        self, case: CaseRow, action: str, who: Who, body: dict[str, Any]
    ) -> tuple[int, dict[str, Any]]:
        return await self.ask("POST", f"/cases/{case.tracking_no}/actions/{action}", who, json=body)

    def body(self, action: str, who: Who) -> dict[str, Any]:
        more = {"merge": {"into": self.lead.tracking_no}, "assign": {"handler": f"{who[0].value}-{OWN}"}}
        return BODIES[action] | more.get(action, {})

    async def digest(self) -> str:
        async with self.service.process.database.read() as unit:
            ids = [case.id for case in (self.over, self.lead, self.follower, self.waiting)]
            return await digest(self.service.process.desk(unit), ids)


@pytest.fixture
async def ground(service: Service) -> Ground:
    process = service.process
    over = (await service.file(BRIBED)).case
    assert over.department == OWN
    lead, follower = (await service.file(BRIBED)).case, (await service.file(BRIBED)).case
    waiting = (await service.file(BRIBED, awaits_transcript=True, mode=Mode.NAMED)).case

    async def work(unit: Unit) -> Ground:
        desk = process.desk(unit)
        done = await reporter.withdraw(desk, citizen(over.reporter_id), over)
        signed = await do(desk, handler(OWN), lead, "sign")
        merged = await do(desk, DISPATCHER, follower, "merge", into=lead.tracking_no)
        row = {
            "id": "f" * 32,
            "case_id": over.id,
            "kind": "document",
            "state": "stored",
            "location": stored.location,
        }
        await unit.files.add(row | {"content_type": "application/pdf", "size": 15, "created_at": desk.now()})
        for role in UNITED:
            staff = {"login": f"{role.value}-{OWN}", "name": "示例", "role": role.value, "department": OWN}
            await unit.staff.add(staff | {"password_hash": "-", "disabled": False, "created_at": desk.now()})
        number = await leave(desk, await add_person(desk), "有人吗")
        guide = {"code": GUIDE, "title": "示例事项", "department": OTHER}
        guide |= {"steps": [], "cautions": [], "documents": [], "state": "published"}
        draft = guide | {"code": DRAFT, "department": OWN, "state": "draft"}
        await unit.registry.add_guides([guide, draft], desk.now())
        promise = {"code": PROMISE, "title": "示例承诺", "text": "示例承诺的内容", "department": OWN}
        promise |= {"category": "service", "state": "active", "public": True, "historical": True}
        await unit.registry.add_commitments([promise], desk.now())
        kept = await canned.add(desk, handler(OWN), canned.NewCanned(title="示例", text="已经办好。"))
        return Ground(service, done, signed, merged, waiting, number, kept.id)

    stored = await process.files.put(b"%PDF-1.4\n%%EOF\n")
    return await process.database.run(work)


def sees(who: Who) -> bool:
    return who[0] in SEES_ALL or who[1] == OWN


Ask = Callable[[dict[str, Any] | None], Awaitable[tuple[int, dict[str, Any]]]]


@pytest.mark.parametrize("route", ROUTES, ids=" ".join)
async def test_a_route_refuses_in_the_contracts_order(ground: Ground, route: tuple[str, str]) -> None:
    (method, path), wanted = route, ROUTES[route]
    filled = {"{tracking_no}": ground.over.tracking_no, "{date}": "2026-03-04"}
    filled |= {
        "{code}": DRAFT if path.startswith("/guides") else PROMISE,
        "{action}": "submit",
        "{step}": "1",
    }
    of = {"/files": "f" * 32, "/canned-answers": str(ground.canned)}
    filled["{id}"] = next((of[start] for start in of if path.startswith(start)), str(ground.message))
    here = path
    for name, value in filled.items():
        here = here.replace(name, value)
    public = next(e.public for e in ENDPOINTS if (e.method, e.path) == route)
    nobody = await ground.service.ask(method, wanted.absent or here, **(wanted.bad or {}))
    assert (nobody.status == 401) is not public
    before = await ground.digest()
    for who in PEOPLE:
        bad = wanted.bad or {}
        if wanted.absent and (who[0] in wanted.roles or not wanted.of_unit):
            status, told = await ground.ask(method, wanted.absent, who, **bad)
            assert (status, told["code"]) == (404, "not_found"), who
        elsewhere = who[0] in wanted.roles and who[1] != OWN
        if (wanted.of_case and not sees(who)) or (wanted.of_unit and elsewhere):
            status, told = await ground.ask(method, here, who, **bad)
            assert (status, told["code"]) == (404, "not_found"), who
        elif who[0] not in wanted.roles or (wanted.read_by_all and who[1] not in (None, OWN)):
            status, told = await ground.ask(method, here, who, **bad)
            assert (status, told["code"]) == (403, "role"), who
        else:
            if wanted.bad is not None:
                status, told = await ground.ask(method, here, who, **bad)
                assert (status, told["code"]) == (422, "invalid"), who
                assert told["fields"]
            if wanted.good is not None:
                assert (await ground.ask(method, here, who, **wanted.good))[0] == 200, who
    assert await ground.digest() == before


@pytest.mark.parametrize("who", PEOPLE, ids=lambda who: f"{who[0]}-{who[1]}")
async def test_an_action_refuses_in_the_contracts_order(ground: Ground, who: Who) -> None:
    """Each request is wrong in all later ways too, so that only the order decides."""
    before = await ground.digest()
    version = ground.over.version
    for action in BODIES:
        answer = await ground.service.ask("POST", f"{NOWHERE}/actions/{action}", json={})
        assert answer.status == 401
        status, told = await ground.ask("POST", f"{NOWHERE}/actions/{action}", who, json={})
        assert (status, told["code"]) == (404, "not_found"), action
        status, told = await ground.act(ground.over, action, who, {"version": "x"})
        if not sees(who):
            assert (status, told["code"]) == (404, "not_found"), action
            continue
        if who[0].value not in roles_of(action):
            assert (status, told["code"]) == (403, "role"), action
            continue
        assert (status, told["code"]) == (422, "invalid"), action
        assert "version" in told["fields"], action
        body = ground.body(action, who)
        if not body.keys() <= {"approve"}:
            status, told = await ground.act(
                ground.over, action, who, dict.fromkeys(body, (" ",)) | {"version": 0}
            )
            assert (status, told["code"]) == (422, "invalid"), action
            assert told["fields"]
        status, told = await ground.act(ground.over, action, who, body | {"version": version + 7})
        assert (status, told["code"]) == (409, "stale_version"), action
        assert (told["version"], told["state"]) == (version, "withdrawn")
        if action not in EVERYWHERE:
            status, told = await ground.act(ground.over, action, who, body | {"version": version})
            assert (status, told["code"]) == (422, "state_refuses"), action
            assert told["state"] == "withdrawn"
            assert set(told["allowed"]) <= set(EVERYWHERE)
    status, told = await ground.act(ground.over, "nothing", who, {})
    assert (status, told["code"]) == (404, "not_found")
    assert await ground.digest() == before


@pytest.mark.parametrize("who", [one for one in PEOPLE if sees(one)], ids=lambda who: f"{who[0]}-{who[1]}")
async def test_a_case_that_follows_refuses_what_the_office_does(ground: Ground, who: Who) -> None:
    before = await ground.digest()
    for action in BODIES:
        taken = MOVES.get((CaseState.HANDLING.value, action))
        if taken is None or who[0].value not in taken[0] or action in UNTIL_ASKED:
            continue
        body = ground.body(action, who) | {"version": ground.follower.version}
        status, told = await ground.act(ground.follower, action, who, body)
        assert (status, told["code"]) == (422, "merged"), (action, told)
        assert told["into"] == ground.lead.tracking_no
    assert await ground.digest() == before


UNTIL_ASKED = {"merge", *LINKED_TOO, "rule_return", "rule_extension", "reply_citizen", "transcribe"}


async def test_nothing_goes_towards_the_accused_unit(ground: Ground) -> None:
    before = await ground.digest()
    help_us = BODIES["ask_unit"] | {"department": ACCUSED, "version": ground.lead.version}
    for action, case, body in (
        ("dispatch", ground.waiting, {"department": ACCUSED, "version": ground.waiting.version}),
        ("ask_unit", ground.lead, help_us),
        ("ask_unit", ground.follower, help_us | {"version": ground.follower.version}),
    ):
        case = await fresh(ground, case)
        status, told = await ground.act(
            case, action, (Role.DISPATCHER, None), body | {"version": case.version}
        )
        assert (status, told["code"]) == (422, "accused_unit"), action
    assert await ground.digest() == before


async def fresh(ground: Ground, case: CaseRow) -> CaseRow:
    async with ground.service.process.database.read() as unit:
        row = await unit.cases.get(case.id)
        assert row is not None
        return row


def roles_of(action: str) -> frozenset[str]:
    return frozenset().union(*(roles for (_, one), (roles, _) in MOVES.items() if one == action))
