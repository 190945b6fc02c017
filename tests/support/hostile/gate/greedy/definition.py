"""A module that hooks its own views in every way there is."""

from __future__ import annotations

from console.sdk import ModuleDefinition

definition = ModuleDefinition(code="greedy", name="Greedy")
