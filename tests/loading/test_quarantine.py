"""Whatever is wrong with one module is named, and everything else starts."""

from __future__ import annotations

import pytest

from console.errors import CannotStart
from tests.loading.conftest import Load, Write

DEFINITION = "from console.sdk import ModuleDefinition\nmodule = ModuleDefinition(code={code!r}, name='X'{more})\n"
THE_SEVEN = {"tenancy", "cms", "analytics", "billing", "payments", "orders", "dev-tools"}


def definition(code: str, **more: object) -> str:
    return DEFINITION.format(code=code, more="".join(f", {name}={value!r}" for name, value in more.items()))


@pytest.mark.parametrize(
    ("label", "source", "reason"),
    [
        ("q_syntax", "def broken(:\n", "SyntaxError"),
        ("q_raises", "raise RuntimeError('no network')\n", "RuntimeError: no network"),
        ("q_exits", "import sys\nsys.exit(3)\n", "SystemExit"),
        ("q_missing", "import a_package_that_nobody_has\n", "a_package_that_nobody_has"),
        ("q_empty", "x = 1\n", "0 definitions"),
        ("q_two", definition("q-two") + "other = ModuleDefinition(code='q-other', name='Y')\n", "2 definitions"),
        ("q_folder", definition("another-code"), "the folder is 'q_folder'"),
        ("q_code", definition("Not A Code"), "Not A Code"),
        ("q_field", "from console.sdk import ModuleDefinition\nModuleDefinition(code='q-field')\n", "name"),
        ("q_reserved_version", definition("q-reserved-version", version="one"), "version"),
    ],
)
def test_a_definition_that_cannot_be_used_quarantines_its_module_only(
    write_module: Write, load_all: Load, label: str, source: str, reason: str
) -> None:
    write_module(label, source)
    _, registry = load_all()
    broken = [module for module in registry.modules() if not module.live]
    assert [module.path.name for module in broken] == [label]
    assert reason in (broken[0].quarantine or "")
    assert {module.code for module in registry.modules() if module.live} == THE_SEVEN


def test_where_names_the_line_of_the_modules_own_code(write_module: Write, load_all: Load) -> None:
    write_module("w_line", "x = 1\n\nraise RuntimeError('here')\n")
    _, registry = load_all()
    (problem,) = registry["w-line"].problems
    assert problem.where.endswith("w_line/definition.py:3")


def test_a_cycle_is_named_by_its_whole_path_and_nothing_else_is_held(write_module: Write, load_all: Load) -> None:
    write_module("c_one", definition("c-one", requires=["c-two"]))
    write_module("c_two", definition("c-two", requires=["c-three"]))
    write_module("c_three", definition("c-three", requires=["c-one"]))
    write_module("c_free", definition("c-free"))
    _, registry = load_all()
    for code in ("c-one", "c-two", "c-three"):
        reason = registry[code].quarantine or ""
        assert all(each in reason for each in ("c-one", "c-two", "c-three")), reason
    assert registry["c-free"].live


def test_core_may_not_require_optional(write_module: Write, load_all: Load) -> None:
    write_module("k_core", definition("k-core", is_core=True, requires=["payments"]))
    _, registry = load_all()
    assert "payments" in (registry["k-core"].quarantine or "")
    assert registry["payments"].live


def test_a_code_that_is_taken_leaves_the_second_module_out(write_module: Write, load_all: Load) -> None:
    write_module("orders", definition("orders"))
    _, registry = load_all()
    assert registry["orders"].live
    assert registry["orders"].source == "built-in"
    assert any(problem.id == "MOD010" for problem in registry["orders"].problems)


def test_what_requires_a_quarantined_module_is_quarantined_too(write_module: Write, load_all: Load) -> None:
    write_module("d_base", definition("d-base"), {"models.py": "raise ValueError('bad table')\n"})
    write_module("d_user", definition("d-user", requires=["d-base"]))
    _, registry = load_all()
    assert "ValueError: bad table" in (registry["d-base"].quarantine or "")
    assert "d-base" in (registry["d-user"].quarantine or "")


