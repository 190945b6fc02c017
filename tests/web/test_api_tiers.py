"""Tiers and requests by the API: the same services as the pages, and the same refusals."""

from __future__ import annotations

from console.context import runtime
from console.services import requests
from console.storage.uow import unit_of_work
from console.testing.journeys import TESTER
from tests.support.shop import Shop

TIERS, SHOP = "/api/admin/tiers", "/api/admin/vendors/blue/tier"


def test_a_tier_is_made_given_changed_and_deleted(shop: Shop) -> None:
    token = shop.token(shop.acme)
    made = token.send("POST", TIERS, {"code": "gold", "name": "Gold", "features": ["content_pages"]})
    assert (made.status_code, made.get_json()["tier"]["features"]) == (201, ["content_pages"])
    refused = token.send("PUT", SHOP, {"tier": "gold"})
    assert (refused.status_code, refused.get_json()["error"]["code"]) == (409, "tier_plan")
    plan = token.send("GET", f"{SHOP}?tier=gold").get_json()
    assert (plan["tier"], "media_library" in plan["plan"]["lost"]) == (None, True)
    given = token.send("PUT", SHOP, {"tier": "gold", "seen": plan["plan"]["digest"]})
    assert (given.status_code, given.get_json()["tier"]) == (200, "gold")
    assert token.send("GET", TIERS).get_json()["tiers"][0]["vendors"] == 1
    assert token.send("DELETE", f"{TIERS}/gold").status_code == 409
    more = {"name": "Gold", "features": ["content_pages", "media_library"]}
    assert token.send("PUT", f"{TIERS}/gold", more).get_json()["tier"]["features"] == more["features"]
    assert token.send("PUT", SHOP, {"tier": None}).get_json()["tier"] is None
    assert token.send("DELETE", f"{TIERS}/gold").get_json() == {"schema": 1, "deleted": "gold"}
    assert token.send("GET", TIERS).get_json()["tiers"] == []


def test_what_a_vendor_asks_for_is_listed_and_declined(shop: Shop) -> None:
    token = shop.token(shop.acme)
    with shop.app.app_context(), unit_of_work() as uow:
        requests.ask(uow, runtime(), shop.blue, "orders", note="Please.", actor=TESTER, now=runtime().clock())
    (waiting,) = token.send("GET", "/api/admin/requests").get_json()["open"]
    assert (waiting["vendor"], waiting["module"], waiting["note"]) == ("blue", "orders", "Please.")
    path = f"/api/admin/requests/{waiting['id']}/decline"
    assert token.send("POST", path, {}).status_code == 422
    assert token.send("POST", path, {"note": "Not now."}).status_code == 200
    assert token.send("POST", path, {"note": "Not now."}).get_json()["error"]["code"] == "request_answered"
    found = token.send("GET", "/api/admin/requests").get_json()
    assert (found["open"], found["answered"][0]["answer_note"]) == ([], "Not now.")
