"""What other modules may use of payments."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from console.sdk import Figure, db, gettext
from modules.payments.exceptions import GatewayInactive, UnknownMethod
from modules.payments.models import Gateway, PaymentMethod
from modules.payments.services import methods as method_service
from modules.payments.services.gateways import name_of

__all__ = ["GatewayInactive", "Method", "UnknownMethod", "figures", "usable_method", "usable_methods"]


@dataclass(frozen=True, slots=True)
class Method:
    """A payment method as other modules see it; ``title`` is fit to be kept with what was paid by it."""

    id: int
    title: str
    gateway: str


def _view(method: PaymentMethod) -> Method:
    return Method(
        method.id,
        f"{method.label} (···· {method.last_four})" if method.last_four else method.label,
        method.gateway.code,
    )


def usable_methods(vendor_id: int) -> tuple[Method, ...]:
    """The vendor's methods that can be charged now."""
    return tuple(_view(each) for each in method_service.list_methods(db.session(), vendor_id) if each.is_usable)


def usable_method(vendor_id: int, method_id: int) -> Method:
    """One method of the vendor.

    Raises:
        UnknownMethod: There is none of that id.
        GatewayInactive: Its gateway takes no payments now.
    """
    method = method_service.get_method(db.session(), vendor_id, method_id=method_id)
    if not method.is_usable:
        raise GatewayInactive(method.gateway.code, name_of(method.gateway.code))
    return _view(method)


def figures(*, platform_id: int, vendor_id: int | None) -> Sequence[Figure]:
    """How many methods are kept, and for a platform how many gateways take payments."""
    session = db.session()
    methods = select(func.count()).select_from(PaymentMethod)
    if vendor_id is not None:
        kept = session.scalars(methods.where(PaymentMethod.vendor_id == vendor_id)).one()
        return [Figure(gettext("payments.figures.methods"), kept)]
    active = select(func.count()).select_from(Gateway).where(Gateway.platform_id == platform_id, Gateway.is_active)
    return [
        Figure(gettext("payments.figures.gateways"), session.scalars(active).one()),
        Figure(gettext("payments.figures.methods"), session.scalars(methods).one()),
    ]
