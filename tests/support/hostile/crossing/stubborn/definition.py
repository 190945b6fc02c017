"""Cannot be switched off by its own hook, so that a tenant has an operation that failed."""

from __future__ import annotations

from console.sdk import ModuleDefinition


def on_disable(platform_id: int) -> None:
    raise RuntimeError(f"platform {platform_id} still needs me")


module = ModuleDefinition(code="stubborn", name="Stubborn", on_disable=on_disable)
