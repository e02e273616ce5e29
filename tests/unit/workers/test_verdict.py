"""What is done after each kind of failure, for every code the platform is known to answer with."""

import pytest

from bot.wechat.errors import ApiAway, ApiRefused
from bot.wechat.token import TokenUnavailable
from bot.workers.verdict import Closed, Do, Verdict, judge, pause_seconds


def refused(code: int, tries: int = 1) -> Verdict:
    return judge(ApiRefused(code, "no"), tries=tries, repeatable=False)


@pytest.mark.parametrize("code", [-1, 45011])
def test_what_passes_by_itself_is_tried_five_times(code: int) -> None:
    assert [refused(code, tries).do for tries in range(1, 6)] == [Do.RETRY] * 4 + [Do.GIVE_UP]
    assert refused(code).unsent
    assert [pause_seconds(tries) for tries in range(1, 5)] == [1, 2, 4, 8]


@pytest.mark.parametrize("code", [40013, 40125, 40164, 48001, 48004, 50002, 40001, 40014, 42001])
def test_a_wrong_setting_closes_the_interface_for_a_minute(code: int) -> None:
    verdict = refused(code, tries=9)
    assert (verdict.do, verdict.close, verdict.unsent) == (Do.WAIT, Closed.A_MINUTE, True)


def test_a_daily_quota_closes_the_interface_until_midnight() -> None:
    assert (refused(45009).do, refused(45009).close) == (Do.WAIT, Closed.UNTIL_MIDNIGHT)


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        (45015, "no_allowance_no_consent"),
        (45047, "no_allowance_no_consent"),
        (43101, "no_allowance_no_consent"),
        (43004, "unreachable"),
        (43019, "unreachable"),
        (48002, "unreachable"),
        (40003, "unreachable"),
    ],
)
def test_a_refusal_about_the_citizen_asks_for_another_way(code: int, reason: str) -> None:
    verdict = refused(code)
    assert (verdict.do, verdict.reason, verdict.unsent) == (Do.OTHER_WAY, reason, False)


@pytest.mark.parametrize("code", [40007, 40037, 44004, 45002, 47001, 47003, 87014, 99999])
def test_a_fault_of_ours_and_an_unknown_code_end_the_row_at_once(code: int) -> None:
    assert refused(code) == Verdict(Do.GIVE_UP, f"refused:{code}", unsent=True)


def test_what_never_left_waits_and_what_perhaps_arrived_is_not_repeated() -> None:
    before = judge(ApiAway("unreachable", sent=False), tries=50, repeatable=False)
    no_token = judge(TokenUnavailable("waiting"), tries=50, repeatable=False)
    assert (before.do, no_token.do) == (Do.WAIT, Do.WAIT)

    lost = ApiAway("timeout", sent=True)
    assert judge(lost, tries=1, repeatable=False) == Verdict(Do.OTHER_WAY, "unconfirmed")
    assert judge(lost, tries=1, repeatable=True).do is Do.RETRY
    assert judge(lost, tries=5, repeatable=True).do is Do.GIVE_UP
