"""Raises when it starts up."""

from __future__ import annotations

from console.sdk import ModuleDefinition
from tests.support.calls import note


def on_startup() -> None:
    note("unstartable.on_startup")
    raise RuntimeError("cannot start")


module = ModuleDefinition(code="unstartable", name="Unstartable", on_startup=on_startup)
