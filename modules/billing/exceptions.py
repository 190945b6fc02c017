"""What can go wrong with billing; each class is a page, a JSON answer and an exit code."""

from __future__ import annotations

from console.sdk import ModuleError, gettext


class UnknownVendor(ModuleError):
    """The platform has no vendor of that id."""

    def __init__(self, vendor_id: int) -> None:
        super().__init__(gettext("billing.errors.unknown_vendor"), code="unknown_vendor", status=404, id=str(vendor_id))


class UnknownPlan(ModuleError):
    """There is no such plan."""

    def __init__(self, plan: str) -> None:
        super().__init__(gettext("billing.errors.unknown_plan", plan=plan), code="unknown_plan", status=422, plan=plan)


class ChangeNotAllowed(ModuleError):
    """The subscription cannot change like that from where it is."""

    def __init__(self, state: str, wanted: str) -> None:
        super().__init__(
            gettext("billing.errors.change_not_allowed", state=state),
            code="subscription_change",
            status=409,
            wanted=wanted,
        )
