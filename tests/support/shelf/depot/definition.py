"""A module that only has settings."""

from __future__ import annotations

from console.sdk import ModuleDefinition

from .config import DepotConfig

depot = ModuleDefinition(
    code="depot", name="Depot", description="Stores goods", icon="warehouse", config_schema=DepotConfig
)
