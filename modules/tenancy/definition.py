"""What the tenancy module declares. Source: the guide, "Core Modules"."""

from __future__ import annotations

from console.sdk import FrontendType, ModuleDefinition

tenancy_module = ModuleDefinition(
    code="tenancy",
    name="Platform Tenancy",
    description="Platforms and the vendors that belong to them",
    version="1.0.0",
    icon="building-2",
    tags=["platform"],
    is_core=True,  # Cannot be disabled
    features=["tenancy_profiles"],
    menu_items={
        FrontendType.ADMIN: ["platform-profile"],
        FrontendType.VENDOR: ["vendor-profile"],
    },
    permissions=["tenancy.view"],
)