ROUTES = """
from console.sdk import ModuleBlueprint
from flask import Blueprint
admin_pages = {kind}({name!r}, __name__)

@admin_pages.get("/")
def index():
    return "hello"
{more}
"""


@pytest.mark.parametrize(
    ("label", "more", "kind", "reason"),
    [
        (
            "h_before",
            "@admin_pages.before_app_request\ndef look():\n    pass\n",
            "ModuleBlueprint",
            "before_app_request",
        ),
        ("h_plain", "@admin_pages.before_app_request\ndef look():\n    pass\n", "Blueprint", "before_app_request"),
        (
            "h_error",
            "@admin_pages.app_errorhandler(404)\ndef look(e):\n    return ''\n",
            "Blueprint",
            "app_errorhandler",
        ),
        ("h_twice", "@admin_pages.get('/')\ndef other():\n    return ''\n", "ModuleBlueprint", "leads to both"),
        (
            "h_filter",
            "@admin_pages.app_template_filter('f')\ndef f(x):\n    return x\n",
            "Blueprint",
            "template filters",
        ),
    ],
)
def test_routes_that_reach_beyond_the_module_quarantine_it(
    write_module: Write, load_all: Load, *, label: str, more: str, kind: str, reason: str
) -> None:
    code = label.replace("_", "-")
    routes = ROUTES.format(kind=kind, name=code, more=more)
    write_module(label, definition(code), {"routes/__init__.py": "", "routes/admin.py": routes})
    app, registry = load_all()
    assert reason in (registry[code].quarantine or "")
    assert not any(f".{code}." in endpoint for endpoint in app.view_functions)
    assert "admin.orders.orders" in app.view_functions


def test_an_internal_module_has_no_vendor_routes(write_module: Write, load_all: Load) -> None:
    routes = ROUTES.format(kind="ModuleBlueprint", name="i-vendor", more="vendor_pages = admin_pages\n")
    write_module("i_vendor", definition("i-vendor", is_internal=True), {"routes.py": routes})
    _, registry = load_all()
    assert "no vendor routes" in (registry["i-vendor"].quarantine or "")


def test_strict_mode_refuses_to_start_and_names_every_problem(write_module: Write, load_all: Load) -> None:
    write_module("s_one", "raise RuntimeError('first')\n")
    write_module("s_two", "raise RuntimeError('second')\n")
    with pytest.raises(CannotStart, match=r"(?s)first.*second"):
        load_all(strict=True)


def test_strict_mode_starts_with_the_seven(load_all: Load, write_module: Write) -> None:
    write_module("s_good", definition("s-good"))
    _, registry = load_all(strict=True)
    assert set(registry) == {*THE_SEVEN, "s-good"}


def test_safe_mode_starts_core_modules_only(load_all: Load, write_module: Write) -> None:
    write_module("m_extra", definition("m-extra"))
    app, registry = load_all(safe_mode=True)
    assert {module.code for module in registry.modules() if module.live} == {"cms", "tenancy"}
    assert not any(endpoint.startswith("admin.orders.") for endpoint in app.view_functions)


def test_a_definition_cannot_be_changed_after_the_start(load_all: Load, write_module: Write) -> None:
    write_module("f_frozen", definition("f-frozen"))
    _, registry = load_all()
    found = registry["f-frozen"].definition
    assert found is not None
    with pytest.raises(Exception, match="after start-up"):
        found.name = "Another"


def test_starting_writes_nothing(load_all: Load, write_module: Write, tmp_path: object) -> None:
    write_module("n_nothing", definition("n-nothing"))
    app, _ = load_all()
    folder = app.extensions["console"].settings.data_dir
    assert not folder.exists() or list(folder.rglob("*")) == []
