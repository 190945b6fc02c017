"""Is off, so that a tenant has something to ask for, to switch on and to purge."""

from __future__ import annotations

from console.sdk import ModuleDefinition

module = ModuleDefinition(code="unused", name="Unused")
