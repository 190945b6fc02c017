"""``openapi.json``, made from the addresses that are mounted: the console's and every module's."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator

from flask import Response, current_app, jsonify
from werkzeug.routing import Rule

from console.blueprint import demands_of, requires_permission
from console.context import current, runtime
from console.domain.permissions import NOBODY
from console.web.access import TENANT_HEADERS
from console.web.api._blueprint import blueprint
from console.web.permit import LOGGED_IN, module_of

_ARGUMENT = re.compile(r"<(?:(?P<kind>[^:<>]+):)?(?P<name>[^<>]+)>")
_TYPES = {"int": "integer", "float": "number"}


@blueprint.get("/openapi.json")
@requires_permission(LOGGED_IN)
def openapi() -> Response:
    """Every JSON address, by path and method; vendors see theirs only."""
    paths: dict[str, dict[str, object]] = {}
    for rule in sorted(current_app.url_map.iter_rules(), key=lambda each: each.rule):
        if rule.rule.startswith("/api/") and _is_shown(rule):
            path = _ARGUMENT.sub(lambda found: "{" + found["name"] + "}", rule.rule)
            paths.setdefault(path, {}).update(_operations(rule))
    return jsonify(
        {
            "openapi": "3.1.0",
            "info": {"title": "Module Console", "version": _version()},
            "security": [{"token": []}],
            "components": {"securitySchemes": {"token": {"type": "http", "scheme": "bearer"}}, "schemas": _SCHEMAS},
            "paths": paths,
        }
    )


def _is_shown(rule: Rule) -> bool:
    grants = current().grants or NOBODY
    if rule.rule.startswith("/api/instance/"):
        return grants.is_instance_admin
    return grants.is_instance_admin or bool(grants.platforms) or not rule.rule.startswith("/api/admin/")


def _operations(rule: Rule) -> Iterator[tuple[str, object]]:
    view = current_app.view_functions[rule.endpoint]
    for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
        yield method.lower(), _operation(rule, view)


def _operation(rule: Rule, view: Callable[..., object]) -> dict[str, object]:
    text = inspect.getdoc(view) or ""
    operation: dict[str, object] = {
        "operationId": rule.endpoint,
        "summary": text.partition("\n")[0],
        "tags": list(_tags(rule.endpoint)),
        "parameters": [*_path_parameters(rule), *_tenant_parameter(rule)],
        "responses": {"2XX": {"description": "Done."}, "default": _ERROR},
    }
    permission = demands_of(view).permission
    if permission is not None:
        operation["x-permission"] = permission
    return operation


def _tags(endpoint: str) -> tuple[str, ...]:
    """The tags of the innermost blueprint that has some."""
    name = endpoint.rpartition(".")[0]
    own = getattr(current_app.blueprints.get(name), "tags", ())
    if own:
        return tuple(own)
    code = module_of(endpoint)
    return (runtime().registry[code].name,) if code is not None else ("Console",)


def _path_parameters(rule: Rule) -> Iterator[dict[str, object]]:
    for found in _ARGUMENT.finditer(rule.rule):
        kind = _TYPES.get((found["kind"] or "").partition("(")[0], "string")
        yield {"name": found["name"], "in": "path", "required": True, "schema": {"type": kind}}


def _tenant_parameter(rule: Rule) -> Iterator[dict[str, object]]:
    for frontend, header in TENANT_HEADERS.items():
        if rule.rule.startswith(f"/api/{frontend.value}/"):
            text = "Names the tenant; needed when the token has more than one in reach."
            yield {"name": header, "in": "header", "schema": {"type": "string"}, "description": text}


def _version() -> str:
    from importlib.metadata import version  # noqa: PLC0415  # only this page asks

    return version("module-console")


_ERROR = {
    "description": "What went wrong.",
    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}},
}
_SCHEMAS = {
    "Error": {
        "type": "object",
        "required": ["error"],
        "properties": {
            "error": {
                "type": "object",
                "required": ["code", "message", "hint", "details", "request_id"],
                "properties": {
                    "code": {"type": "string"},
                    "message": {"type": "string"},
                    "hint": {"type": ["string", "null"]},
                    "details": {"type": "object"},
                    "request_id": {"type": "string"},
                },
            }
        },
    }
}
