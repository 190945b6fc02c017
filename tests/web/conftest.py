"""Fixtures of the page tests: a console of one's own, a platform with a vendor, and people who are logged in."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from console.domain.words import Role
from console.services.views import PlatformView, VendorView
from console.testing.people import Visitor, log_in
from console.testing.plugin import console_app, console_platform, console_vendor
from tests.support.hashing import forbid_in_units
from tests.support.shop import Shop, build_shop

__all__ = ["console_app", "console_platform", "console_vendor"]


@pytest.fixture(autouse=True)
def no_hash_in_a_unit_of_work(monkeypatch: pytest.MonkeyPatch) -> None:
    forbid_in_units(monkeypatch)


@pytest.fixture
def console_settings(database_url: str, data_dir: Path) -> dict[str, object]:
    """On both databases, already migrated."""
    return {"data_dir": data_dir, "database_url": database_url, "insecure_http": True}


@pytest.fixture
def root(console_app: Flask) -> Visitor:
    """An instance admin."""
    return log_in(console_app, Role.INSTANCE_ADMIN)


@pytest.fixture
def admin(console_app: Flask, console_platform: PlatformView) -> Visitor:
    """An admin of the platform."""
    return log_in(console_app, Role.PLATFORM_ADMIN, platform=console_platform)


@pytest.fixture
def viewer(console_app: Flask, console_platform: PlatformView) -> Visitor:
    """Somebody who may only look."""
    return log_in(console_app, Role.PLATFORM_VIEWER, platform=console_platform)


@pytest.fixture
def owner(console_app: Flask, console_vendor: VendorView) -> Visitor:
    """The owner of a vendor of the platform."""
    return log_in(console_app, Role.VENDOR_OWNER, vendor=console_vendor)


@pytest.fixture
def shop(make_app: Callable[..., Flask]) -> Shop:
    """Two platforms with vendors on this test's database, only core modules on; a short wait for locks."""
    return build_shop(make_app(busy_timeout_s=0.3))
