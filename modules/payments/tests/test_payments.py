"""Payments keep the contract: gateways are seeded once, methods stay with their vendor and hold no card number."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from flask import Flask
from sqlalchemy import select

from console.sdk import PlatformView, VendorView, db, module_service, scope
from console.testing import ModuleContract, Program, Visitor, log_in, make_vendor, program, switch
from modules.payments import api
from modules.payments.models import Gateway, PaymentMethod
from modules.payments.services.gateways import CATALOG
from modules.payments.services.seeding import seed_gateways

CARD = {"label": "Company card", "gateway": "card", "last_four": "4242"}
METHODS = "/api/vendor/payments/methods"
GATEWAYS = "/api/admin/payments/gateways"


class TestPayments(ModuleContract):
    code = "payments"


@dataclass(slots=True)
class Till:
    """A platform with payments on, its admin and one vendor's owner."""

    app: Flask
    platform: PlatformView
    vendor: VendorView
    admin: Visitor
    owner: Visitor
    token: Program

    @property
    def page(self) -> str:
        return f"/vendor/{self.vendor.slug}/payments/"


@pytest.fixture
def till(console_app: Flask, console_platform: PlatformView, console_vendor: VendorView) -> Till:
    switch(console_app, console_platform.id, "payments", on=True)
    return Till(
        console_app,
        console_platform,
        console_vendor,
        log_in(console_app, "platform-admin", platform=console_platform),
        log_in(console_app, "vendor-owner", vendor=console_vendor),
        program(console_app, vendor=console_vendor),
    )


def test_switching_on_seeds_the_gateways_once_and_keeps_what_an_admin_changed(till: Till) -> None:
    api_admin = program(till.app, platform=till.platform)
    seeded = api_admin.send("GET", GATEWAYS).get_json()["gateways"]
    assert [(each["code"], each["active"]) for each in seeded] == [(kind.code, True) for kind in CATALOG]
    assert api_admin.send("PUT", f"{GATEWAYS}/sepa", {"active": False}).get_json()["gateway"]["active"] is False
    with till.app.app_context(), scope(platform_id=till.platform.id):
        seed_gateways(till.platform.id)
        rows = {each.code: each.is_active for each in db.session().scalars(select(Gateway))}
    assert rows == {kind.code: kind.code != "sepa" for kind in CATALOG}


def test_an_admin_switches_a_gateway_by_form_and_by_htmx(till: Till) -> None:
    page = f"/admin/{till.platform.slug}/payments/"
    assert till.admin.post(f"{page}gateways/paypal", {"want": "off"}).status_code == 303
    assert 'aria-checked="false"' in till.admin.get(page).get_data(as_text=True)
    row = till.admin.post(f"{page}gateways/paypal", {"want": "on"}, HX_Request="true", HX_Request_Type="partial")
    assert row.status_code == 200
    assert row.get_data(as_text=True).strip().startswith('<tr id="gateway-paypal"')
    assert 'aria-checked="true"' in row.get_data(as_text=True)
    assert till.admin.post(f"{page}gateways/nothing", {"want": "on"}).status_code == 404


def test_viewers_of_the_platform_see_gateways_without_switches(till: Till) -> None:
    viewer = log_in(till.app, "platform-viewer", platform=till.platform)
    page = f"/admin/{till.platform.slug}/payments/"
    shown = viewer.get(page)
    assert shown.status_code == 200
    text = shown.get_data(as_text=True)
    assert text.index('disabled title="Needs the permission payments.manage."') < text.index('role="switch"')
    assert viewer.post(f"{page}gateways/card", {"want": "off"}).status_code == 403


def test_a_vendor_keeps_and_removes_a_method(till: Till) -> None:
    assert till.owner.post(till.page, CARD).status_code == 303
    listed = till.token.send("GET", METHODS).get_json()["methods"]
    assert [(each["label"], each["last_four"], each["usable"]) for each in listed] == [("Company card", "4242", True)]
    assert "Company card" in till.owner.get(till.page).get_data(as_text=True)
    assert till.owner.post(f"{till.page}methods/{listed[0]['id']}/remove").status_code == 303
    assert till.token.send("GET", METHODS).get_json() == {"methods": []}


