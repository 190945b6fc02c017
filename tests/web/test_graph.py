"""The dependency graph: picture and table say the same, state is told by shape, and nobody else's is in it."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from console.domain.definition import ModuleDefinition
from console.domain.layout import Line
from console.domain.registry import InstalledModule, Registry, build
from console.services.views import PlatformView
from console.testing.journeys import switch
from console.testing.people import Visitor
from console.web.drawing import Drawing, Standing, draw, path_of
from tests.services.bench import Statements

GRAPH = "/admin/acme/modules/-/graph"
NODE = re.compile(r'class="node [a-z]+" data-testid="node-([a-z-]+)" data-look="([a-z]+)"')
ROW = re.compile(r'data-testid="graph-row-([a-z-]+)".*?</tr>', re.S)


@pytest.fixture
def database_kind() -> str:
    """A picture of the registry."""
    return "sqlite"


def registry(**requires: str) -> Registry:
    """Modules by name with what each requires, separated by blanks."""
    modules = [
        InstalledModule(
            code, ModuleDefinition(code=code, name=code.title(), requires=needs.split()), code, Path(code), "path"
        )
        for code, needs in requires.items()
    ]
    return build(modules)


def drawing(found: Registry) -> Drawing:
    return draw(found, lambda code: Standing(code, "on" if code in found else "missing", "", None))


def test_picture_and_table_show_the_same_modules_with_their_states(
    admin: Visitor, console_app: Flask, console_platform: PlatformView
) -> None:
    switch(console_app, console_platform.id, "orders", on=True)
    page = admin.get(GRAPH)
    assert page.status_code == 200
    nodes = dict(NODE.findall(page.text))
    rows = {match[1]: match[0] for match in ROW.finditer(page.text)}
    assert set(nodes) == set(rows) == set(console_app.extensions["console"].registry)
    assert {code: nodes[code] for code in ("cms", "orders", "billing")} == {
        "cms": "on",
        "orders": "on",
        "billing": "off",
    }
    assert 'href="/admin/acme/modules/payments">Payments' in rows["orders"]
    assert 'href="/admin/acme/modules/orders">Orders' in rows["payments"]
    assert page.text.count('class="wire on"') == 1
    assert "circle-check" in rows["orders"]
    assert "circle-dashed" in rows["billing"]


def test_the_module_list_leads_to_it(admin: Visitor) -> None:
    assert f'href="{GRAPH}"' in admin.get("/admin/acme/modules").text


def test_whoever_may_see_the_modules_may_see_it(viewer: Visitor, owner: Visitor) -> None:
    assert viewer.get(GRAPH).status_code == 200
    assert owner.get(GRAPH).status_code == 403


def test_the_instance_shows_what_is_installed(root: Visitor, admin: Visitor) -> None:
    page = root.get("/instance/graph")
    assert dict(NODE.findall(page.text))["orders"] == "on"
    assert 'href="/instance/modules#registry-orders"' in page.text
    assert admin.get("/instance/graph").status_code == 403


def test_statements_do_not_grow_with_the_modules(
    admin: Visitor, console_app: Flask, console_platform: PlatformView
) -> None:
    def cost() -> int:
        admin.get(GRAPH)
        with console_app.app_context(), Statements() as executed:
            admin.get(GRAPH)
        return len(executed)

    few = cost()
    for code in ("orders", "analytics", "billing"):
        switch(console_app, console_platform.id, code, on=True)
    assert cost() == few


def test_what_is_required_but_not_installed_is_in_the_picture() -> None:
    found = drawing(registry(orders="payments"))
    by_code = {node.code: node for node in found.nodes}
    assert by_code["payments"].standing.look == "missing"
    assert [other.code for other in by_code["orders"].requires] == ["payments"]
    assert [(wire.code, wire.need, wire.look) for wire in found.wires] == [("orders", "payments", "bad")]


@pytest.mark.parametrize(
    ("requires", "lines"),
    [
        ({"a": "b", "b": "a"}, {("a", "b")}),
        ({"a": "b", "b": "c", "c": "a"}, {("a", "b"), ("b", "c"), ("a", "c")}),
    ],
)
def test_a_circle_is_drawn_with_one_line_turned(requires: dict[str, str], lines: set[tuple[str, str]]) -> None:
    found = drawing(registry(**requires))
    assert {(wire.code, wire.need) for wire in found.wires} == lines
    arrows = {(wire.code, wire.need) for wire in found.wires if wire.down}
    arrows |= {(wire.need, wire.code) for wire in found.wires if wire.up}
    assert arrows == {(code, need) for code, needs in requires.items() for need in needs.split()}


def test_a_line_is_straight_beside_a_box_and_bent_between_the_rows() -> None:
    line = Line("a", "c", ((10.0, 40.0), (50.0, 80.0), (50.0, 120.0), (10.0, 160.0)))
    assert path_of(line) == "M10 40C10 60 50 60 50 80V120C50 137.5 10 137.5 10 155"
    assert path_of(replace(line, points=line.points[:2])) == "M10 40C10 57.5 50 57.5 50 75"


def test_a_long_name_is_cut_and_said_in_full_elsewhere() -> None:
    found = draw(registry(a=""), lambda _code: Standing("A name that goes on and on", "on", "On", None, core=True))
    assert found.nodes[0].label == "A name that goes…"
    assert found.nodes[0].standing.name == "A name that goes on and on"
