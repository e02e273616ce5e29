"""``openapi.json``: made from the table of endpoints and its types, so it cannot say anything else."""

import re
from collections.abc import Sequence
from functools import cache, partial
from http import HTTPStatus
from typing import Any

from aiohttp import web
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from bot.http.problems import CONTENT_TYPE
from bot.web.api.endpoints import PREFIX, Call, Endpoint, Handle
from bot.web.api.shapes import Problem

REF = "#/components/schemas/{model}"
VERSION = {"type": "integer", "description": "The case's version as it was read"}
_PARAMETER = re.compile(r"\{(\w+)\}")


def serving(endpoints: Sequence[Endpoint]) -> Handle:
    """A handler that answers the description; it is made once, for the first who asks."""
    made = cache(partial(description, endpoints))

    async def serve(call: Call) -> web.Response:
        return web.json_response(made())

    return serve


def description(endpoints: Sequence[Endpoint]) -> dict[str, Any]:
    """The OpenAPI 3.1 document."""
    schemas = _schemas(endpoints)
    paths: dict[str, Any] = {}
    for endpoint in endpoints:
        for path, body in _paths(endpoint):
            paths.setdefault(path, {})[endpoint.method.lower()] = _operation(endpoint, path, body)
    return {
        "openapi": "3.1.0",
        "info": {"title": "践诺", "version": "1", "description": "Cases, commitments and units of the city."},
        "servers": [{"url": PREFIX}],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
        "security": [{"token": []}],
    }


def _paths(endpoint: Endpoint) -> list[tuple[str, dict[str, Any] | None]]:
    """Path and body schema; an endpoint with variants has a path for each."""
    if endpoint.variants is not None:
        head = endpoint.path[: endpoint.path.rindex("{")]
        return [(head + word, _with_version(form)) for word, form in endpoint.variants.items()]
    return [(endpoint.path, _ref(endpoint.body) if endpoint.body else None)]


def _with_version(form: type[BaseModel]) -> dict[str, Any]:
    asked = {"type": "object", "required": ["version"], "properties": {"version": VERSION}}
    return {"allOf": [_ref(form), asked]} if form.model_fields else asked


def _operation(endpoint: Endpoint, path: str, body: dict[str, Any] | None) -> dict[str, Any]:
    words = [word for word in re.split(r"\W+", path) if word]
    operation: dict[str, Any] = {
        "operationId": "_".join([endpoint.method.lower(), *words]),
        "summary": endpoint.summary,
        "parameters": _parameters(endpoint, path),
        "responses": _responses(endpoint),
    }
    if endpoint.roles:
        operation["description"] = "Roles: " + ", ".join(role.value for role in endpoint.roles)
    if endpoint.public:
        operation["security"] = [{}, {"token": []}]
    if body is not None:
        operation["requestBody"] = {"required": True, "content": {"application/json": {"schema": body}}}
    if endpoint.upload:
        operation["requestBody"] = {"required": True, "content": {"multipart/form-data": {"schema": _FILE}}}
    return operation


_FILE = {
    "type": "object",
    "required": ["file"],
    "properties": {"file": {"type": "string", "contentMediaType": "application/octet-stream"}},
}


def _parameters(endpoint: Endpoint, path: str) -> list[dict[str, Any]]:
    made = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        for name in _PARAMETER.findall(path)
    ]
    if endpoint.query is not None:
        schema = endpoint.query.model_json_schema(ref_template=REF)
        made += [
            {"name": name, "in": "query", "required": False, "schema": part}
            for name, part in schema["properties"].items()
        ]
    return made


def _responses(endpoint: Endpoint) -> dict[str, Any]:
    content: dict[str, Any] = {"application/octet-stream": {}}
    if endpoint.answer is not None:
        content = {"application/json": {"schema": _ref(endpoint.answer)}}
    good = {str(endpoint.status): {"description": HTTPStatus(endpoint.status).phrase, "content": content}}
    if endpoint.repeats:
        good["200"] = {"description": "It stood already", "content": content}
    problem = {CONTENT_TYPE: {"schema": _ref(Problem)}}
    refused = {401, *endpoint.refusals, 503}
    return good | {
        str(status): {"description": HTTPStatus(status).phrase, "content": problem}
        for status in sorted(refused)
    }


def _schemas(endpoints: Sequence[Endpoint]) -> dict[str, Any]:
    asked = {e.body for e in endpoints if e.body} | {e.query for e in endpoints if e.query}
    asked |= {form for e in endpoints for form in (e.variants or {}).values()}
    told = {e.answer for e in endpoints if e.answer} | {Problem}
    _, made = models_json_schema(
        [
            *((model, "validation") for model in sorted(asked, key=_name)),
            *((model, "serialization") for model in sorted(told, key=_name)),
        ],
        ref_template=REF,
    )
    schemas: dict[str, Any] = made.get("$defs", {})
    return schemas


def _ref(model: type[BaseModel]) -> dict[str, str]:
    return {"$ref": REF.format(model=model.__name__)}


def _name(model: type[BaseModel]) -> str:
    return model.__name__
