"""What an admin can set for billing on a platform. Source: the guide, "Defining Configuration Schema"."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, Field


class BillingConfig(BaseModel):
    """Billing module configuration."""

    stripe_mode: Literal["test", "live"] = "test"
    trial_days: int = Field(default=14, ge=0, le=365)
    enable_invoices: bool = True
    invoice_prefix: str = Field(default="INV-", max_length=10)
