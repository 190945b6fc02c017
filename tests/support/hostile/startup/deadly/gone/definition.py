"""Ends the process that it starts up in."""

from __future__ import annotations

import os

from console.sdk import ModuleDefinition
from tests.support.calls import note


def on_startup() -> None:
    note("gone.on_startup")
    os._exit(4)


module = ModuleDefinition(code="gone", name="Gone", on_startup=on_startup)
