"""Looking: list, show, is-enabled, why, graph, routes."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from tests.cli.documents import ErrorDocument, ListDocument
from tests.cli.shell import Shell

SEVEN = {"tenancy", "cms", "analytics", "billing", "payments", "orders", "dev-tools"}


def test_list_names_every_module_with_what_it_needs(shell: Shell) -> None:
    found = shell.document(ListDocument, "modules", "list")
    modules = found.by_code()
    assert set(modules) == SEVEN
    assert found.platform == "acme"
    assert (modules["orders"].requires, modules["payments"].required_by) == (["payments"], ["orders"])
    assert {code for code, each in modules.items() if each.kind == "core"} == {"tenancy", "cms"}
    assert modules["cms"].origin == "core"
    assert modules["orders"].state == "disabled"


def test_list_without_a_terminal_is_a_line_a_module_with_tabs(shell: Shell) -> None:
    rows = shell.run("modules", "list").rows
    assert {row[0] for row in rows} == SEVEN
    assert next(row for row in rows if row[0] == "orders") == [
        *("orders", "disabled", "1.0.0", "optional", "-", "unknown", "payments", "-")
    ]


@pytest.mark.parametrize(
    ("filters", "codes"),
    [
        (["--enabled"], {"tenancy", "cms"}),
        (["--core"], {"tenancy", "cms"}),
        (["--internal"], {"dev-tools"}),
        (["--disabled", "--optional"], {"analytics", "billing", "payments", "orders"}),
        (["--failed"], set()),
        (["--core", "--internal"], {"tenancy", "cms", "dev-tools"}),
    ],
)
def test_list_can_be_narrowed(shell: Shell, filters: list[str], codes: set[str]) -> None:
    assert set(shell.document(ListDocument, "modules", "list", *filters).by_code()) == codes


def test_list_names_a_broken_module_and_why(rough: Shell) -> None:
    broken = rough.document(ListDocument, "modules", "list").by_code()["broken"]
    assert broken.problems == ["definition.py cannot be imported: RuntimeError: this module is broken on purpose"]
    assert "broken on purpose" in rough.run("modules", "list").err


def test_show_tells_all_about_one_module(shell: Shell) -> None:
    module = shell.json("modules", "show", "orders")["module"]
    assert (module["code"], module["requires"], module["hooks"]) == ("orders", ["payments"], ["on_enable"])
    assert {"orders_orders", "orders_number_ranges"} <= set(module["tables"])
    assert module["migrations"]["state"] == "current"
    assert module["features"] == [{"code": "order_management", "on": False}]
    assert any(route["rule"] == "/api/vendor/orders/orders" for route in module["routes"])
    text = shell.run("modules", "show", "orders").out
    assert "/api/vendor/orders/orders" in text
    assert "Requires:" in text.title()


def test_is_enabled_answers_by_its_exit_code(shell: Shell) -> None:
    assert shell.run("modules", "is-enabled", "cms").code == 0
    off = shell.run("modules", "is-enabled", "orders", "--json")
    assert (off.code, off.json["enabled"]) == (1, False)
    assert shell.run("modules", "is-enabled", "orders", "-q").out == ""


def test_why_gives_each_fact_with_its_source(shell: Shell) -> None:
    off = shell.json("modules", "why", "orders")
    assert off["on"] is False
    assert any(not fact["holds"] and fact["source"] for fact in off["facts"])
    on = shell.json("modules", "why", "content_pages")
    assert (on["on"], on["name"]) == (True, "content_pages")


def test_why_can_be_asked_as_a_vendor(shell: Shell) -> None:
    assert shell.run("vendors", "create", "blue").code == 0
    internal = shell.json("modules", "why", "dev-tools", "--vendor", "blue")
    assert any("vendor" in fact["text"] and not fact["holds"] for fact in internal["facts"])
    assert shell.document(ErrorDocument, "modules", "why", "cms", "--vendor", "blu", code=3).error.hint


def test_the_graph_can_be_drawn_in_four_ways(shell: Shell) -> None:
    text = shell.run("modules", "graph").out.splitlines()
    assert text[text.index("orders") + 1] == "  payments"
    assert '"orders" -> "payments";' in shell.run("modules", "graph", "--format", "dot").out
    mermaid = shell.run("modules", "graph", "--format", "mermaid").out
    assert mermaid.startswith("graph LR\n")
    assert "orders --> payments" in mermaid
    assert "dev_tools[" in mermaid
    edges = shell.json("modules", "graph")["edges"]
    assert {"from": "orders", "to": "payments"} in edges
    assert shell.run("modules", "graph", "--format", "json").json["edges"] == edges


def test_the_graph_can_be_turned_round(shell: Shell) -> None:
    text = shell.run("modules", "graph", "--reverse").out.splitlines()
    assert text[text.index("payments") + 1] == "  orders"
    assert {"from": "payments", "to": "orders"} in shell.json("modules", "graph", "--reverse")["edges"]


def test_routes_are_those_of_the_module(shell: Shell) -> None:
    found = shell.json("modules", "routes", "payments")["routes"]
    assert ("/api/admin/payments/gateways", ["GET"]) in [(route["rule"], route["methods"]) for route in found]
    assert {route["frontend"] for route in found} == {"admin pages", "vendor pages", "admin API", "vendor API"}
    assert all(".payments." in route["endpoint"] for route in found)
    assert len(shell.run("modules", "routes", "payments").rows) == len(found)


@pytest.mark.parametrize("words", [["show"], ["is-enabled"], ["why"], ["routes"], ["enable"], ["plan"], ["migrate"]])
def test_an_unknown_module_is_exit_3_and_suggests(shell: Shell, words: list[str]) -> None:
    error = shell.document(ErrorDocument, "modules", *words, "ordres", code=3).error
    assert (error.code, error.hint) == ("unknown_module", "Did you mean 'orders'?")


def test_the_platform_may_come_from_the_settings(make_app: Callable[..., Flask]) -> None:
    shell = Shell(make_app(platform="globex"))
    for slug in ("acme", "globex"):
        assert shell.run("platforms", "create", slug, "--no-wait").code == 0
    assert shell.document(ListDocument, "modules", "list").platform == "globex"
    assert shell.document(ListDocument, "modules", "list", "-p", "acme").platform == "acme"


def test_of_several_platforms_one_must_be_named(shell: Shell) -> None:
    assert shell.run("platforms", "create", "globex").code == 0
    error = shell.document(ErrorDocument, "modules", "list", code=2).error
    assert (error.code, error.details["platforms"]) == ("platform_required", ["acme", "globex"])
    assert shell.document(ListDocument, "modules", "list", "-p", "globex").platform == "globex"
    unknown = shell.document(ErrorDocument, "modules", "list", "--platform", "acne", code=3).error
    assert (unknown.code, unknown.hint) == ("unknown_platform", "Did you mean 'acme'?")
