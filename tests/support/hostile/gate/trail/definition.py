"""A wrapper that groups two pages of the console."""

from __future__ import annotations

from console.sdk import ModuleDefinition

definition = ModuleDefinition(code="trail", name="Audit Trail", endpoints=["pages.audit"])
