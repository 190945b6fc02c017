"""The developer tools keep the contract, show what the process has, and stay with admins."""

from __future__ import annotations

import pytest
from flask import Flask

from console.sdk import PlatformView, VendorView
from console.testing import ModuleContract, Visitor, log_in, program, switch


class TestDevTools(ModuleContract):
    code = "dev-tools"


@pytest.fixture
def admin(console_app: Flask, console_platform: PlatformView) -> Visitor:
    switch(console_app, console_platform.id, "dev-tools", on=True)
    return log_in(console_app, "platform-admin", platform=console_platform)


def test_the_registry_page_has_every_module_with_its_state_here(admin: Visitor, console_platform: PlatformView) -> None:
    page = admin.get(f"/admin/{console_platform.slug}/dev-tools/").get_data(as_text=True)
    for code in ("tenancy", "cms", "payments", "orders", "billing", "analytics", "dev-tools"):
        assert f'data-testid="registry-{code}"' in page


def test_the_registry_in_json_says_what_is_on(
    console_app: Flask, admin: Visitor, console_platform: PlatformView
) -> None:
    assert admin.user_id
    told = program(console_app, platform=console_platform).send("GET", "/api/admin/dev-tools/registry").get_json()
    states = {row["code"]: row["state"] for row in told["modules"]}
    assert (states["dev-tools"], states["orders"]) == ("enabled", "disabled")
    orders = next(row for row in told["modules"] if row["code"] == "orders")
    assert (orders["requires"], orders["kind"], orders["package"]) == (["payments"], "optional", "modules.orders")


def test_the_route_map_is_narrowed_by_a_word(admin: Visitor, console_platform: PlatformView) -> None:
    address = f"/admin/{console_platform.slug}/dev-tools/routes"
    assert "/api/vendor/orders/orders" in admin.get(address).get_data(as_text=True)
    narrowed = admin.get(f"{address}?q=payments").get_data(as_text=True)
    assert "/api/admin/payments/gateways" in narrowed
    assert "/api/vendor/orders/orders" not in narrowed
    assert "No address has that word" in admin.get(f"{address}?q=nothing-like-that").get_data(as_text=True)


def test_vendors_learn_nothing_of_it(console_app: Flask, admin: Visitor, console_vendor: VendorView) -> None:
    assert admin.user_id
    owner = log_in(console_app, "vendor-owner", vendor=console_vendor)
    home = f"/vendor/{console_vendor.slug}"
    assert owner.get(f"{home}/dev-tools/").status_code == 404
    assert "Developer" not in owner.get(f"{home}/").get_data(as_text=True)
