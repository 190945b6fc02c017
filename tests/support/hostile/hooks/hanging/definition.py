"""Never comes back, whatever is raised in it, and has a child that does not either."""

from __future__ import annotations

import subprocess
import time

from console.sdk import ModuleDefinition, current_step
from tests.support.calls import note


def on_enable(platform_id: int) -> None:
    step = current_step()
    note("hanging.on_enable", platform_id, attempt=step.attempt, key=step.idempotency_key)
    child = subprocess.Popen(["sleep", "1000"])
    note("hanging.child", child.pid)
    while True:
        try:
            time.sleep(60)
        except BaseException:
            continue


module = ModuleDefinition(code="hanging", name="Hanging", on_enable=on_enable)
