"""Scripts played on the page, step by step: those that come along and those that somebody recorded.

| call | does |
|---|---|
| ``GET /scripts`` | the scripts that come along: ``{"scripts": [{"name", "title"}]}`` |
| ``POST /plays`` ``{"script": name}`` or ``{"text": yaml}`` | ``{"id", "title", "steps": [{"said", "expected"}]}``; nothing is done yet |
| ``POST /plays/{id}/step`` | does the next one: ``{"n", "ok", "said", "expected", "got", "why", "openid", "name", "done"}`` |
| ``GET /record?openid`` | the citizen's chat as a script |
"""  # noqa: E501 (a table)

import secrets
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp
import yaml
from aiohttp import web

from bot.simulator.control import body_of, guarded
from bot.simulator.platform import Platform
from bot.simulator.recording import script_of
from bot.simulator.remote import Remote
from bot.simulator.scripts import ACTS, Play, ScriptFailure, Step, checked

PLAYS = Path(__file__).parent / "plays"
PATIENCE = 8.0  # seconds that a push is waited for
KEPT = 20
_SAYS = {
    "say": "说：{}",
    "choose": "选：{}",
    "photo": "发照片",
    "voice": "发语音",
    "video": "发视频",
    "location": "发位置",
    "link": "发链接",
    "file": "发文件",
    "event": "事件 {}",
    "raw": "发 {}",
    "as": "换成市民{}",
    "advance": "时间拨快 {}",
    "consent": "答复通知授权：{}",
    "faults": "制造故障",
}


@dataclass(slots=True)
class Playing:
    """A script on its way; ``at``: the number of steps that were done."""

    play: Play
    steps: list[Step]
    at: int = 0
    name: str = field(default="")


class Plays:
    """Handlers of one mounted simulator; the newest twenty playings are kept in memory."""

    def __init__(self, platform: Platform, prefix: str) -> None:
        self._platform = platform
        self._prefix = prefix
        self._playing: dict[str, Playing] = {}
        self._http: aiohttp.ClientSession | None = None

    def routes(self) -> list[web.RouteDef]:
        """All of the table above."""
        return [
            web.get(self._prefix + "/scripts", guarded(self._scripts)),
            web.post(self._prefix + "/plays", guarded(self._begin)),
            web.post(self._prefix + "/plays/{id}/step", guarded(self._step)),
            web.get(self._prefix + "/record", guarded(self._record)),
        ]

    async def close(self) -> None:
        """Gives the connections back."""
        if self._http is not None:
            await self._http.close()

    async def _scripts(self, _: web.Request) -> web.Response:
        known = [{"name": path.stem, "title": _title(_text(path))} for path in sorted(PLAYS.glob("*.yml"))]
        return web.json_response({"scripts": known})

    async def _begin(self, request: web.Request) -> web.Response:
        body = await body_of(request)
        text = str(body["text"]) if "text" in body else _text(_known(str(body.get("script", ""))))
        try:
            steps = checked(yaml.safe_load(text), "script")
        except yaml.YAMLError as error:
            raise ValueError(f"不是 YAML：{error}") from None
        if self._http is None:
            self._http = aiohttp.ClientSession()
        # The one host that is asked is the one that serves this page.
        remote = Remote(f"{request.url.origin()}{self._prefix}", self._http)
        number = secrets.token_hex(8)
        self._playing[number] = Playing(Play(remote, PATIENCE, "script"), steps)
        for old in list(self._playing)[:-KEPT]:
            del self._playing[old]
        told = [{"said": said(step), "expected": expected(step)} for step in steps]
        return web.json_response({"id": number, "title": _title(text), "steps": told})

    async def _step(self, request: web.Request) -> web.Response:
        playing = self._playing.get(request.match_info["id"])
        if playing is None or playing.at >= len(playing.steps):
            raise ValueError("这个剧本放完了，或者不在了")
        step, play, why = playing.steps[playing.at], playing.play, ""
        playing.at += 1
        try:
            step = await play.step(playing.at, step)
        except ScriptFailure as failure:
            step, why = play.filled(step), failure.why
        names = {follower.openid: follower.name for follower in self._platform.followers}
        told = {
            "n": playing.at,
            "ok": not why,
            "said": said(step),
            "expected": expected(step),
            "got": play.words,
            "why": why,
            "openid": play.openid,
            "name": names.get(play.openid, ""),
            "done": playing.at == len(playing.steps),
        }
        return web.json_response(told)

    async def _record(self, request: web.Request) -> web.Response:
        entries = self._platform.transcript.of(request.query.get("openid", ""))
        if not entries:
            raise ValueError("这个聊天里还没有消息")
        text = script_of(entries, f"{entries[0].at:%Y-%m-%d} 录下的聊天")
        headers = {"Content-Disposition": 'attachment; filename="chat.yml"'}
        return web.Response(text=text, content_type="application/yaml", charset="utf-8", headers=headers)


def said(step: Step) -> str:
    """What a step does, in words."""
    order = ("as", "advance", "faults", "consent", *ACTS)
    parts = [_SAYS[key].format(_short(step[key])) for key in order if key in step]
    return "，".join(parts) or "等消息"


def expected(step: Step) -> list[str]:
    """What must be read, in words."""
    kinds = {"expect": "回复里有", "not_expect": "回复里没有", "expect_push": "收到消息，里面有"}
    lines = [
        f"{words}“{one}”"
        for kind, words in kinds.items()
        if kind in step
        for one in (step[kind] if isinstance(step[kind], list) else [step[kind]])
    ]
    return lines + (["出现故障提示"] if step.get("expect_tip") else [])


def _short(value: object) -> str:
    return str(value)[:200]


def _known(name: str) -> Path:
    found = {path.stem: path for path in PLAYS.glob("*.yml")}
    if name not in found:
        raise ValueError("没有这个剧本")
    return found[name]


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def _title(text: str) -> str:
    first = text.lstrip().partition("\n")[0]
    return first.removeprefix("#").strip() if first.startswith("#") else "未命名的剧本"
