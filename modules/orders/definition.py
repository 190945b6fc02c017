"""What the orders module declares."""

from __future__ import annotations

from console.sdk import FrontendType, ModuleDefinition
from modules.orders.config import OrdersConfig
from modules.orders.services.seeding import seed_number_ranges

orders_module = ModuleDefinition(
    code="orders",
    name="Orders",
    description="Orders of vendors, their states, and numbers without gaps",
    version="1.0.0",
    icon="shopping-cart",
    tags=["sales"],
    is_self_contained=True,
    requires=["payments"],
    features=["order_management"],
    menu_items={
        FrontendType.ADMIN: ["orders"],
        FrontendType.VENDOR: ["orders"],
    },
    permissions=["orders.view", "orders.manage"],
    config_schema=OrdersConfig,
    services_path="modules.orders.services",
    models_path="modules.orders.models",
    schemas_path="modules.orders.schemas",
    exceptions_path="modules.orders.exceptions",
    templates_path="templates",
    locales_path="locales",
    migrations_path="migrations",
    on_enable=seed_number_ranges,
)
