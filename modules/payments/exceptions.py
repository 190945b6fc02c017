"""What can go wrong with payments; each class is a page, a JSON answer and an exit code."""

from __future__ import annotations

from console.sdk import ModuleError, gettext


class UnknownGateway(ModuleError):
    """The platform has no gateway of that code."""

    def __init__(self, gateway: str) -> None:
        super().__init__(
            gettext("payments.errors.unknown_gateway", gateway=gateway),
            code="unknown_gateway",
            status=404,
            gateway=gateway,
        )


class UnknownMethod(ModuleError):
    """The vendor has no payment method of that id."""

    def __init__(self, method_id: int) -> None:
        super().__init__(
            gettext("payments.errors.unknown_method"), code="unknown_payment_method", status=404, id=str(method_id)
        )


class GatewayInactive(ModuleError):
    """The gateway exists but takes no payments at the moment."""

    def __init__(self, gateway: str, name: str) -> None:
        super().__init__(
            gettext("payments.errors.gateway_inactive", name=name), code="gateway_inactive", status=409, gateway=gateway
        )


class MethodLimit(ModuleError):
    """The vendor keeps as many methods as the configuration allows."""

    def __init__(self, limit: int) -> None:
        super().__init__(
            gettext("payments.errors.method_limit", limit=limit),
            code="payment_method_limit",
            status=409,
            hint=gettext("payments.errors.method_limit_hint"),
            limit=limit,
        )
