"""Has no hook at all."""

from __future__ import annotations

from console.sdk import ModuleDefinition

module = ModuleDefinition(code="plain", name="Plain")
