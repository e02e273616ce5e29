"""What the application and a request carry, by typed key."""

from aiohttp import web

from bot.factory import Process
from bot.turn import Turns

PROCESS: web.AppKey[Process] = web.AppKey("process", Process)
TURNS: web.AppKey[Turns] = web.AppKey("turns", Turns)
REQUEST_ID: web.RequestKey[str] = web.RequestKey("request_id", str)
PRIVATE: web.RequestKey[bool] = web.RequestKey("private", bool)
"""Set by a door that knows who asks: the answer is not to be stored anywhere."""
