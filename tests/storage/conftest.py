"""Applications of storage alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask

from console.settings import load_settings
from tests.support.databases import bare_app, close

MakeBare = Callable[..., Flask]


@pytest.fixture
def make_bare(data_dir: Path) -> Iterator[MakeBare]:
    """Makes applications without pages on the database that they are given."""
    made: list[Flask] = []

    def make(url: str, **settings: object) -> Flask:
        app = bare_app(load_settings({"data_dir": data_dir, "database_url": url, **settings}, {}))
        made.append(app)
        return app

    yield make
    for app in made:
        close(app)


@pytest.fixture
def bare(make_bare: MakeBare, database_url: str) -> Flask:
    """An application without pages on a migrated database."""
    return make_bare(database_url)
