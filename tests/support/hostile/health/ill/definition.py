"""Has a check that raises."""

from __future__ import annotations

from console.sdk import ModuleDefinition
from tests.support.calls import note


def health_check() -> dict[str, object]:
    note("ill.health_check")
    raise ConnectionError("no route")


module = ModuleDefinition(code="ill", name="Ill", health_check=health_check)
