"""Is asked once for each platform."""

from __future__ import annotations

from console.sdk import ModuleDefinition
from tests.support.calls import note


def health_check() -> dict[str, object]:
    note("perplatform.health_check")
    return {"status": "healthy"}


module = ModuleDefinition(code="perplatform", name="Perplatform", health_check=health_check, health_scope="platform")
