"""Complaints never reach those they accuse, whichever door is tried (domain 6)."""

import pytest

from intake.cases import seeing
from intake.errors import AccusedUnit, NotFound
from intake.profiles.schema import Flag
from storage.vocab import CaseType, Mode
from tests.conftest import Office
from tests.flows.intake.people import DISPATCHER, do, filed, handler, head

BROKEN_BY_UNIT = "市教育局答应给我们学校的补助两年没有兑现，教育局一直推诿。"
BY_PEOPLE = "市教育局的王科长收了钱不办事，态度恶劣。"


@pytest.mark.parametrize(
    ("text", "mode", "around"),
    [
        (BROKEN_BY_UNIT, Mode.NAMED, False),
        (BROKEN_BY_UNIT, Mode.CONFIDENTIAL, True),
        (BROKEN_BY_UNIT, Mode.ANONYMOUS, True),
        (BY_PEOPLE, Mode.NAMED, True),
        (BY_PEOPLE, Mode.ANONYMOUS, True),
    ],
)
async def test_who_gets_a_complaint_that_accuses(office: Office, text: str, mode: Mode, around: bool) -> None:
    async with office() as desk:
        case = (await filed(desk, text=text, mode=mode)).case
        education = desk.city.index.resolve("新乡市教育局")
        assert education is not None
        supervision = desk.city.flagged(Flag.SUPERVISION)
        assert case.department == (supervision if around else education.code)
        for actor in (handler(education.code), head(education.code)):
            if not around:
                assert (await seeing.find(desk, actor, case.tracking_no)).id == case.id
                continue
            with pytest.raises(NotFound):
                await seeing.find(desk, actor, case.tracking_no)
            assert (await seeing.page(desk, actor, {}))[0] == []
        if around:
            assert (await seeing.find(desk, handler(supervision or ""), case.tracking_no)).id == case.id


async def test_even_the_dispatcher_cannot_send_it_there(office: Office) -> None:
    async with office() as desk:
        case = (await filed(desk, text=BROKEN_BY_UNIT, mode=Mode.ANONYMOUS, awaits_transcript=True)).case
        assert case.state == "received"
        with pytest.raises(AccusedUnit):
            await do(desk, DISPATCHER, case, "dispatch", department="新乡市教育局")


async def test_an_anonymous_inquiry_goes_where_it_asks(office: Office) -> None:
    async with office() as desk:
        case = (
            await filed(
                desk, type=CaseType.INQUIRY, text="请问市教育局今年小学几号报名？", mode=Mode.ANONYMOUS
            )
        ).case
        assert desk.city.unit_name(case.department) == "新乡市教育局"


async def test_an_ordinary_grievance_goes_to_the_hotline_desk_with_the_ranking(office: Office) -> None:
    async with office() as desk:
        case = (await filed(desk, text="楼下烧烤店半夜吵得睡不着", about_commitment=0.1)).case
        assert case.department == desk.city.flagged(Flag.DESK_12345)
        assert len(case.suggestion) >= 3
