"""What the billing module declares. Source: the guide, "Optional Modules"."""

from __future__ import annotations

from console.sdk import FrontendType, ModuleDefinition
from modules.billing.config import BillingConfig

billing_module = ModuleDefinition(
    code="billing",
    name="Billing",
    description="Subscriptions of vendors, with a trial",
    version="1.0.0",
    icon="receipt",
    tags=["money"],
    is_core=False,  # Can be toggled
    is_internal=False,
    features=["subscriptions"],
    menu_items={
        FrontendType.ADMIN: ["subscriptions"],
        FrontendType.VENDOR: ["subscription"],
    },
    permissions=["billing.view", "billing.manage"],
    config_schema=BillingConfig,
)