def test_a_method_without_digits_needs_none(till: Till) -> None:
    assert till.owner.post(till.page, {**CARD, "label": "On invoice", "last_four": ""}).status_code == 303
    page = till.owner.get(till.page).get_data(as_text=True)
    assert "On invoice" in page
    assert "····" not in page


WRONG: tuple[dict[str, str], ...] = (
    {"last_four": "42"},
    {"last_four": "4242424242424242"},
    {"label": " "},
    {"gateway": "nothing"},
)


def test_a_method_that_is_wrong_is_refused_beside_its_field(till: Till) -> None:
    for wrong in WRONG:
        answer = till.owner.post(till.page, {**CARD, **wrong})
        assert answer.status_code in (404, 422)
        assert f'class="err" id="d-{next(iter(wrong))}"' in answer.get_data(as_text=True)
        refused = till.token.send("POST", METHODS, {**CARD, **wrong})
        assert refused.status_code == answer.status_code
    assert till.token.send("GET", METHODS).get_json() == {"methods": []}


def test_no_column_could_hold_a_card_number(till: Till) -> None:
    with till.app.app_context():
        lengths = {column.name: getattr(column.type, "length", None) for column in PaymentMethod.__table__.columns}
    assert lengths["last_four"] == 4
    assert set(lengths) == {"id", "vendor_id", "gateway_id", "label", "last_four", "created_at"}


def test_the_limit_of_the_configuration_holds(till: Till) -> None:
    with till.app.app_context():
        module_service.set_module_config(db, till.platform.id, "payments", {"max_methods_per_vendor": 1})
    assert till.token.send("POST", METHODS, CARD).status_code == 201
    refused = till.token.send("POST", METHODS, CARD)
    assert (refused.status_code, refused.get_json()["error"]["code"]) == (409, "payment_method_limit")
    page = till.owner.post(till.page, CARD)
    assert page.status_code == 409
    assert "as many as this platform allows" in page.get_data(as_text=True)


def test_a_method_of_an_inactive_gateway_stays_but_cannot_be_charged(till: Till) -> None:
    method = till.token.send("POST", METHODS, CARD).get_json()["method"]
    till.admin.post(f"/admin/{till.platform.slug}/payments/gateways/card", {"want": "off"})
    assert till.token.send("GET", METHODS).get_json()["methods"][0]["usable"] is False
    assert till.token.send("POST", METHODS, CARD).get_json()["error"]["code"] == "gateway_inactive"
    with till.app.test_request_context(), scope(platform_id=till.platform.id, vendor_id=till.vendor.id):
        assert api.usable_methods(till.vendor.id) == ()
        with pytest.raises(api.GatewayInactive):
            api.usable_method(till.vendor.id, int(method["id"]))


def test_another_vendors_method_is_unknown(till: Till) -> None:
    method = till.token.send("POST", METHODS, CARD).get_json()["method"]
    other = make_vendor(till.app, till.platform, "other-shop", "Other Shop")
    stranger = program(till.app, vendor=other)
    assert stranger.send("DELETE", f"{METHODS}/{method['id']}").status_code == 404
    person = log_in(till.app, "vendor-owner", vendor=other)
    assert person.post(f"/vendor/{other.slug}/payments/methods/{method['id']}/remove").status_code == 404
    assert len(till.token.send("GET", METHODS).get_json()["methods"]) == 1


def test_the_figures_count_what_the_tenant_has(till: Till) -> None:
    till.token.send("POST", METHODS, CARD)
    with till.app.test_request_context():
        with scope(platform_id=till.platform.id):
            assert [each.value for each in api.figures(platform_id=till.platform.id, vendor_id=None)] == [4, 1]
        with scope(platform_id=till.platform.id, vendor_id=till.vendor.id):
            assert [each.value for each in api.figures(platform_id=till.platform.id, vendor_id=till.vendor.id)] == [1]
