"""``openapi.json`` is complete: every address with what it takes and answers, and nothing that is not there."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from werkzeug.routing import Rule

from console.described import description_of
from console.web.csrf import SAFE_METHODS
from console.web.permit import module_of
from tests.support.shop import Shop

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
ARGUMENT = re.compile(r"<(?:[^<>]*:)?(\w+)>")
Json = dict[str, object]
READS, MATCHES = "read_json", frozenset({"must_match", "_must_match"})


def rules(app: Flask) -> Iterator[tuple[str, str, Rule]]:
    """Path, method and rule of every operation in the map of addresses."""
    for rule in app.url_map.iter_rules():
        if rule.rule.startswith("/api/"):
            for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}:
                yield ARGUMENT.sub(r"{\1}", rule.rule), method.lower(), rule


def own_views(app: Flask) -> Iterator[tuple[str, Callable[..., object]]]:
    """The console's views of the API by their endpoints."""
    for name, view in app.view_functions.items():
        if name.startswith("api") and module_of(name) is None:
            yield name, view


@pytest.fixture
def document(shop: Shop) -> dict[str, dict[str, Json]]:
    """The document for a token of the whole instance."""
    found: dict[str, dict[str, Json]] = shop.token(None).send("GET", "/api/openapi.json").get_json()
    return found


def operation(document: dict[str, dict[str, Json]], path: str, method: str) -> Json:
    """One operation of the document."""
    found = document["paths"][path][method]
    assert isinstance(found, dict)
    return found


def test_it_names_exactly_the_operations_that_there_are(shop: Shop, document: dict[str, dict[str, Json]]) -> None:
    there = {(path, method) for path, method, _rule in rules(shop.app)}
    told = {(path, method) for path, methods in document["paths"].items() for method in methods}
    assert told == there
    ids = [operation(document, *each)["operationId"] for each in told]
    assert len(ids) == len(set(ids))


def test_every_operation_names_its_arguments_and_its_errors(shop: Shop, document: dict[str, dict[str, Json]]) -> None:
    for path, method, rule in rules(shop.app):
        found = operation(document, path, method)
        parameters: list[Json] = found["parameters"]  # type: ignore[assignment]
        named = {each["name"] for each in parameters if each["in"] == "path"}
        assert named == set(ARGUMENT.findall(rule.rule)), path
        headers = {each["name"] for each in parameters if each["in"] == "header"}
        assert ("Idempotency-Key" in headers) is (method.upper() not in SAFE_METHODS), (method, path)
        assert ("X-Console-Platform" in headers) is path.startswith("/api/admin/"), path
        assert ("X-Console-Vendor" in headers) is path.startswith("/api/vendor/"), path
        responses: Json = found["responses"]  # type: ignore[assignment]
        assert "default" in responses
        assert any(each.startswith("2") for each in responses), (method, path)
        assert found["summary"]
        assert "x-permission" in found or module_of(rule.endpoint), path


def test_every_address_of_the_console_says_what_it_takes_and_answers(shop: Shop) -> None:
    for name, view in own_views(shop.app):
        said, used = description_of(view), set(view.__code__.co_names)
        assert said is not None, name
        assert said.answers, f"{name} does not say what it answers"
        assert (said.takes is not None) is (READS in used), f"{name} reads a body, or does not, and says otherwise"
        assert said.takes is None or said.takes.__name__ in used, f"{name} reads its body by another schema"
        assert said.optional is (("optional",) in view.__code__.co_consts), f"{name} needs a body, or says otherwise"
        assert said.matches is bool(used & MATCHES), f"{name} knows If-Match, or does not, and says otherwise"


def test_a_body_that_may_be_left_out_is_not_required(document: dict[str, dict[str, Json]]) -> None:
    def is_required(path: str, method: str) -> object:
        body = operation(document, path, method)["requestBody"]
        assert isinstance(body, dict)
        return body["required"]

    assert is_required("/api/admin/operations/{operation_id}/undo", "post") is False
    assert is_required("/api/admin/operations/{operation_id}/force", "post") is True


def test_every_module_says_what_its_addresses_take_and_answer(shop: Shop) -> None:
    views = shop.app.view_functions.items()
    found = {name: view for name, view in views if name.startswith("api_") and module_of(name) is not None}
    assert len(found) > 20
    for name, view in found.items():
        said, used = description_of(view), set(view.__code__.co_names)
        assert said is not None, name
        assert said.answers, f"{name} does not say what it answers"
        takes = said.takes
        assert (takes is not None) is (READS in used), f"{name} reads a body, or does not, and says otherwise"
        assert takes is None or takes.__name__ in used, f"{name} reads its body by another schema"


def test_every_reference_leads_to_a_schema_and_every_schema_is_used(document: dict[str, dict[str, Json]]) -> None:
    used = set(re.findall(r"'#/components/schemas/(\w+)'", str(document)))
    assert used == set(document["components"]["schemas"])


def test_it_says_how_to_prove_who_asks(shop: Shop, document: dict[str, dict[str, Json]]) -> None:
    schemes = document["components"]["securitySchemes"]
    ways: object = document["security"]
    assert ways == [{"token": []}, {"login": [], "form": []}]
    assert schemes["token"] == {"type": "http", "scheme": "bearer", "description": "An API token."}
    login = schemes["login"]
    assert isinstance(login, dict)
    assert login["name"] == "console"
    answer = shop.app.test_client().get("/api/instance/users")
    assert answer.status_code == 401


def test_each_sees_the_part_that_is_for_them(shop: Shop) -> None:
    def parts(scope: object) -> set[str]:
        paths = shop.token(scope).send("GET", "/api/openapi.json").get_json()["paths"]  # type: ignore[arg-type]
        return {path.split("/")[2] for path in paths}

    assert parts(None) == {"admin", "instance", "vendor", "openapi.json"}
    assert parts(shop.acme) == {"admin", "vendor", "openapi.json"}
    assert parts(shop.blue) == {"vendor", "openapi.json"}
