"""The guide's blocks run on both databases."""

from __future__ import annotations

import pytest
from flask import Flask


@pytest.fixture
def console_app(app: Flask) -> Flask:
    """The console with its seven modules on an empty database."""
    return app
