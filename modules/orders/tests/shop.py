"""What the tests of orders stand on."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Flask

from console.sdk import PlatformView, VendorView
from console.testing import Program, Visitor


@dataclass(slots=True)
class Shop:
    """A vendor whose platform has orders on, with one payment method, its owner and a token."""

    app: Flask
    platform: PlatformView
    vendor: VendorView
    other: VendorView
    owner: Visitor
    token: Program
    method: str

    def url(self, path: str = "") -> str:
        return f"/vendor/{self.vendor.slug}/orders/{path}"

    def create(self, customer: str = "Ada", total: str = "19.90") -> dict[str, object]:
        """A draft, made by the API."""
        body = {"customer": customer, "total": total, "payment_method": int(self.method)}
        answer = self.token.send("POST", "/api/vendor/orders/orders", body)
        assert answer.status_code == 201, answer.get_data(as_text=True)
        order = answer.get_json()["order"]
        assert isinstance(order, dict)
        return order
