"""The description of the API (OpenAPI 3.1), made of the table of operations."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from web.api import schemas
from web.api.call import Operation
from web.api.handing import PREFIX
from web.api.problems import MEDIA_TYPE
from web.rules import Who
from web.wording import word

_PARAMETER = re.compile(r"{(\w+)}")
_ALWAYS = (400, 500, 503)
_TO_STATIONS = (401, 403, 404, 422, 429)
VERSION = "1"


def description(operations: Iterable[Operation], language: str) -> dict[str, object]:
    """Return the OpenAPI document; summaries are in the language."""
    paths: dict[str, dict[str, Any]] = {}
    for each in operations:
        paths.setdefault(PREFIX + each.path, {})[each.method.lower()] = _operation(each, language)
    return {
        "openapi": "3.1.0",
        "info": {"title": "hososo", "version": VERSION, "description": word("api.about", language)},
        "paths": paths,
        "components": {
            "schemas": {"Problem": schemas.PROBLEM},
            "securitySchemes": {"station": {"type": "http", "scheme": "bearer"}},
        },
    }


def _operation(each: Operation, language: str) -> dict[str, Any]:
    is_open = each.rule.who is Who.ANYBODY
    found: dict[str, Any] = {
        "operationId": each.name,
        "summary": word(f"api.{each.name}", language),
        "security": [] if is_open else [{"station": []}],
        "parameters": list(_parameters(each)),
        "responses": {str(status): _answer(each, status) for status in each.gives},
    }
    for status in sorted({*_ALWAYS, *(() if is_open else _TO_STATIONS), *each.refuses}):
        found["responses"][str(status)] = _refusal()
    if each.takes is not None:
        found["requestBody"] = {"required": True, "content": {"application/json": {"schema": each.takes}}}
    if each.stream is not None:
        content = {each.sends: {"schema": {"type": "string", "format": "binary"}}}
        found["requestBody"] = {"required": True, "content": content}
    if each.rule.permission is not None:
        found["x-permission"] = each.rule.permission.value
    return found


def _parameters(each: Operation) -> Iterator[dict[str, Any]]:
    for name in _PARAMETER.findall(each.path):
        yield {"name": name, "in": "path", "required": True, "schema": {"type": "string", "minLength": 1}}
    for name, schema in each.query.items():
        yield {"name": name, "in": "query", "required": False, "schema": schema}
    for name, schema in each.headers.items():
        yield {"name": name, "in": "header", "required": name in each.needs, "schema": schema}


def _answer(each: Operation, status: int) -> dict[str, Any]:
    schema = each.gives[status]
    if schema is not None:
        return {"description": "", "content": {each.media_type: {"schema": schema}}}
    if each.media_type != "application/json":
        return {"description": "", "content": {each.media_type: {"schema": {"type": "string", "format": "binary"}}}}
    return {"description": ""}


def _refusal() -> dict[str, Any]:
    return {"description": "", "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}}
