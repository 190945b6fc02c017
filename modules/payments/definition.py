"""What the payments module declares."""

from __future__ import annotations

from console.sdk import FrontendType, ModuleDefinition
from modules.payments.config import PaymentsConfig
from modules.payments.services.seeding import seed_gateways

payments_module = ModuleDefinition(
    code="payments",
    name="Payments",
    description="Payment gateways of the platform and the payment methods that vendors keep",
    version="1.0.0",
    icon="credit-card",
    tags=["money"],
    is_self_contained=True,
    features=["payment_gateways", "payment_methods"],
    menu_items={
        FrontendType.ADMIN: ["payment-gateways"],
        FrontendType.VENDOR: ["payment-methods"],
    },
    permissions=["payments.view", "payments.manage"],
    config_schema=PaymentsConfig,
    services_path="modules.payments.services",
    models_path="modules.payments.models",
    schemas_path="modules.payments.schemas",
    exceptions_path="modules.payments.exceptions",
    templates_path="templates",
    locales_path="locales",
    migrations_path="migrations",
    on_enable=seed_gateways,
)
