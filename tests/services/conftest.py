from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from console.domain.definition import ModuleDefinition
from console.storage.base import db
from tests.services.bench import Bench, make_bench

MakeBench = Callable[..., Bench]


@pytest.fixture
def make(database_url: str, data_dir: Path) -> Iterator[MakeBench]:
    """Makes a bench over its definitions, inside its application context."""
    with ExitStack() as stack:

        def build(*definitions: ModuleDefinition, **settings: object) -> Bench:
            bench = make_bench(database_url, data_dir, definitions, **settings)
            stack.enter_context(bench.app.app_context())
            stack.callback(db.engine.dispose)
            stack.callback(db.session.remove)
            return bench

        yield build
