"""People at a commitment through the API: who does what, with as little said as each step needs."""

from dataclasses import dataclass, field
from typing import Any

from storage.vocab import CommitmentAction, Role, Step
from tests.flows.api.service import Service

A = CommitmentAction
UNIT = "jiaoyu"
NEW = {
    "title": "【示例】新增学位",
    "text": "今年秋季开学前新增学位 3000 个。",
    "target": "新增学位 3000 个",
    "category": "livelihood",
    "department": UNIT,
    "due_on": "2099-08-31",
}
CONSULTED = {"reason": "用地手续延后", "consultation": "示例会议纪要：相对人同意"}
WHO: dict[str, Role] = {
    A.SUBMIT: Role.HEAD,
    A.RECORD_STEP: Role.HANDLER,
    A.SET_MILESTONE: Role.HANDLER,
    A.PREDISCLOSE: Role.DISPATCHER,
    A.OPEN_POLL: Role.DISPATCHER,
    A.ANSWER_OPINION: Role.HANDLER,
    A.PUBLISH: Role.DISPATCHER,
    A.END: Role.DISPATCHER,
    A.REPORT_PROGRESS: Role.HANDLER,
    A.CLAIM_FULFILLED: Role.HEAD,
    A.CONFIRM_FULFILLED: Role.SUPERVISOR,
    A.REFUSE_FULFILLED: Role.SUPERVISOR,
    A.DECLARE_BROKEN: Role.SUPERVISOR,
    A.PROPOSE_CHANGE: Role.HEAD,
    A.PROPOSE_END: Role.HEAD,
    A.APPROVE_CHANGE: Role.LEADER,
    A.APPROVE_END: Role.LEADER,
    A.REFUSE: Role.LEADER,
}


@dataclass
class Office:
    """One commitment as it stands; ``status`` is that of the last answer."""

    service: Service
    told: dict[str, Any] = field(default_factory=dict)
    status: int = 0

    async def create(self, role: Role = Role.HANDLER, **more: Any) -> dict[str, Any]:
        return await self._ask("/commitments", role, NEW | more)

    async def do(self, action: str, role: Role | None = None, **body: Any) -> dict[str, Any]:
        """One action by whoever may take it."""
        path = f"/commitments/{self.told['code']}/actions/{action}"
        return await self._ask(path, role or WHO[action], {"version": self.told["version"], **body})

    async def step(self, step: Step | int, role: Role = Role.HANDLER, **body: Any) -> dict[str, Any]:
        """Record a step as done today, unless ``body`` says otherwise."""
        done = {"done_on": self._today(), "outcome": "同意", "document": f"示例〔2026〕{step}号"}
        path = f"/commitments/{self.told['code']}/steps/{step}"
        return await self._ask(path, role, {"version": self.told["version"], **(body or done)})

    async def steps(self, first: int = 1, last: int = 10) -> None:
        for number in range(first, last + 1):
            await self.step(number)
            assert self.status == 200, self.told

    async def publish(self) -> dict[str, Any]:
        """The whole way from a draft into force."""
        await self.create()
        await self.do(A.SUBMIT)
        await self.steps(1, 8)
        await self.do(A.PREDISCLOSE)
        await self.steps(9, 10)
        return await self.do(A.PUBLISH)

    async def read(self, role: Role | None = None) -> dict[str, Any]:
        answer = await self.service.ask("GET", f"/commitments/{self.told['code']}", role)
        self.status = answer.status
        told: dict[str, Any] = await answer.json()
        return told

    async def _ask(self, path: str, role: Role, body: dict[str, Any]) -> dict[str, Any]:
        answer = await self.service.ask("POST", path, role, json=body)
        self.status, told = answer.status, await answer.json()
        if answer.status < 300:
            self.told = told
        return dict(told)

    def _today(self) -> str:
        return self.service.process.clock.today().isoformat()
