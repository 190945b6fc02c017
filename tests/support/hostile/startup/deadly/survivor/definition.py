"""Starts up and has a step to run afterwards."""

from __future__ import annotations

from console.sdk import ModuleDefinition
from tests.support.calls import note


def on_startup() -> None:
    note("survivor.on_startup")


def on_enable(platform_id: int) -> None:
    note("survivor.on_enable", platform_id)


module = ModuleDefinition(code="survivor", name="Survivor", on_startup=on_startup, on_enable=on_enable)
