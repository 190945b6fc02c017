"""How a module's blueprints come onto the application."""

from __future__ import annotations

import pytest

from tests.loading.conftest import Load, Write
from tests.loading.test_quarantine import definition

VIEW = "\n@{name}.get('/things')\ndef things():\n    return {{'things': []}}\n"


def rules(app: object) -> dict[str, str]:
    return {rule.endpoint: rule.rule for rule in app.url_map.iter_rules()}  # type: ignore[attr-defined]  # a Flask


@pytest.mark.parametrize(
    ("label", "prefix"),
    [("r_none", None), ("r_own", "/api/admin/r-own"), ("r_short", "/r-short"), ("r_plain", "")],
)
def test_a_prefix_that_names_the_modules_own_address_is_not_repeated(
    write_module: Write, load_all: Load, label: str, prefix: str | None
) -> None:
    code = label.replace("_", "-")
    source = "from console.sdk import ModuleBlueprint\n"
    source += f"admin_router = ModuleBlueprint({code!r}, __name__, url_prefix={prefix!r})\n"
    write_module(
        label,
        definition(code),
        {"routes/__init__.py": "", "routes/admin.py": source + VIEW.format(name="admin_router")},
    )
    app, _ = load_all()
    assert rules(app)[f"api_admin.{code}.things"] == f"/api/admin/{code}/things"


def test_the_guides_lazy_router_and_its_assignment_work(write_module: Write, load_all: Load) -> None:
    source = """
    from console.sdk import ModuleDefinition

    def _get_admin_router():
        from modules.r_lazy.routes.admin import admin_router
        return admin_router

    lazy_module = ModuleDefinition(code="r-lazy", name="Lazy")
    lazy_module.admin_router = _get_admin_router
    """
    routes = "from flask import Blueprint\nadmin_router = Blueprint('r-lazy', __name__)" + VIEW.format(
        name="admin_router"
    )
    write_module("r_lazy", source, {"routes/__init__.py": "", "routes/admin.py": routes})
    app, registry = load_all()
    assert registry["r-lazy"].live, registry["r-lazy"].quarantine
    assert rules(app)["api_admin.r-lazy.things"] == "/api/admin/r-lazy/things"


def test_pages_and_json_of_both_frontends_have_their_endpoints(load_all: Load, write_module: Write) -> None:
    write_module("r_any", definition("r-any"))
    app, _ = load_all()
    found = rules(app)
    assert found["api_admin.payments.list_gateways"] == "/api/admin/payments/gateways"
    assert found["api_vendor.payments.list_payment_methods"] == "/api/vendor/payments/methods"
    assert found["admin.orders.orders"].startswith("/admin/<platform>/orders/")
    assert found["vendor.orders.orders"].startswith("/vendor/<vendor>/orders/")


def test_something_that_is_no_blueprint_is_named(load_all: Load, write_module: Write) -> None:
    write_module(
        "r_wrong", definition("r-wrong"), {"routes/__init__.py": "", "routes/admin.py": "admin_router = 'no'\n"}
    )
    _, registry = load_all()
    assert "admin_router is a str, not a blueprint" in (registry["r-wrong"].quarantine or "")
