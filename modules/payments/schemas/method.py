"""A payment method in JSON, and what makes a new one valid, page or API."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

if TYPE_CHECKING:
    from modules.payments.models import PaymentMethod

Label = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]


class MethodIn(BaseModel):
    """A new method: a name for people, the gateway, and, where it has any, the last four digits to recognise it by."""

    model_config = ConfigDict(extra="forbid")

    label: Label
    gateway: str = Field(min_length=1, max_length=40)
    last_four: str = Field(default="", pattern=r"^([0-9]{4})?$")


class MethodOut(BaseModel):
    """What a vendor gets."""

    id: str
    label: str
    gateway: str
    last_four: str
    usable: bool
    created_at: datetime

    @classmethod
    def of(cls, method: PaymentMethod) -> MethodOut:
        """The row as it goes out."""
        return cls(
            id=str(method.id),
            label=method.label,
            gateway=method.gateway.code,
            last_four=method.last_four,
            usable=method.is_usable,
            created_at=method.created_at,
        )


class MethodAnswer(BaseModel):
    """One payment method."""

    method: MethodOut


class MethodsAnswer(BaseModel):
    """A vendor's payment methods."""

    methods: list[MethodOut]
