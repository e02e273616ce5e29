"""Never to the accused (domain 6), and ordinary complaints to the desk (domain 3)."""

from collections.abc import Iterable

import pytest

from intake.routing.around import CaseFacts, Route, handling_unit, hidden_units, may_receive, shut_out
from intake.routing.match import rank
from intake.routing.names import UnitIndex
from storage.vocab import CaseType, Mode

QUIET = [Mode.CONFIDENTIAL, Mode.ANONYMOUS]
CONDUCT = "市住建局答应的房产证一直不给办。"
PEOPLE = "市住建局工作人员索要好处费。"


def routed(
    text: str,
    index: UnitIndex,
    mode: Mode = Mode.NAMED,
    case_type: CaseType = CaseType.COMPLAINT,
    about: float = 0.9,
    chosen: str | None = None,
    accused: Iterable[str] | None = None,
) -> Route:
    ranking = rank(text, index, case_type=case_type)
    return handling_unit(
        ranking,
        case_type=case_type,
        mode=mode,
        about_commitment=about,
        units=index.units,
        chosen=chosen,
        accused=accused,
    )


@pytest.mark.parametrize("mode", QUIET)
def test_a_kept_reporter_never_meets_the_accused(mode: Mode, index: UnitIndex) -> None:
    route = routed(CONDUCT, index, mode)
    assert (route.department, route.via, route.sure) == ("yingshang", "supervision", True)


def test_a_named_reporter_may_have_the_unit_itself_answer(index: UnitIndex) -> None:
    route = routed(CONDUCT, index)
    assert (route.department, route.via) == ("zhujian", "direct")


@pytest.mark.parametrize("mode", list(Mode))
def test_who_accuses_people_goes_around_in_every_mode(mode: Mode, index: UnitIndex) -> None:
    assert routed(PEOPLE, index, mode).department == "yingshang"


@pytest.mark.parametrize("mode", QUIET)
def test_the_supervising_unit_accused_leaves_discipline(mode: Mode, index: UnitIndex) -> None:
    route = routed("营商环境办收了材料一直推诿。", index, mode)
    assert (route.department, route.via) == ("jiwei", "discipline")


def test_nobody_is_guessed_when_both_supervisors_are_accused(index: UnitIndex) -> None:
    route = routed(PEOPLE, index, accused=["yingshang", "jiwei"])
    assert (route.department, route.sure) == (None, False)


@pytest.mark.parametrize("case_type", [CaseType.INQUIRY, CaseType.SUGGESTION])
def test_inquiries_and_suggestions_are_not_affected(case_type: CaseType, index: UnitIndex) -> None:
    route = routed(PEOPLE, index, Mode.ANONYMOUS, case_type, about=0.0)
    assert (route.department, route.via) == ("zhujian", "direct")


def test_an_ordinary_complaint_goes_to_the_desk(index: UnitIndex) -> None:
    route = routed("楼下烧烤摊油烟扰民到半夜。", index, about=0.1)
    assert (route.department, route.via, route.sure) == ("rexian", "desk_12345", True)


def test_a_complaint_about_a_promise_goes_to_the_matters_unit(index: UnitIndex) -> None:
    assert routed("公示说今年供暖，暖气不热、采暖费照收。", index, about=0.5).department == "reli"


def test_an_ordinary_complaint_that_names_a_unit_goes_to_it(index: UnitIndex) -> None:
    assert routed("请市城管局清理占道经营", index, about=0.0).department == "chengguan"


@pytest.mark.parametrize("case_type", [CaseType.INQUIRY, CaseType.SUGGESTION])
def test_inquiries_go_to_the_matter_whatever_the_score(case_type: CaseType, index: UnitIndex) -> None:
    assert routed("自来水发黄，水质怎么样", index, case_type=case_type, about=0.0).department == "gongshui"


def test_an_officers_choice_holds_unless_the_case_goes_around(index: UnitIndex) -> None:
    assert routed("路灯不亮", index, about=0.0, chosen="shizheng").department == "shizheng"
    assert routed(CONDUCT, index, Mode.ANONYMOUS, chosen="zhujian").department == "yingshang"


def test_whoever_answers_to_the_accused_is_shut_out_as_well(index: UnitIndex) -> None:
    facts = CaseFacts(CaseType.COMPLAINT, Mode.ANONYMOUS, ("zhujian",), accuses_people=False)
    assert shut_out(facts, index.units) == {"zhujian", "fangchan", "zhijian"}
    assert not may_receive(facts, "zhijian", index.units)


def test_whoever_oversees_the_accused_may_receive(index: UnitIndex) -> None:
    facts = CaseFacts(CaseType.COMPLAINT, Mode.ANONYMOUS, ("weihui-jiaoyu",), accuses_people=False)
    assert may_receive(facts, "weihui-gov", index.units)
    assert may_receive(facts, "jiaoyu", index.units)


def test_an_accused_government_shuts_out_its_bureaus(index: UnitIndex) -> None:
    ranking = rank("卫辉市政府承诺的补贴至今没兑现", index, case_type=CaseType.COMPLAINT)
    hidden = hidden_units(ranking, case_type=CaseType.COMPLAINT, mode=Mode.CONFIDENTIAL, units=index.units)
    assert {"weihui-gov", "weihui-zhujian"} <= hidden
    assert not any(code.startswith("huixian") for code in hidden)


def test_nothing_is_hidden_from_a_unit_that_answers_for_itself(index: UnitIndex) -> None:
    ranking = rank(CONDUCT, index, case_type=CaseType.COMPLAINT)
    hidden = hidden_units(ranking, case_type=CaseType.COMPLAINT, mode=Mode.NAMED, units=index.units)
    assert hidden == frozenset()
