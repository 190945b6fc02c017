"""The platform, for its admins."""

from __future__ import annotations

from console.sdk import (
    ModuleBlueprint,
    current_platform,
    described,
    render_template,
    requires_permission,
    vendors_of,
)
from modules.tenancy.routes.answers import PlatformAnswer
from modules.tenancy.routes.shared import live_modules

admin_router = ModuleBlueprint("tenancy", __name__, tags=["Admin - Tenancy"])
admin_pages = ModuleBlueprint("tenancy", __name__)


@admin_router.get("/platform")
@requires_permission("tenancy.view")
@described(PlatformAnswer)
def show_platform() -> dict[str, object]:
    """Give the platform, its vendors and the modules that are on."""
    vendors = vendors_of(current_platform.id)
    return {
        "platform": {"id": str(current_platform.id), "slug": current_platform.slug, "name": current_platform.name},
        "vendors": [{"id": str(each.id), "slug": each.slug, "name": each.name} for each in vendors],
        "modules": [each.code for each in live_modules(internal=True)],
    }


@admin_pages.get("/")
@requires_permission("tenancy.view")
def platform_profile() -> str:
    """What the platform is, who sells on it, and what is on."""
    return render_template(
        "admin/platform.html",
        vendors=vendors_of(current_platform.id),
        modules=live_modules(internal=True),
    )
