"""The main job by command line only, in processes of its own, with nothing but documents: on both databases."""

from __future__ import annotations

from typing import Any

import pytest

from tests.cli.documents import (
    ConfigDocument,
    ErrorDocument,
    HealthDocument,
    ListDocument,
    OperationDocument,
    OperationsDocument,
    PlanDocument,
)
from tests.cli.shell import Process


@pytest.fixture(params=["sqlite", "postgres"])
def database_kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_orders_come_go_with_payments_and_come_again(process: Process) -> None:
    def ask(*words: str) -> Any:  # any: JSON
        answer = process.run(*words, "--json")
        assert answer.code == 0, answer.out + answer.err
        return answer.json

    ask("platforms", "create", "acme", "--name", "Acme")
    ask("vendors", "create", "blue", "-p", "acme")

    plan = process.run("modules", "plan", "orders", "--json").document(PlanDocument, code=1)
    assert plan.said() == [("payments", "enable", "required_by:orders"), ("orders", "enable", "requested")]

    refused = process.run("modules", "enable", "orders", "--json").document(ErrorDocument, code=2).error
    assert refused.code == "confirmation_needed"

    enabled = process.run("modules", "enable", "orders", "--yes", "--json").document(OperationDocument).some()
    assert enabled.done() == [("payments", "enable", "succeeded"), ("orders", "enable", "succeeded")]
    assert process.run("modules", "is-enabled", "orders").code == 0
    modules = process.run("modules", "list", "--json").document(ListDocument).by_code()
    assert (modules["orders"].origin, modules["payments"].origin) == ("explicit", "implied")

    limit = ("modules", "config", "set", "payments", "max_methods_per_vendor=5", "--note", "journey")
    assert process.run(*limit, "--json").document(ConfigDocument).values["max_methods_per_vendor"].value == 5

    going = process.run("modules", "disable", "payments", "--dry-run", "--json").document(PlanDocument, code=1)
    assert going.said() == [("orders", "disable", "requires:payments"), ("payments", "disable", "requested")]
    disabled = process.run("modules", "disable", "payments", "--yes", "--json").document(OperationDocument).some()
    assert disabled.done() == [("orders", "disable", "succeeded"), ("payments", "disable", "succeeded")]
    assert process.run("modules", "is-enabled", "orders").code == 1
    facts = ask("modules", "why", "orders")["facts"]
    assert any(not fact["holds"] for fact in facts)

    again = process.run("modules", "enable", "orders", "--yes", "--json").document(OperationDocument).some()
    assert again.state == "succeeded"
    kept = process.run("modules", "config", "list", "payments", "--json").document(ConfigDocument)
    assert (kept.values["max_methods_per_vendor"].value, kept.revision) == (5, 1), "what was configured is kept"

    journal = process.run("modules", "operations", "--json").document(OperationsDocument).operations
    assert [(each.kind, each.state) for each in journal] == [("toggle", "succeeded")] * 3 + [("create", "succeeded")]
    reports = process.run("modules", "health", "-p", "acme", "--json").document(HealthDocument).modules
    assert {"orders", "payments"} <= {report.code for report in reports}
    assert process.run("modules", "enable", "orders", "--json").document(OperationDocument).operation is None
