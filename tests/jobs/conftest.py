"""Applications with misbehaving modules, on both databases."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

import pytest
from flask import Flask

from tests.support.bench import HOSTILE, QUICK, Bench
from tests.support.calls import VARIABLE

os.environ["HUEY_SLOW_TESTS"] = "1"  # else Huey's own tests leave two out; read when they are imported


class MakeBench(Protocol):
    """Makes a bench whose application has the modules of one folder of ``hostile``."""

    def __call__(self, folder: str, **settings: object) -> Bench: ...


@pytest.fixture
def make_bench(make_app: Callable[..., Flask], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> MakeBench:
    monkeypatch.setenv(VARIABLE, str(tmp_path / "calls"))

    def make(folder: str, **settings: object) -> Bench:
        app = make_app(modules_path=[str(HOSTILE / folder)], **{**QUICK, **settings})
        bench = Bench(app)
        bench.platform_id = bench.add_platform("north")
        return bench

    return make
