"""Has a check that never answers."""

from __future__ import annotations

import time

from console.sdk import ModuleDefinition
from tests.support.calls import note


def health_check() -> dict[str, object]:
    note("stuck.health_check")
    while True:
        time.sleep(60)


module = ModuleDefinition(code="stuck", name="Stuck", health_check=health_check)
