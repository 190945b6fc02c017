"""Can be switched on once its gate is open, and never switched off by its own hook."""

from __future__ import annotations

from console.sdk import ModuleDefinition
from tests.support.calls import gate


def on_enable(platform_id: int) -> None:
    if not gate().exists():
        raise RuntimeError("the gate is closed")


def on_disable(platform_id: int) -> None:
    raise RuntimeError("it sticks")


def health_check() -> dict[str, object]:
    return {"status": "unhealthy", "message": "it never was well"}


module = ModuleDefinition(
    code="sticky", name="Sticky", on_enable=on_enable, on_disable=on_disable, health_check=health_check
)
