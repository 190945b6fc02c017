"""The tests of the built-in modules run on both databases, on copies of a migrated one."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from tests.conftest import (
    compiled_templates,
    data_dir,
    database_kind,
    database_url,
    make_app,
    postgres,
    postgres_shelf,
    postgres_template,
    template,
)

__all__ = [
    "compiled_templates",
    "data_dir",
    "database_kind",
    "database_url",
    "make_app",
    "postgres",
    "postgres_shelf",
    "postgres_template",
    "template",
]


@pytest.fixture
def console_app(make_app: Callable[..., Flask]) -> Flask:
    """The console with its seven modules on an empty database."""
    return make_app()
