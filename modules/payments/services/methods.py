"""The payment methods of a vendor."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from modules.payments.exceptions import GatewayInactive, MethodLimit, UnknownMethod
from modules.payments.models import PaymentMethod
from modules.payments.schemas import MethodIn
from modules.payments.services.gateways import get_gateway, name_of


def list_methods(session: Session, vendor_id: int) -> list[PaymentMethod]:
    """The vendor's methods, oldest first; those of inactive gateways too."""
    query = select(PaymentMethod).where(PaymentMethod.vendor_id == vendor_id).order_by(PaymentMethod.id)
    return list(session.scalars(query))


def get_method(session: Session, vendor_id: int, *, method_id: int) -> PaymentMethod:
    """One method of the vendor.

    Raises:
        UnknownMethod: There is none of that id, or it is another vendor's.
    """
    query = select(PaymentMethod).where(PaymentMethod.vendor_id == vendor_id, PaymentMethod.id == method_id)
    found = session.scalars(query).one_or_none()
    if found is None:
        raise UnknownMethod(method_id)
    return found


def add_method(session: Session, vendor_id: int, *, wish: MethodIn, limit: int, now: datetime) -> PaymentMethod:
    """A new method of the vendor.

    Raises:
        UnknownGateway: The platform has no such gateway.
        GatewayInactive: It takes no payments now.
        MethodLimit: The vendor keeps ``limit`` methods already.
    """
    gateway = get_gateway(session, wish.gateway)
    if not gateway.is_active:
        raise GatewayInactive(gateway.code, name_of(gateway.code))
    kept = select(func.count()).select_from(PaymentMethod).where(PaymentMethod.vendor_id == vendor_id)
    if session.scalars(kept).one() >= limit:
        raise MethodLimit(limit)
    method = PaymentMethod(
        vendor_id=vendor_id, gateway=gateway, label=wish.label, last_four=wish.last_four, created_at=now
    )
    session.add(method)
    session.flush()
    return method


def remove_method(session: Session, vendor_id: int, *, method_id: int) -> PaymentMethod:
    """The method that is gone now; orders keep the text that names it."""
    method = get_method(session, vendor_id, method_id=method_id)
    session.delete(method)
    return method
