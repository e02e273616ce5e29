"""How the process is: ``/healthz`` (up), ``/readyz`` (each part), ``/metrics``.

Not ready (503) only without a database or with one that is not migrated: everything else degrades.
"""

import structlog
from aiohttp import web

from bot.http.keys import PROCESS
from bot.http.readiness import parts_of
from bot.metrics import metrics
from storage.engine import DatabaseAway

log = structlog.get_logger(__name__)


def add_health(app: web.Application) -> None:
    """Mount the three."""
    app.router.add_get("/healthz", healthz)
    app.router.add_get("/readyz", readyz)
    app.router.add_get("/metrics", exposition)


async def healthz(_request: web.Request) -> web.Response:
    return web.json_response({"status": "up"})


async def readyz(request: web.Request) -> web.Response:
    """Each part: ``database``, ``migrations``, ``nlu``, ``wechat``, ``outbox`` (by state), ``faults``."""
    parts = await parts_of(request.app[PROCESS])
    ready = parts["database"] == "ready" and parts["migrations"] == "ready"
    return web.json_response({"ready": ready, **parts}, status=200 if ready else 503)


async def exposition(request: web.Request) -> web.Response:
    """All metrics; gauges of the database are read now and left out while it is away."""
    process = request.app[PROCESS]
    try:
        async with process.database.read() as unit:
            outbox, cases = await unit.outbox.counts(), await unit.cases.open_counts()
    except DatabaseAway:
        log.warning("metrics_without_database")
        outbox, cases = {}, {}
    for gauge, counts in ((metrics.outbox, outbox), (metrics.cases, cases)):
        gauge.clear()
        for state, count in counts.items():
            gauge.labels(state).set(count)
    return web.Response(
        body=metrics.exposition(), headers={"Content-Type": "text/plain; version=0.0.4; charset=utf-8"}
    )
