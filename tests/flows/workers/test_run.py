"""All workers of a process together: woken by what is committed, and gone when they are told to go."""

import asyncio

from bot.factory import Process
from bot.workers.run import run_workers
from tests.flows.workers.conftest import PUSHES, Tencent, Town


async def test_a_push_goes_out_as_soon_as_it_is_committed_and_the_workers_stop_in_time(
    town: Town, tencent: Tencent, process: Process
) -> None:
    reporter, openid = await town.citizen()
    working = asyncio.create_task(run_workers(process))

    await town.reply(reporter, "马上")
    (heard,) = await tencent.platform.transcript.wait(openid, after=0, kinds=PUSHES, seconds=10)
    assert heard.text == "马上"

    process.stopping.set()
    await asyncio.wait_for(working, 5)
