"""Modules written by a test: each is loaded beside the seven, on a console of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from textwrap import dedent

import pytest
from flask import Flask

from console.domain.registry import Registry
from console.storage.base import Base

Write = Callable[..., None]
Load = Callable[..., tuple[Flask, Registry]]


@pytest.fixture
def write_module(tmp_path: Path) -> Write:
    """``write_module("a", "definition source", **{"routes/admin.py": "source"})`` makes a module folder."""

    def write(label: str, definition: str, files: dict[str, str] | None = None) -> None:
        folder = tmp_path / "more" / label
        for name, text in {"__init__.py": "", "definition.py": definition, **(files or {})}.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(dedent(text), encoding="utf-8")

    return write


@pytest.fixture(autouse=True)
def _forget_tables() -> Iterator[None]:
    """Take the tables of a test's own modules out of the metadata that all tests of this process share."""
    before = set(Base.metadata.tables)
    yield
    for name in set(Base.metadata.tables) - before:
        if name.startswith(("x_", "things_of_x")):
            Base.metadata.remove(Base.metadata.tables[name])


@pytest.fixture
def load_all(tmp_path: Path) -> Load:
    """The application, and its registry, with everything that ``write_module`` made."""

    def load(**settings: object) -> tuple[Flask, Registry]:
        from console.app import create_app

        app = create_app(
            {"data_dir": tmp_path / "data", "modules_path": (tmp_path / "more",), "insecure_http": True, **settings}
        )
        return app, app.extensions["console"].registry

    return load
