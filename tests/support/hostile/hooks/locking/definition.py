"""Holds the write lock while it works, and reports meanwhile."""

from __future__ import annotations

import time

from console.sdk import ModuleDefinition, current_step, unit_of_work
from tests.support.calls import note


def on_enable(platform_id: int) -> None:
    note("locking.on_enable", platform_id)
    with unit_of_work():
        current_step().progress(1, 1, "inside")
        time.sleep(0.5)


module = ModuleDefinition(code="locking", name="Locking", on_enable=on_enable)
