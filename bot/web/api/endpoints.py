"""The table of endpoints and the door in front of each: who asks, what was sent, what is answered."""

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from aiohttp import web
from pydantic import BaseModel

from bot.factory import Process
from bot.http.caching import shared
from bot.http.keys import PRIVATE, PROCESS
from bot.http.problems import Unauthorized
from bot.http.tokens import bearer
from intake.actor import Actor
from intake.errors import WrongRole
from intake.forms import checked
from storage.vocab import Role

PREFIX = "/api/v1"
Form = TypeVar("Form", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Call:
    """One request at an endpoint. ``actor`` is None only where the endpoint is public and no token came."""

    process: Process
    request: web.Request
    actor: Actor | None

    @property
    def who(self) -> Actor:
        """The actor; raises :class:`Unauthorized` without one."""
        if self.actor is None:
            raise Unauthorized("需要令牌")
        return self.actor

    def only(self, *roles: Role) -> Actor:
        """The actor in one of ``roles``; raises :class:`WrongRole`."""
        if self.who.role not in roles:
            raise WrongRole("您的岗位不能做这一步")
        return self.who

    async def body(self) -> dict[str, Any]:
        """The JSON object that came, without what is null in it: null says no more than leaving out does.

        Anything else is an empty object, which then lacks what is needed.
        So that a case that is not there stays 404 whatever the body was (contract, order of errors).
        """
        try:
            given = json.loads(await self.request.read())
        except (ValueError, RecursionError):
            return {}
        return _storable(given) if isinstance(given, dict) else {}

    def query(self, form: type[Form]) -> Form:
        """The query as ``form``; raises :class:`Invalid`."""
        return checked(form, {name: _plain(value) for name, value in self.request.query.items() if value})


Handle = Callable[[Call], Awaitable[web.StreamResponse]]


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One line of the contract's table: how it is called, by whom, and what comes back.

    ``roles`` is for the description; the handler refuses at its place in the order of errors.
    ``variants``: for a path whose last part is a word, each word's own body.
    ``repeats``: the same again is answered 200 with what stands.
    """

    method: str
    path: str
    handle: Handle
    summary: str
    answer: type[BaseModel] | None
    status: int = 200
    body: type[BaseModel] | None = None
    query: type[BaseModel] | None = None
    public: bool = False
    roles: tuple[Role, ...] = ()
    refusals: tuple[int, ...] = ()
    variants: Mapping[str, type[BaseModel]] | None = None
    upload: bool = False
    repeats: bool = False


def mount(app: web.Application, endpoints: list[Endpoint]) -> None:
    """Put every endpoint on the application, each behind its door."""
    for endpoint in endpoints:
        app.router.add_route(endpoint.method, PREFIX + endpoint.path, _door(endpoint))


def _door(endpoint: Endpoint) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    async def answer(request: web.Request) -> web.StreamResponse:
        process = request.app[PROCESS]
        actor = await bearer(process, request)
        if actor is None and not endpoint.public:
            raise Unauthorized("需要令牌")
        request[PRIVATE] = actor is not None
        response = await endpoint.handle(Call(process, request, actor))
        if actor is None and endpoint.answer is not None and isinstance(response, web.Response):
            response.headers["Vary"] = "Authorization"
            return shared(request, response)
        return response

    return answer


def shown(shape: type[BaseModel], facts: Mapping[str, Any], *, status: int = 200) -> web.Response:
    """``facts`` as ``shape`` describes them."""
    return web.Response(
        text=shape.model_validate(facts).model_dump_json(by_alias=True),
        status=status,
        content_type="application/json",
    )


def _storable(value: Any) -> Any:
    """Strings that both databases can hold: no NUL, no half of a surrogate pair."""
    if isinstance(value, str):
        return _plain(value)
    if isinstance(value, list):
        return [_storable(item) for item in value]
    if isinstance(value, dict):
        return {_plain(key): _storable(item) for key, item in value.items() if item is not None}
    return value


def _plain(text: str) -> str:
    return text.encode("utf-8", "replace").decode().replace("\0", "")
