"""Leaves a thread and a process behind."""

from __future__ import annotations

import subprocess
import threading
import time

from console.sdk import ModuleDefinition
from tests.support.calls import note


def on_enable(platform_id: int) -> None:
    threading.Thread(target=time.sleep, args=(3600,)).start()
    note("leftover.child", subprocess.Popen(["sleep", "3600"]).pid)


module = ModuleDefinition(code="leftover", name="Leftover", on_enable=on_enable)
