"""The two tenants of these tests."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from tests.isolation.stock import SETTINGS, Tenant, two_tenants

Both = tuple[Flask, Tenant, Tenant]


@pytest.fixture
def both(make_app: Callable[..., Flask]) -> Both:
    """An application with two tenants that have the same."""
    app = make_app(**SETTINGS)
    return (app, *two_tenants(app))
