"""Pytest fixtures for tests of modules: a console of one's own on a real SQLite file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from console.services.views import PlatformView, VendorView


@pytest.fixture
def console_settings(tmp_path: Path) -> dict[str, object]:
    """Settings of ``console_app``; override the fixture to add ``modules_path`` and the like."""
    return {"data_dir": tmp_path / "data", "insecure_http": True}


@pytest.fixture
def console_app(console_settings: dict[str, object]) -> Iterator[Flask]:
    """A console with every module that is installed, its database migrated and empty."""
    from console.app import create_app  # pytest loads plugins of every project; keep that cheap
    from console.services import migrations
    from console.testing.closing import close

    app = create_app(console_settings)
    migrations.upgrade(app)
    yield app
    close(app)


@pytest.fixture
def console_platform(console_app: Flask) -> PlatformView:
    """A platform with its core and default modules on."""
    from console.testing.journeys import make_platform

    return make_platform(console_app, "acme", "Acme")


@pytest.fixture
def console_vendor(console_app: Flask, console_platform: PlatformView) -> VendorView:
    """A vendor of ``console_platform``."""
    from console.testing.journeys import make_vendor

    return make_vendor(console_app, console_platform, "first-shop", "First Shop")
