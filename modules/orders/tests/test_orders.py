"""Orders keep the contract, go only where their states allow, and stay with their vendor."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from console.testing import ModuleContract, log_in, program, switch
from modules.orders.exceptions import MoveNotAllowed
from modules.orders.models import Order, OrderState
from modules.orders.services.orders import move_order
from modules.orders.tests.shop import Shop

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
ALLOWED = {
    ("draft", "placed"),
    ("draft", "cancelled"),
    ("placed", "paid"),
    ("placed", "cancelled"),
    ("paid", "shipped"),
    ("paid", "cancelled"),
    ("shipped", "completed"),
}


class TestOrders(ModuleContract):
    code = "orders"


@pytest.mark.parametrize("target", list(OrderState))
@pytest.mark.parametrize("state", list(OrderState))
def test_an_order_goes_only_where_its_state_allows(state: OrderState, target: OrderState) -> None:
    order = Order(state=state, changed_at=datetime(2026, 1, 1, tzinfo=UTC))
    if (state.value, target.value) in ALLOWED:
        assert move_order(order, target, now=NOW).state is target
        assert order.changed_at == NOW
        return
    assert target not in order.moves
    assert order.state is state


def test_a_refused_move_names_what_is_possible(shop: Shop) -> None:
    order = shop.create()
    with shop.app.test_request_context(), pytest.raises(MoveNotAllowed) as refused:
        move_order(Order(state=OrderState.DRAFT), OrderState.SHIPPED, now=NOW)
    assert refused.value.details["allowed"] == ["placed", "cancelled"]
    answer = shop.token.send("PUT", f"/api/vendor/orders/orders/{order['id']}/state", {"state": "shipped"})
    assert answer.status_code == 409
    assert answer.get_json()["error"]["code"] == "order_move_not_allowed"


def test_a_vendor_creates_an_order_by_the_form_and_moves_it_to_its_end(shop: Shop) -> None:
    page = shop.owner.get(shop.url("new")).get_data(as_text=True)
    assert "Card (···· 4242)" in page
    form = {"customer": "Ada Lovelace", "total": "19.90", "payment_method": shop.method, "note": "by post"}
    answer = shop.owner.post(shop.url("new"), form)
    assert answer.status_code == 303
    address = answer.headers["Location"]
    assert "ORD-000001" in shop.owner.get(address).get_data(as_text=True)
    for state in ("placed", "paid", "shipped", "completed"):
        assert shop.owner.post(f"{address}/move", {"state": state}).status_code == 303
    shown = shop.owner.get(address).get_data(as_text=True)
    assert "Completed" in shown
    assert "move-" not in shown
    assert shop.owner.post(f"{address}/move", {"state": "draft"}).status_code == 409
    assert shop.owner.post(f"{address}/move", {"state": "nonsense"}).status_code == 409


WRONG = {"customer": ("  ",), "total": ("0", "1.999", "many"), "payment_method": ("999999", "")}


def test_a_form_that_is_wrong_comes_back_with_the_reason_and_stores_nothing(shop: Shop) -> None:
    good = {"customer": "Ada", "total": "19.90", "payment_method": shop.method}
    for field, value in [(field, value) for field, values in WRONG.items() for value in values]:
        answer = shop.owner.post(shop.url("new"), {**good, field: value})
        assert answer.status_code == 422, (field, value)
        text = answer.get_data(as_text=True)
        assert f'class="err" id="d-{field}"' in text
        assert text.count('aria-invalid="true"') == 1
    assert shop.token.send("GET", "/api/vendor/orders/orders").get_json()["orders"] == []


def test_lists_are_narrowed_by_state(shop: Shop) -> None:
    placed, draft = shop.create("Placed"), shop.create("Draft")
    shop.token.send("PUT", f"/api/vendor/orders/orders/{placed['id']}/state", {"state": "placed"})
    found = shop.token.send("GET", "/api/vendor/orders/orders?state=placed").get_json()["orders"]
    assert [each["customer"] for each in found] == ["Placed"]
    page = shop.owner.get(shop.url("?state=draft")).get_data(as_text=True)
    assert f"order-{draft['id']}" in page
    assert f"order-{placed['id']}" not in page
    everything = shop.owner.get(shop.url("?state=nonsense")).get_data(as_text=True)
    assert f"order-{placed['id']}" in everything


def test_admins_see_the_orders_of_all_vendors_and_may_move_them(shop: Shop) -> None:
    order = shop.create()
    admin = log_in(shop.app, "platform-admin", platform=shop.platform)
    listed = admin.get(f"/admin/{shop.platform.slug}/orders/").get_data(as_text=True)
    assert str(order["number"]) in listed
    assert shop.vendor.name in listed
    address = f"/admin/{shop.platform.slug}/orders/{order['id']}"
    assert admin.post(f"{address}/move", {"state": "placed"}).status_code == 303
    assert "Placed" in admin.get(address).get_data(as_text=True)
    shown = program(shop.app, platform=shop.platform).send("GET", f"/api/admin/orders/orders/{order['id']}")
    assert shown.get_json()["order"]["state"] == "placed"


def test_another_vendors_order_is_unknown(shop: Shop) -> None:
    order = shop.create()
    stranger = log_in(shop.app, "vendor-owner", vendor=shop.other)
    address = f"/vendor/{shop.other.slug}/orders/{order['id']}"
    assert stranger.get(address).status_code == 404
    assert stranger.post(f"{address}/move", {"state": "placed"}).status_code == 404
    token = program(shop.app, vendor=shop.other)
    answer = token.send("GET", f"/api/vendor/orders/orders/{order['id']}")
    assert (answer.status_code, answer.get_json()["error"]["code"]) == (404, "unknown_order")
    mine = shop.token.send("GET", f"/api/vendor/orders/orders/{order['id']}").get_json()["order"]
    assert mine["state"] == "draft"


def test_another_vendors_payment_method_cannot_be_used(shop: Shop) -> None:
    token = program(shop.app, vendor=shop.other)
    body = {"customer": "Eve", "total": "1.00", "payment_method": int(shop.method)}
    answer = token.send("POST", "/api/vendor/orders/orders", body)
    assert (answer.status_code, answer.get_json()["error"]["code"]) == (422, "payment_method_needed")


def test_members_of_a_vendor_look_but_do_not_touch(shop: Shop) -> None:
    order = shop.create()
    member = log_in(shop.app, "vendor-member", vendor=shop.vendor)
    assert member.get(shop.url()).status_code == 200
    assert f'href="{shop.url("new")}"' not in member.get(shop.url()).get_data(as_text=True)
    assert f'href="{shop.url("new")}"' in shop.owner.get(shop.url()).get_data(as_text=True)
    assert member.get(shop.url("new")).status_code == 403
    shown = member.get(shop.url(str(order["id"]))).get_data(as_text=True)
    assert shown.index('disabled title="Needs the permission orders.manage."') < shown.index("move-placed")
    refused = member.post(shop.url(f"{order['id']}/move"), {"state": "placed"})
    assert refused.status_code == 403
    assert "orders.manage" in refused.get_data(as_text=True)


def test_an_order_outlives_its_payment_method_and_the_switch(shop: Shop) -> None:
    order = shop.create()
    shop.owner.post(f"/vendor/{shop.vendor.slug}/payments/methods/{shop.method}/remove")
    switch(shop.app, shop.platform.id, "payments", on=False)
    assert shop.owner.get(shop.url()).status_code == 404
    switch(shop.app, shop.platform.id, "orders", on=True)
    page = shop.owner.get(shop.url(str(order["id"])))
    assert page.status_code == 200
    assert "Card (···· 4242)" in page.get_data(as_text=True)


def test_the_pages_speak_the_readers_language(shop: Shop) -> None:
    page = shop.owner.get(shop.url(), Accept_Language="fr").get_data(as_text=True)
    assert '<html lang="fr"' in page
    assert "Ce que vos clients ont acheté" in page
    assert "Moyens de paiement" in page  # the menu item of another module
    assert "orders." not in page.split("<main")[1]
    refused = shop.owner.post(shop.url("new"), {"customer": "", "total": "1"}, Accept_Language="fr")
    assert "Écrivez le nom du client" in refused.get_data(as_text=True)
