"""What the developer tools declare. Source: the guide, "Internal Modules"."""

from __future__ import annotations

from console.sdk import FrontendType, ModuleDefinition

devtools_module = ModuleDefinition(
    code="dev-tools",
    name="Developer Tools",
    description="The registry of modules and every address, as the running application has them",
    version="1.0.0",
    icon="terminal",
    tags=["developers"],
    is_internal=True,  # Admin-only
    features=["developer_tools"],
    menu_items={FrontendType.ADMIN: ["module-registry", "route-map"]},
    permissions=["dev_tools.view"],
)
