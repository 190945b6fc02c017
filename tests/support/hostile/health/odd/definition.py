"""Has a check that returns another shape."""

from __future__ import annotations

from console.sdk import ModuleDefinition
from tests.support.calls import note


def health_check() -> dict[str, object]:
    note("odd.health_check")
    return {"state": "fine"}


module = ModuleDefinition(code="odd", name="Odd", health_check=health_check)
