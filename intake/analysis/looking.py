"""An analysis for somebody: who may, of which cases, reckoned now or within the last hour."""

from datetime import timedelta
from typing import Any

from intake.actor import OF_ONE_UNIT, Actor
from intake.analysis.asking import AnalysisQuery, Period
from intake.analysis.reckoning import Asked, reckoned
from intake.cases.seeing import sight_of
from intake.desk import Desk
from intake.errors import Invalid
from storage.stores.sights import Sight
from storage.vocab import Role

READERS = OF_ONE_UNIT | {Role.SUPERVISOR, Role.LEADER, Role.DISPATCHER, Role.AUDITOR}
AT_ONCE = 5_000
"""Cases up to which figures are reckoned for each look; those of more are an hour old at most."""
FRESH = timedelta(hours=1)
OLD = timedelta(days=2)


async def look(desk: Desk, actor: Actor, query: AnalysisQuery) -> dict[str, Any]:
    """The figures; ``kept`` tells that they were reckoned before, at ``as_of``.

    Raises :class:`Invalid` for a unit or a district that is not there.
    """
    sight, asked = sight_of(actor), asked_of(desk, query)
    if not await _many(desk, sight, asked):
        return await reckoned(desk, sight, asked, many=False) | {"kept": False}
    found = await desk.unit.analysis.kept(_key(sight, asked))
    if found is not None and found[0] > desk.now() - FRESH:
        return found[1] | {"kept": True}
    return await reckoned(desk, sight, asked, many=True) | {"kept": False}


async def keep(desk: Desk, actor: Actor, query: AnalysisQuery, told: dict[str, Any]) -> bool:
    """Keep what :func:`look` told, where others would wait for it; whether it was kept."""
    sight, asked = sight_of(actor), asked_of(desk, query)
    if told["kept"] or not await _many(desk, sight, asked):
        return False
    body = {name: value for name, value in told.items() if name != "kept"}
    await desk.unit.analysis.keep(_key(sight, asked), body, desk.now())
    return True


async def stale(desk: Desk) -> Asked | None:
    """Of the whole city's usual periods one with many cases whose figures are missing or half an hour old."""
    sight = Sight(everything=True)
    for period in Period:
        asked = asked_of(desk, AnalysisQuery(period=period))
        if await _many(desk, sight, asked):
            kept = await desk.unit.analysis.kept(_key(sight, asked))
            if kept is None or kept[0] < desk.now() - FRESH / 2:
                return asked
    return None


async def renewed(desk: Desk, asked: Asked) -> dict[str, Any]:
    """The whole city's figures, reckoned now."""
    return await reckoned(desk, Sight(everything=True), asked, many=True)


async def put(desk: Desk, asked: Asked, body: dict[str, Any]) -> None:
    """Keep what :func:`renewed` told, and drop what nobody will read any more."""
    await desk.unit.analysis.keep(_key(Sight(everything=True), asked), body, desk.now())
    await desk.unit.analysis.forget(desk.now() - OLD)


def asked_of(desk: Desk, query: AnalysisQuery) -> Asked:
    """The question with its days; raises :class:`Invalid`."""
    fields, unit = {}, None
    if query.department:
        unit = desk.city.index.resolve(query.department)
        if unit is None:
            fields["department"] = "没有这个单位"
    if query.place and query.place not in {place.name for place in desk.city.places}:
        fields["place"] = "没有这个区县"
    if fields:
        raise Invalid("填写有误", fields=fields)
    since, until = query.days(desk.clock.today())
    return Asked(since, until, unit.code if unit else None, query.place)


async def _many(desk: Desk, sight: Sight, asked: Asked) -> bool:
    return await desk.unit.analysis.more_than(asked.cohort(sight), AT_ONCE)


def _key(sight: Sight, asked: Asked) -> str:
    """What is asked, and what the asker may see: nobody is told the figures of another sight."""
    seen = "all" if sight.everything else f"unit={sight.department}" if sight.department else "supervised"
    return f"{seen}|{asked.since}|{asked.until}|{asked.department or ''}|{asked.place or ''}"
