from __future__ import annotations

import pytest
from flask import Flask

from console.sdk import PlatformView, VendorView, scope
from console.testing import log_in, make_vendor, program, switch
from modules.orders.tests.shop import Shop
from modules.payments.api import usable_methods


@pytest.fixture
def shop(console_app: Flask, console_platform: PlatformView, console_vendor: VendorView) -> Shop:
    """A vendor whose platform has orders on, with one payment method."""
    switch(console_app, console_platform.id, "orders", on=True)
    other = make_vendor(console_app, console_platform, "other-shop", "Other Shop")
    owner = log_in(console_app, "vendor-owner", vendor=console_vendor)
    method = {"label": "Card", "gateway": "card", "last_four": "4242"}
    answer = owner.post(f"/vendor/{console_vendor.slug}/payments/", method)
    assert answer.status_code == 303, answer.get_data(as_text=True)
    with console_app.app_context(), scope(platform_id=console_platform.id, vendor_id=console_vendor.id):
        method_id = usable_methods(console_vendor.id)[0].id
    token = program(console_app, vendor=console_vendor)
    return Shop(console_app, console_platform, console_vendor, other, owner, token, str(method_id))
