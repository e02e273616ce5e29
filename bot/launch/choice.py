"""The model that an administrator chose, taken up while all runs: a second Rasa, then the first ends."""

import asyncio
from collections.abc import Callable, Mapping

from bot.launch.rasa import Keeper
from bot.nlu.trained import FOLDER
from bot.settings import PREFIX
from intake.clock import Clock
from storage.engine import Database, DatabaseAway
from storage.stores.learning import ModelChoice

LOOK_EVERY = 1.0
TAKEN_UP = 8.0  # seconds in which every process of the service has seen the new address
NOTE = "in-use"  # beside the models: what a new one is measured against

Say = Callable[[str], None]


async def begin(values: Mapping[str, str]) -> None:
    """Forget where an earlier run's Rasa answered: this run's begins at the settings' address."""
    database = Database(values[PREFIX + "DATABASE_URL"], pool=1)
    try:
        if (await _read(database)).url:
            await _answers(database, "", "")
    finally:
        await database.close()


async def follow(values: Mapping[str, str], keeper: Keeper, say: Say) -> None:
    """Exchange Rasa whenever another model is wanted than the one that answers; until cancelled.

    A model that does not come up is noted for the console and not tried again until somebody chooses anew.
    """
    database = Database(values[PREFIX + "DATABASE_URL"], pool=1)
    try:
        await keeper.up.wait()
        await _note(database, await keeper.model(), "")
        refused: ModelChoice | None = None
        while True:
            refused = await _look(database, keeper, refused, say)
            await asyncio.sleep(LOOK_EVERY)
    finally:
        await database.close()


async def _look(
    database: Database, keeper: Keeper, refused: ModelChoice | None, say: Say
) -> ModelChoice | None:
    """One look; the choice that could not be followed, where there is one."""
    try:
        choice = await _read(database)
        if choice.wanted == keeper.name or _same(choice, refused):
            return refused
        say(f"换用模型 {choice.wanted or '（程序自带）'}：先启动，再切换")

        async def moved(model: str, url: str) -> None:
            await _note(database, model, url)
            await asyncio.sleep(TAKEN_UP)

        if await keeper.exchange(choice.wanted, moved):
            say(f"模型已换为 {choice.wanted or '程序自带的'}，没有停机")
            return None
        say(f"模型 {choice.wanted} 没有启动，继续用原来的")
        await database.run(
            lambda unit: unit.learning.set_choice(_at({"note": f"{choice.wanted} 没有启动，继续用原来的"}))
        )
        return await _read(database)
    except DatabaseAway as away:
        say(f"连不上数据库，稍后再看要用哪个模型（{away}）")
        return refused


def _same(choice: ModelChoice, refused: ModelChoice | None) -> bool:
    return refused is not None and (choice.wanted, choice.note) == (refused.wanted, refused.note)


async def _note(database: Database, model: str, url: str) -> None:
    await _answers(database, model, url)
    if model and FOLDER.is_dir():
        (FOLDER / NOTE).write_text(model, "utf-8")


async def _answers(database: Database, model: str, url: str) -> None:
    await database.run(
        lambda unit: unit.learning.set_choice(_at({"answering": model, "url": url, "note": ""}))
    )


def _at(values: dict[str, object]) -> dict[str, object]:
    return {**values, "changed_at": Clock().wall()}


async def _read(database: Database) -> ModelChoice:
    async with database.read() as unit:
        return await unit.learning.choice()
