"""Never ends starting up."""

from __future__ import annotations

import time

from console.sdk import ModuleDefinition
from tests.support.calls import note


def on_startup() -> None:
    note("asleep.on_startup")
    while True:
        time.sleep(60)


module = ModuleDefinition(code="asleep", name="Asleep", on_startup=on_startup)
