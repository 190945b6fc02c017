"""The API keeps what ``openapi.json`` promises: requests that the document allows, made up by the hundred.

What comes of a request is taken back, so each finds the console as the shop left it. ``API_EXAMPLES`` says how many
there are for each operation; without it there is one, and the suite takes a sample of the operations by a seed.
"""

from __future__ import annotations

import os
import random
from dataclasses import dataclass, field
from typing import Any

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, given, seed, settings
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.core.result import Ok
from schemathesis.schemas import APIOperation
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from schemathesis.specs.openapi.schemas import OpenApiSchema

from console.testing.people import Program
from tests.isolation.trial import taken_back
from tests.support.shop import Shop

AnyCase = Case[Any]  # Any: what an application is, which nothing here asks
AnyOperation = APIOperation[Any, Any, Any, Any]  # Any: as above
on_sqlite = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
EXAMPLES, SEED = int(os.environ.get("API_EXAMPLES", "0")), 20_261_129
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
KNOWN = {
    "slug": ["blue", "red", "nobody"],
    "code": ["cms", "orders", "payments", "gold", "nothing"],
    "feature": ["content_pages", "payment_methods", "nothing"],
    "key": ["delivery-1", "task-1", "nothing"],
    "X-Console-Platform": ["acme", "globex"],
    "X-Console-Vendor": ["blue", "green"],
}
"""Parameter → what it is mostly, so that requests get further than to an address that does not exist."""
RARELY = frozenset({"If-Match", "Idempotency-Key"})


@pytest.fixture
def schema(shop: Shop) -> OpenApiSchema:
    """The document as an instance admin's token sees it, with parameters that lead somewhere."""
    document = shop.token(None).send("GET", "/api/openapi.json").get_json()
    for operations in document["paths"].values():
        for operation in operations.values():
            operation["parameters"] = [each for each in operation["parameters"] if each["name"] not in RARELY]
            for each in operation["parameters"]:
                _narrow(each)
    found = schemathesis.openapi.from_dict(document)
    found.app = shop.app
    return found


def _narrow(parameter: dict[str, object]) -> None:
    if parameter["name"] in KNOWN:
        parameter["schema"] = {"type": "string", "enum": KNOWN[str(parameter["name"])]}
        parameter["required"] = True
    elif str(parameter["name"]).endswith("_id"):
        parameter["schema"] = {"type": "integer", "minimum": 1, "maximum": 6}


@dataclass
class Trial:
    """Requests that a program sends, and what became of the promises."""

    app: Flask
    program: Program
    tried: set[str] = field(default_factory=set)
    done: set[str] = field(default_factory=set)
    broken: list[str] = field(default_factory=list)

    def attempt(self, case: AnyCase) -> None:
        """Send one request, and take its effect back."""
        with taken_back(self.app):
            answer = case.call(headers=self.program.headers)
        label = case.operation.label
        self.tried.add(label)
        if answer.status_code < 300:
            self.done.add(label)
        try:
            case.validate_response(answer, checks=CHECKS)
        except FailureGroup as found:
            told = "; ".join(f"{each.title}: {each.message}" for each in found.exceptions)
            self.broken.append(f"{case.as_curl_command()}\n{answer.status_code} {answer.text[:300]}\n{told}")

    def explore(self, operation: AnyOperation, mode: GenerationMode) -> None:
        """Send as many requests as are wanted of one operation."""
        run = settings(
            max_examples=EXAMPLES or 1, deadline=None, database=None, suppress_health_check=list(HealthCheck)
        )
        seed(SEED)(run(given(case=operation.as_strategy(mode))(self.attempt)))()


def operations(schema: OpenApiSchema, *, sample: int) -> list[AnyOperation]:
    """Every operation of the document, or a sample when the suite runs as usual."""
    found = [each.ok() for each in schema.get_all_operations() if isinstance(each, Ok)]
    assert len(found) == schema.statistic.operations.total > 100
    return found if EXAMPLES else random.Random(SEED).sample(found, sample)  # a seed, no secret


def test_every_answer_is_one_that_the_document_promises(shop: Shop, schema: OpenApiSchema, database_kind: str) -> None:
    if database_kind == "sqlite":
        shop.switch_all(on=True)
    shop.token(shop.acme).send("POST", "/api/admin/tiers", {"code": "gold", "name": "Gold"})
    trial = Trial(shop.app, shop.token(None))
    chosen = operations(schema, sample=60 if database_kind == "sqlite" else 25)
    for operation in chosen:
        trial.explore(operation, GenerationMode.POSITIVE)
    assert trial.broken == [], "\n\n".join(trial.broken[:20])
    assert trial.tried == {each.label for each in chosen}
    assert len(trial.done) > len(chosen) // 4, sorted(trial.done)


@on_sqlite
def test_what_the_document_does_not_allow_is_no_failure_of_the_server(shop: Shop, schema: OpenApiSchema) -> None:
    trial = Trial(shop.app, shop.token(None))
    for operation in operations(schema, sample=40):
        if operation.body or operation.query:
            trial.explore(operation, GenerationMode.NEGATIVE)
    assert trial.broken == [], "\n\n".join(trial.broken[:20])
    assert len(trial.tried) > 10


@on_sqlite
def test_a_promise_that_is_not_kept_is_named(shop: Shop, schema: OpenApiSchema) -> None:
    schema.raw_schema["components"]["schemas"]["VendorsDocument"]["required"].append("colour")
    trial = Trial(shop.app, shop.token(None))
    trial.explore(schema["/api/admin/vendors"]["GET"], GenerationMode.POSITIVE)
    assert "colour" in trial.broken[0]
