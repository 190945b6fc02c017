"""How the pages of payments stand in the menus."""

from __future__ import annotations

from console.sdk import FrontendType, MenuItem, lazy_gettext

menu = [
    MenuItem(
        "payment-gateways",
        FrontendType.ADMIN,
        label=lazy_gettext("payments.menu.gateways"),
        icon="wallet",
        permission="payments.view",
        feature="payment_gateways",
        order=20,
    ),
    MenuItem(
        "payment-methods",
        FrontendType.VENDOR,
        label=lazy_gettext("payments.menu.methods"),
        icon="credit-card",
        permission="payments.view",
        feature="payment_methods",
        order=20,
    ),
]
