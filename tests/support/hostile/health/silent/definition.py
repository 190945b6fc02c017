"""Has no check."""

from __future__ import annotations

from console.sdk import ModuleDefinition

module = ModuleDefinition(code="silent", name="Silent")
