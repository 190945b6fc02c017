"""Definition of the measured module: nothing but a page and no hooks."""

from __future__ import annotations

from console.sdk import ModuleDefinition

hello_module = ModuleDefinition(code="hello", name="Hello")
