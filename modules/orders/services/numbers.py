"""Order numbers: a counter for each vendor, without gaps."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from modules.orders.models import NumberRange


def ensure_range(session: Session, vendor_id: int) -> NumberRange:
    """The vendor's counter, locked until the transaction ends; made when the vendor has none yet."""
    query = select(NumberRange).where(NumberRange.vendor_id == vendor_id).with_for_update()
    query = query.execution_options(populate_existing=True)
    found = session.scalars(query).one_or_none()
    if found is None:
        try:
            with session.begin_nested():
                session.add(NumberRange(vendor_id=vendor_id, next_number=1))
        except IntegrityError:  # another transaction made it first
            session.expire_all()
        found = session.scalars(query).one()
    return found


def take_number(session: Session, vendor_id: int, *, prefix: str) -> str:
    """The next number of the vendor; it is given again if the transaction does not commit."""
    counter = ensure_range(session, vendor_id)
    number = counter.next_number
    counter.next_number = number + 1
    return f"{prefix}{number:06d}"
