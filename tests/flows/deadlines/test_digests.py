"""Digests as they are read: by a supervisor over the API, by their readers behind the bell of the console."""

from typing import Any

from bot.workers.gates import Gates
from bot.workers.outbox import Outbox
from bot.workers.reminding import Reminders
from storage.stores.cases import CaseRow
from storage.unit import Unit
from storage.vocab import Role
from tests.flows.api.service import Service
from tests.flows.console.reader import signed_in
from tests.flows.deadlines.conftest import UNIT, at
from tests.flows.intake.people import DISPATCHER, do

MORNING = "2031-03-04 08:30"
"""Turned forward only, so far away that it lies before no test's start; a Tuesday."""


async def unsigned(service: Service, when: str = "2031-03-02 09:00") -> CaseRow:
    """A case that nobody signs: from a Sunday, its limit of 24 working hours is over when Monday is."""
    turn(service, when)
    case = (await service.file("市住建局承诺今年六月交付安置房，没有兑现。")).case

    async def dispatch(unit: Unit) -> CaseRow:
        return await do(service.process.desk(unit), DISPATCHER, case, "dispatch", department=UNIT)

    return case if case.state == "dispatched" else await service.process.database.run(dispatch)


def turn(service: Service, when: str) -> None:
    clock = service.process.clock
    clock.set_ahead((at(when) - clock.wall()).total_seconds())


async def work(service: Service) -> None:
    """What the workers do until nothing is left."""
    reminders, outbox = Reminders(service.process), Outbox(service.process, Gates(service.process.clock))
    while await reminders.step():
        pass
    while await outbox.step():
        pass


async def asked(service: Service, **query: str) -> dict[str, Any]:
    answer = await service.ask("GET", "/reminders", Role.SUPERVISOR, params=query)
    assert answer.status == 200, await answer.text()
    told: dict[str, Any] = await answer.json()
    return told


async def test_a_supervisor_sees_who_was_reminded_and_whether_it_arrived(service: Service) -> None:
    await service.staff("head-1", Role.HEAD, UNIT)
    case = await unsigned(service)
    turn(service, MORNING)
    await work(service)
    (row,) = [one for one in (await asked(service))["items"] if one["recipient"]["login"] == "head-1"]
    assert row == row | {
        "tracking_no": case.tracking_no,
        "clock": "sign",
        "rung": "late",
        "recipient": {"login": "head-1", "role": "head", "department": UNIT},
        "channel": "console",
        "delivered": None,
    }
    assert row["at"].startswith("2031-03-04T08:3")
    assert row["at"].endswith("+08:00")
    async with signed_in(service, Role.HEAD, UNIT) as head:
        await head.open("/console/reminders")
    nobody = [one for one in (await asked(service))["items"] if one["recipient"]["role"] == "supervisor"]
    assert [(one["recipient"]["login"], one["delivered"]) for one in nobody] == [(None, False)]


async def test_the_bell_counts_until_the_list_was_opened(service: Service) -> None:
    async with signed_in(service, Role.HEAD, UNIT) as head:
        case = await unsigned(service)
        turn(service, MORNING)
        await work(service)
        await head.open("/console")
        assert "提醒 1" in head.text
        await head.open("/console/reminders")
        assert case.tracking_no in head.text
        assert "签收期限" in head.text
        assert "已经逾时" in head.text
        assert "新" in head.text
        await head.open("/console")
        assert "提醒 1" not in head.text
        await head.open("/console/reminders")
        assert case.tracking_no in head.text
    delivered = [
        one["delivered"] for one in (await asked(service))["items"] if one["recipient"]["role"] == "head"
    ]
    assert delivered == [True]


async def test_somebody_elses_reminders_are_not_shown(service: Service) -> None:
    async with signed_in(service, Role.HEAD, UNIT):
        case = await unsigned(service)
        turn(service, MORNING)
        await work(service)
    async with signed_in(service, Role.HEAD, "jiaoyu") as other:
        await other.open("/console/reminders")
        assert case.tracking_no not in other.text


async def test_since_and_pages(service: Service) -> None:
    for day in ("2031-03-01", "2031-03-02"):
        await unsigned(service, f"{day} 09:00")
        turn(service, f"{day} 09:01")
    turn(service, MORNING)
    await work(service)
    whole = (await asked(service))["items"]
    first = await asked(service, limit="1")
    rest = await asked(service, cursor=first["next_cursor"])
    assert [*first["items"], *rest["items"]] == whole
    assert rest["next_cursor"] is None
    assert (await asked(service, since="2031-03-04T00:00:00+08:00"))["items"] == whole
    assert (await asked(service, since="2031-03-05"))["items"] == []
    assert (
        await service.ask("GET", "/reminders?since=2031-03-05T00:00:00+08:00", Role.SUPERVISOR)
    ).status == 200


async def test_only_a_supervisor_reads_them(service: Service) -> None:
    assert (await service.ask("GET", "/reminders", Role.DISPATCHER)).status == 403
    assert (await service.ask("GET", "/reminders")).status == 401
    for wrong in ("since=gestern", "cursor=x", "limit=0", "more=1"):
        assert (await service.ask("GET", f"/reminders?{wrong}", Role.SUPERVISOR)).status == 422
