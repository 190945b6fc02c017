"""What an admin can set for billing on a platform. Source: the guide, "Defining Configuration Schema"."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, Field


class BillingConfig(BaseModel):
    """Billing module configuration."""

    stripe_mode: Literal["test", "live"] = Field(
        default="test",
        title="Stripe mode",
        description="In test mode no money moves.",
        json_schema_extra={"labels": {"test": "Test", "live": "Live"}},
    )
    trial_days: int = Field(
        default=14,
        ge=0,
        le=365,
        title="Trial period",
        description="How long a vendor's first subscription costs nothing. With 0 it is active at once.",
        json_schema_extra={"unit": "days"},
    )
    enable_invoices: bool = Field(default=True, title="Issue invoices", json_schema_extra={"group": "Invoices"})
    invoice_prefix: str = Field(
        default="INV-",
        max_length=10,
        title="Number prefix",
        description="Stands before the number of each new invoice.",
        json_schema_extra={"group": "Invoices"},
    )
