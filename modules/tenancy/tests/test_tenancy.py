"""Tenancy keeps the contract and tells each side what it may know."""

from __future__ import annotations

from flask import Flask

from console.sdk import PlatformView, VendorView
from console.testing import ModuleContract, log_in, make_vendor, program, switch


class TestTenancy(ModuleContract):
    code = "tenancy"


def test_admins_see_the_platform_its_vendors_and_every_module_that_is_on(
    console_app: Flask, console_platform: PlatformView, console_vendor: VendorView
) -> None:
    switch(console_app, console_platform.id, "dev-tools", on=True)
    admin = log_in(console_app, "platform-admin", platform=console_platform)
    page = admin.get(f"/admin/{console_platform.slug}/tenancy/").get_data(as_text=True)
    for text in (console_platform.name, console_vendor.name, "Developer Tools", "Platform Tenancy"):
        assert text in page
    told = program(console_app, platform=console_platform).send("GET", "/api/admin/tenancy/platform").get_json()
    assert [vendor["slug"] for vendor in told["vendors"]] == [console_vendor.slug]
    assert set(told["modules"]) == {"tenancy", "cms", "dev-tools"}


def test_vendors_see_themselves_and_no_internal_module(
    console_app: Flask, console_platform: PlatformView, console_vendor: VendorView
) -> None:
    switch(console_app, console_platform.id, "dev-tools", on=True)
    switch(console_app, console_platform.id, "payments", on=True)
    other = make_vendor(console_app, console_platform, "other-shop", "Other Shop")
    owner = log_in(console_app, "vendor-owner", vendor=console_vendor)
    page = owner.get(f"/vendor/{console_vendor.slug}/tenancy/").get_data(as_text=True)
    assert console_vendor.name in page
    assert other.name not in page
    assert "Developer Tools" not in page
    told = program(console_app, vendor=console_vendor).send("GET", "/api/vendor/tenancy/vendor").get_json()
    assert set(told["modules"]) == {"tenancy", "cms", "payments"}
