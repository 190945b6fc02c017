"""A gateway in JSON."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict

if TYPE_CHECKING:
    from modules.payments.models import Gateway


class GatewayChange(BaseModel):
    """What an admin asks for."""

    model_config = ConfigDict(extra="forbid", strict=True)

    active: bool


class GatewayOut(BaseModel):
    """What an admin gets."""

    code: str
    name: str
    active: bool
    created_at: datetime

    @classmethod
    def of(cls, gateway: Gateway) -> GatewayOut:
        """The row as it goes out."""
        return cls(code=gateway.code, name=gateway.name, active=gateway.is_active, created_at=gateway.created_at)


class GatewayAnswer(BaseModel):
    """One gateway."""

    gateway: GatewayOut


class GatewaysAnswer(BaseModel):
    """All gateways."""

    gateways: list[GatewayOut]
