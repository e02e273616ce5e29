"""列出诉求: an answer treats each of them."""

import pytest

from intake.cases import seeing
from intake.errors import Invalid
from storage.vocab import Mode
from tests.conftest import Office
from tests.flows.intake.people import DISPATCHER, do, filed, handler, head

ANSWER = {"text": "分项答复如下。", "outcome": "partly"}


async def test_an_answer_treats_each_claim(office: Office) -> None:
    async with office() as desk:
        case = (await filed(desk)).case
        unit = case.department or ""
        case = await do(desk, DISPATCHER, case, "set_claims", claims=["交房", "赔偿逾期费"])
        await do(desk, handler(unit), case, "sign")
        one, two = (
            {"n": 1, "outcome": "resolved", "text": "已交房"},
            {"n": 2, "outcome": "planned", "text": "年底前付"},
        )
        for claims in ([], [one], [one, one], [one, two, {**two, "n": 3}]):
            with pytest.raises(Invalid) as refused:
                await do(desk, handler(unit), case, "answer", **ANSWER, claims=claims)
            assert "claims" in refused.value.facts["fields"]
        await do(desk, handler(unit), case, "answer", **ANSWER, claims=[two, one])
        case = await do(desk, head(unit), case, "approve")
        told = (await seeing.details(desk, case))["claims"]
        assert [(c["text"], c["outcome"], c["answer"]) for c in told] == [
            ("交房", "resolved", "已交房"),
            ("赔偿逾期费", "planned", "年底前付"),
        ]


async def test_claims_come_one_a_line_and_can_be_taken_back(office: Office) -> None:
    async with office() as desk:
        case = (await filed(desk)).case
        case = await do(desk, DISPATCHER, case, "set_claims", claims="交房\n\n 赔偿 \n")
        assert [claim["text"] for claim in case.claims or ()] == ["交房", "赔偿"]
        case = await do(desk, DISPATCHER, case, "set_claims", claims=[])
        assert case.claims is None
        with pytest.raises(Invalid):
            await do(desk, DISPATCHER, case, "set_claims", claims=["x" * 501])


async def test_claims_of_a_confidential_case_are_masked(office: Office) -> None:
    async with office() as desk:
        case = (await filed(desk, mode=Mode.CONFIDENTIAL)).case
        case = await do(desk, DISPATCHER, case, "set_claims", claims=["给13800001234回电话"])
        assert "13800001234" not in str(case.claims)
