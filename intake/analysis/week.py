"""Monday morning: what is overdue, and what ran out in the last seven days beside the seven before."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from intake.actor import Actor
from intake.cases.seeing import sight_of
from intake.clock import midnight
from intake.deadlines.workdays import DAY
from intake.desk import Desk

WEEK = timedelta(days=7)


async def week(desk: Desk, actor: Actor) -> dict[str, Any]:
    """Of what the actor may see: cases overdue now, those whose answer's time ran out in the seven days up to
    yesterday, those of the seven days before; all, and by unit, most overdue first.

    On a Monday these are the weeks from Monday to Sunday.
    """
    today = desk.clock.today()
    weeks = [(today - WEEK, today - DAY), (today - 2 * WEEK, today - WEEK - DAY)]
    spans = [(midnight(first), midnight(last + DAY)) for first, last in weeks]
    told = await desk.unit.analysis.ran_out(sight_of(actor), spans, desk.now())
    units = [
        {"code": code, "name": desk.city.unit_name(code) or code} | _line(counts, weeks, code)
        for code, counts in told.items()
        if code is not None
    ]
    whole = [sum(counts[n] for counts in told.values()) for n in range(3)]
    return {
        "weeks": [{"from": first.isoformat(), "to": last.isoformat()} for first, last in weeks],
        **_line(whole, weeks, None),
        "units": sorted(units, key=lambda one: (-one["overdue"]["n"], -one["last"]["n"], one["name"])),
    }


def _line(counts: list[int], weeks: list[Any], code: str | None) -> dict[str, Any]:
    unit = {"department": code} if code else {}
    last, before = (
        {
            "n": count,
            "query": urlencode({"late_since": first.isoformat(), "late_until": end.isoformat(), **unit}),
        }
        for count, (first, end) in zip(counts[1:], weeks, strict=True)
    )
    overdue = {"n": counts[0], "query": urlencode({"overdue": "true", **unit})}
    return {"overdue": overdue, "last": last, "before": before, "change": counts[1] - counts[2]}
