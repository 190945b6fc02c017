"""Is well and says more."""

from __future__ import annotations

from console.sdk import ModuleDefinition
from tests.support.calls import note


def health_check() -> dict[str, object]:
    note("well.health_check")
    return {"status": "degraded", "message": "one of two", "details": {"up": 1}}


module = ModuleDefinition(code="well", name="Well", health_check=health_check)
