from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from console.domain.definition import ModuleDefinition
from console.storage.base import db
from tests.services.bench import Bench, make_bench, make_tables

MakeBench = Callable[..., Bench]


@pytest.fixture
def make(database_url: str, tmp_path: Path) -> Iterator[MakeBench]:
    """Makes a bench over its definitions, with its tables, inside its application context."""
    with ExitStack() as stack:

        def build(*definitions: ModuleDefinition, **settings: object) -> Bench:
            bench = make_bench(database_url, tmp_path, definitions, **settings)
            make_tables(bench)
            stack.enter_context(bench.app.app_context())
            stack.callback(db.engine.dispose)
            stack.callback(db.session.remove)
            return bench

        yield build


@pytest.fixture
def database_url(tmp_path: Path) -> str:
    import os, uuid, subprocess
    if os.environ.get("PGTMP"):
        name = "t" + uuid.uuid4().hex
        subprocess.run(["createdb", "-h", os.environ["PGTMP"], "-U", "nobody", name], check=True)
        return f"postgresql://nobody@/{name}?host={os.environ['PGTMP']}"
    return f"sqlite:///{tmp_path / 'console.db'}"
