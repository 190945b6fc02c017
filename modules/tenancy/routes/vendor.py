"""The vendor, for its members."""

from __future__ import annotations

from console.sdk import (
    ModuleBlueprint,
    current_platform,
    current_vendor,
    described,
    render_template,
    requires_permission,
)
from modules.tenancy.routes.answers import VendorAnswer
from modules.tenancy.routes.shared import live_modules

vendor_router = ModuleBlueprint("tenancy", __name__, tags=["Vendor - Tenancy"])
vendor_pages = ModuleBlueprint("tenancy", __name__)


@vendor_router.get("/vendor")
@requires_permission("tenancy.view")
@described(VendorAnswer)
def show_vendor() -> dict[str, object]:
    """Give the vendor, its platform and the modules that it can use."""
    return {
        "vendor": {"id": str(current_vendor.id), "slug": current_vendor.slug, "name": current_vendor.name},
        "platform": {"slug": current_platform.slug, "name": current_platform.name},
        "modules": [each.code for each in live_modules(internal=False)],
    }


@vendor_pages.get("/")
@requires_permission("tenancy.view")
def vendor_profile() -> str:
    """What the vendor is, and what it can use."""
    return render_template("vendor/vendor.html", modules=live_modules(internal=False))
