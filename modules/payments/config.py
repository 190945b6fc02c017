"""What an admin can set for payments on a platform."""

from __future__ import annotations

from pydantic import BaseModel, Field


class PaymentsConfig(BaseModel):
    """Limits of what vendors may keep."""

    max_methods_per_vendor: int = Field(
        default=10,
        ge=1,
        le=100,
        title="Methods per vendor",
        description="How many payment methods one vendor may keep.",
        json_schema_extra={"unit": "methods"},
    )
