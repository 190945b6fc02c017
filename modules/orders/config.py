"""What an admin can set for orders on a platform."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, Field


class OrdersConfig(BaseModel):
    """How orders are numbered and counted."""

    number_prefix: str = Field(
        default="ORD-",
        max_length=10,
        pattern=r"^[A-Za-z0-9/_-]*$",
        title="Number prefix",
        description="Stands before the number of each new order; numbers already given stay.",
    )
    currency: Literal["EUR", "USD", "GBP", "CHF"] = Field(default="EUR", title="Currency of new orders")
