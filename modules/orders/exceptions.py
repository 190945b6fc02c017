"""What can go wrong with orders; each class is a page, a JSON answer and an exit code."""

from __future__ import annotations

from console.sdk import ModuleError, gettext


class UnknownOrder(ModuleError):
    """The tenant has no order of that id."""

    def __init__(self, order_id: int) -> None:
        super().__init__(gettext("orders.errors.unknown_order"), code="unknown_order", status=404, id=str(order_id))


class MoveNotAllowed(ModuleError):
    """An order cannot go from its state to the one asked for."""

    def __init__(self, state: str, target: str, allowed: list[str]) -> None:
        super().__init__(
            gettext("orders.errors.move_not_allowed", state=state, target=target),
            code="order_move_not_allowed",
            status=409,
            hint=gettext("orders.errors.move_hint", allowed=", ".join(allowed)) if allowed else None,
            state=state,
            target=target,
            allowed=allowed,
        )


class MethodNeeded(ModuleError):
    """An order is placed with a payment method that can be charged."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason, code="payment_method_needed", status=422, payment_method=reason)
