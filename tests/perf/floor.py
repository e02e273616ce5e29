"""The least that any service of this kind does for one message: ``python -m tests.perf.floor``.

Verify and decrypt, one durable insert, one call to Rasa, encrypt an answer. It keeps no order, knows no
repeats, files nothing; what the service takes beyond it is the price of doing the work.
"""

import argparse
import asyncio
import secrets
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime

import aiohttp
import aiosqlite
import asyncpg
import uvloop
from aiohttp import web
from sqlalchemy.engine import make_url

from bot.message import Reply
from bot.wechat.crypto import CallbackGuard
from bot.wechat.parse import parse
from bot.wechat.render import text_reply
from tests.support.service import AES_KEY, APP_ID, TOKEN

Insert = Callable[[bytes], Awaitable[object]]
TABLE = "CREATE TABLE floor (id {serial} PRIMARY KEY, body {bytes} NOT NULL)"
REPLY = Reply("已收到您反映的情况。" * 8)


async def main(database_url: str, port: int, nlu_url: str) -> None:
    """Serve until ended."""
    guard = CallbackGuard(TOKEN, APP_ID, AES_KEY)
    async with AsyncExitStack() as stack:
        insert = await stack.enter_async_context(_database(database_url))
        rasa = await stack.enter_async_context(aiohttp.ClientSession())

        async def receive(request: web.Request) -> web.Response:
            body = await request.read()
            opened = guard.open(request.query, body)
            said = parse(opened.xml)
            await insert(body)
            async with rasa.post(f"{nlu_url}/model/parse", json={"text": said.text}) as answer:
                await answer.json()
            now = datetime.now(UTC)
            xml = text_reply(said.openid, said.account, REPLY, now)
            sealed = guard.seal(xml, opened, now=now, nonce=secrets.token_hex(8))
            return web.Response(text=sealed, content_type="application/xml")

        async def ready(_: web.Request) -> web.Response:
            return web.Response(text="up")

        app = web.Application()
        app.add_routes([web.post("/wechat", receive), web.get("/readyz", ready)])
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", port, backlog=1024).start()
        await asyncio.Event().wait()


@asynccontextmanager
async def _database(url: str):  # type: ignore[no-untyped-def]
    parts = make_url(url)
    if parts.get_backend_name() == "sqlite":
        async with aiosqlite.connect(parts.database or "", isolation_level=None) as connection:
            await connection.execute("PRAGMA journal_mode=WAL")
            await connection.execute("PRAGMA synchronous=FULL")
            await connection.execute(TABLE.format(serial="INTEGER", bytes="BLOB"))
            yield lambda body: connection.execute("INSERT INTO floor (body) VALUES (?)", (body,))
        return
    host = str(parts.query["host"])
    async with asyncpg.create_pool(host=host, user="postgres", database=parts.database) as pool:
        await pool.execute(TABLE.format(serial="BIGSERIAL", bytes="BYTEA"))
        yield lambda body: pool.execute("INSERT INTO floor (body) VALUES ($1)", body)


if __name__ == "__main__":
    options = argparse.ArgumentParser()
    options.add_argument("database_url")
    options.add_argument("port", type=int)
    options.add_argument("nlu_url")
    asked = options.parse_args()
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(main(asked.database_url, asked.port, asked.nlu_url))
