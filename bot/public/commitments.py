"""``/commitments/{code}``: a public commitment, who answers for it, how it was made, what became of it."""

from functools import cache
from pathlib import Path

from aiohttp import web

from bot.http import pages
from bot.http.keys import PROCESS
from intake.commitments.states import STATE_NAMES, STEP_NAMES
from intake.commitments.telling import told
from intake.registry import find_commitment
from intake.yaml_file import read_yaml

HERE = Path(__file__).parent


@cache
def words() -> dict[str, dict[str, str]]:
    """Kind → code → what people read."""
    read: dict[str, dict[str, str]] = read_yaml(HERE / "words.yml")
    return read


async def one(request: web.Request) -> web.Response:
    """Raises :class:`intake.errors.NotFound`, also for one that is not public."""
    process = request.app[PROCESS]
    async with process.database.read() as unit:
        desk = process.desk(unit)
        facts = await told(desk, await find_commitment(desk, request.match_info["code"]), None)
    frame = {"city": process.city.name, "states": STATE_NAMES, "words": words(), "step_names": STEP_NAMES}
    return pages.page(HERE / "templates", "commitment.html", frame | {"one": facts})
