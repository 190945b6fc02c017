"""``openapi.json``, made from the addresses that are mounted: the console's and every module's."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from importlib.metadata import version

from flask import Response, current_app, jsonify
from werkzeug.routing import AnyConverter, Rule

from console.blueprint import demands_of, requires_permission
from console.context import current, runtime
from console.described import Answered, Description, Shape, described, description_of
from console.domain.permissions import NOBODY
from console.web import csrf, idempotency, session
from console.web.access import TENANT_HEADERS
from console.web.api._blueprint import blueprint
from console.web.api.schemas import COMPONENTS, component_of, parameters_of, schemas_of
from console.web.permit import LOGGED_IN, module_of

Json = dict[str, object]
_ARGUMENT = re.compile(r"<(?:[^<>]+:)?(?P<name>[^<>:]+)>")
_NUMBER = {"type": "integer", "minimum": 0, "maximum": 2**63 - 1}
_TEXT = {"type": "string", "minLength": 1, "pattern": "^[^/]+$"}
BODIES = frozenset({"POST", "PUT", "PATCH"})
NOTHING = Description()


@blueprint.get("/openapi.json")
@requires_permission(LOGGED_IN)
@described({200: ("application/json",)})
def openapi() -> Response:
    """Every JSON address, by path and method; vendors see theirs only."""
    rules = [rule for rule in current_app.url_map.iter_rules() if rule.rule.startswith("/api/") and _is_shown(rule)]
    paths: dict[str, Json] = {}
    shapes: list[Shape] = []
    for rule in sorted(rules, key=lambda each: each.rule):
        said = description_of(current_app.view_functions[rule.endpoint]) or NOTHING
        shapes += [each for each in (said.takes, *said.answers.values()) if isinstance(each, type)]
        paths.setdefault(_ARGUMENT.sub(r"{\g<name>}", rule.rule), {}).update(_operations(rule, said))
    return jsonify(
        {
            "openapi": "3.1.0",
            "info": {"title": "Module Console", "version": version("module-console")},
            "security": [{"token": []}, {"login": [], "form": []}],
            "components": {"securitySchemes": _ways_in(), "schemas": {**_ERROR, **schemas_of(shapes)}},
            "paths": paths,
        }
    )


def _ways_in() -> Json:
    cookie = session.cookie_name(session.LOGIN)
    return {
        "token": {"type": "http", "scheme": "bearer", "description": "An API token."},
        "login": {"type": "apiKey", "in": "cookie", "name": cookie, "description": "Somebody who is logged in."},
        "form": {"type": "apiKey", "in": "header", "name": csrf.HEADER, "description": "Needed to change something."},
    }


def _is_shown(rule: Rule) -> bool:
    grants = current().grants or NOBODY
    if rule.rule.startswith("/api/instance/"):
        return grants.is_instance_admin
    return grants.is_instance_admin or bool(grants.platforms) or not rule.rule.startswith("/api/admin/")


def _operations(rule: Rule, said: Description) -> Iterator[tuple[str, Json]]:
    view = current_app.view_functions[rule.endpoint]
    for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
        yield method.lower(), _operation(rule, method, view, said)


def _operation(rule: Rule, method: str, view: Callable[..., object], said: Description) -> Json:
    text = inspect.getdoc(view) or ""
    operation: Json = {
        "operationId": f"{rule.endpoint}:{method.lower()}" if len(_methods(rule)) > 1 else rule.endpoint,
        "summary": text.partition("\n")[0],
        "tags": list(_tags(rule.endpoint)),
        "parameters": [*_path_parameters(rule), *parameters_of(said.query), *_headers(rule, method, said)],
        "responses": _responses(said, method),
    }
    if method in BODIES and (said.takes is not None or said is NOTHING):
        schema = {"type": "object"} if said.takes is None else component_of(said.takes)
        content = {"application/json": {"schema": schema}}
        needed = said.takes is not None and not said.optional
        operation["requestBody"] = {"required": needed, "content": content}
    permission = demands_of(view).permission
    if permission is not None:
        operation["x-permission"] = permission
    return operation


def _methods(rule: Rule) -> set[str]:
    return (rule.methods or set()) - {"HEAD", "OPTIONS"}


def _tags(endpoint: str) -> tuple[str, ...]:
    """The tags of the innermost blueprint that has some."""
    name = endpoint.rpartition(".")[0]
    own = getattr(current_app.blueprints.get(name), "tags", ())
    if own:
        return tuple(own)
    code = module_of(endpoint)
    return (runtime().registry[code].name,) if code is not None else ("Console",)


def _path_parameters(rule: Rule) -> Iterator[Json]:
    for name in _ARGUMENT.findall(rule.rule):
        converter = rule._converters[name]
        schema: Json = dict(_TEXT)
        if isinstance(converter, AnyConverter):
            schema = {"type": "string", "enum": sorted(converter.items)}
        elif converter.regex == r"\d+":
            schema = dict(_NUMBER)
        yield {"name": name, "in": "path", "required": True, "schema": schema}


def _headers(rule: Rule, method: str, said: Description) -> Iterator[Json]:
    for frontend, header in TENANT_HEADERS.items():
        if rule.rule.startswith(f"/api/{frontend.value}/"):
            yield _header(header, "Names the tenant; needed when the token has more than one in reach.", {})
    if method not in csrf.SAFE_METHODS:
        limits: Json = {"minLength": 1, "maxLength": idempotency.LONGEST_KEY, "pattern": "^[ -~]+$"}
        yield _header(idempotency.HEADER, "The same request with the same key has one effect, for a day.", limits)
    if said.matches:
        yield _header("If-Match", "The ETag that the change was made for.", {})


def _header(name: str, text: str, limits: Mapping[str, object]) -> Json:
    return {"name": name, "in": "header", "schema": {"type": "string", **limits}, "description": text}


def _responses(said: Description, method: str) -> Json:
    found: Json = {str(status): _answer(each) for status, each in said.answers.items()}
    if not found:
        found["2XX"] = {"description": "Done."}
    if method == "GET" and any(_has_revision(each) for each in said.answers.values()):
        found["304"] = {"description": "The client has this revision already."}
    return found | {"default": _content("What went wrong.", {"$ref": f"{COMPONENTS}Error"})}


def _answer(shape: Answered) -> Json:
    if not shape:
        return {"description": "Done."}
    if isinstance(shape, tuple):
        return {"description": "The file, or the document.", "content": {media: {} for media in shape}}
    return _content(_first_line(shape), component_of(shape))


def _has_revision(shape: Answered) -> bool:
    return isinstance(shape, type) and "revision" in shape.model_fields


def _content(text: str, schema: Mapping[str, object]) -> Json:
    return {"description": text, "content": {"application/json": {"schema": schema}}}


@lru_cache(maxsize=256)
def _first_line(shape: Shape) -> str:
    return (inspect.getdoc(shape) or shape.__name__).partition("\n")[0]


_ERROR: Mapping[str, object] = {
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
