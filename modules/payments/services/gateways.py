"""The gateways of a platform: which there are, and which take payments."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from console.sdk import gettext
from modules.payments.exceptions import UnknownGateway
from modules.payments.models import Gateway


@dataclass(frozen=True, slots=True)
class GatewayKind:
    """A gateway that every platform starts with."""

    code: str
    name: str


CATALOG = (
    GatewayKind("card", "Credit and debit cards"),
    GatewayKind("sepa", "SEPA direct debit"),
    GatewayKind("paypal", "PayPal"),
    GatewayKind("invoice", "Payment on invoice"),
)


def name_of(code: str) -> str:
    """What people call the gateway, in the language of the request."""
    return gettext(f"payments.kinds.{code}")


def list_gateways(session: Session, *, active_only: bool = False) -> list[Gateway]:
    """The gateways of the tenant in scope, in their fixed order."""
    query = select(Gateway).order_by(Gateway.position, Gateway.code)
    return list(session.scalars(query.where(Gateway.is_active) if active_only else query))


def get_gateway(session: Session, code: str) -> Gateway:
    """The gateway of that code.

    Raises:
        UnknownGateway: The platform in scope has none.
    """
    found = session.scalars(select(Gateway).where(Gateway.code == code)).one_or_none()
    if found is None:
        raise UnknownGateway(code)
    return found


def set_active(session: Session, code: str, *, active: bool) -> Gateway:
    """The gateway, from now on taking payments or not; stored methods stay either way."""
    gateway = get_gateway(session, code)
    gateway.is_active = active
    return gateway


def ensure_gateway(session: Session, platform_id: int, *, position: int, now: datetime) -> bool:
    """Whether the catalog's gateway at ``position`` had to be made; one that exists is left as it is."""
    kind = CATALOG[position]
    known = select(Gateway.id).where(Gateway.platform_id == platform_id, Gateway.code == kind.code)
    if session.scalars(known).first() is not None:
        return False
    session.add(
        Gateway(
            platform_id=platform_id, code=kind.code, name=kind.name, position=position, is_active=True, created_at=now
        )
    )
    return True
