"""A number alone opens nothing; the code opens one case, and guessing ends."""

import pytest

from intake.cases.reporter import link, open_by_code, own_case
from intake.errors import NotFound, TooManyTries, WrongCode
from tests.conftest import Office
from tests.flows.intake.people import filed, meet
from tests.support.time import HandClock


async def test_another_needs_the_code_and_takes_the_case_over_only_when_its_reporter_left(
    office: Office,
) -> None:
    async with office() as desk:
        made = await filed(desk)
        other = await meet(desk, "p" * 28)
        with pytest.raises(NotFound):
            await own_case(desk, other, made.case.tracking_no)
        case = await open_by_code(desk, other, made.case.tracking_no, made.query_code)
        with pytest.raises(NotFound):
            await link(desk, other, case)
        await desk.unit.identities.change(case.reporter_id, {"reachable": False})
        await link(desk, other, case)
        assert (await own_case(desk, other, made.case.tracking_no)).id == made.case.id


async def test_five_wrong_tries_an_hour_whoever_asks(office: Office, clock: HandClock) -> None:
    async with office() as desk:
        made = await filed(desk)
        wrong = "000000" if made.query_code != "000000" else "111111"
        askers = [await meet(desk, f"q{n:027}") for n in range(3)]
        for n in range(5):
            with pytest.raises(WrongCode):
                await open_by_code(desk, askers[n % 2], made.case.tracking_no, wrong)
        with pytest.raises(TooManyTries):
            await open_by_code(desk, askers[2], made.case.tracking_no, made.query_code)
        clock.advance(hours=1, seconds=1)
        opened = await open_by_code(desk, askers[2], made.case.tracking_no, made.query_code)
        assert opened.id == made.case.id


async def test_one_asker_cannot_try_many_numbers(office: Office) -> None:
    async with office() as desk:
        made = [await filed(desk, await meet(desk, f"r{n:027}")) for n in range(6)]
        asker = await meet(desk, "s" * 28)
        for one in made[:5]:
            with pytest.raises(WrongCode):
                await open_by_code(desk, asker, one.case.tracking_no, "abc")
        with pytest.raises(TooManyTries):
            await open_by_code(desk, asker, made[5].case.tracking_no, made[5].query_code)
