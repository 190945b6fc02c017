"""The instance, the vendors, the menus and the catalog by the API."""

from __future__ import annotations

import csv
import io

import pytest

from console.testing.people import Program
from tests.support.shop import Shop

on_sqlite = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)


def got(program: Program, path: str) -> dict[str, object]:
    """The document at ``path``."""
    answer = program.send("GET", path)
    assert answer.status_code == 200, answer.text
    found: dict[str, object] = answer.get_json()
    return found


def test_a_platform_is_made_and_listed(shop: Shop) -> None:
    root = shop.token(None)
    made = root.send("POST", "/api/instance/platforms", {"slug": "initech", "name": "Initech"})
    document = made.get_json()
    assert (made.status_code, document["platform"]["name"], document["operation"]["kind"]) == (201, "Initech", "create")
    again = root.send("POST", "/api/instance/platforms", {"slug": "initech"})
    assert (again.status_code, again.get_json()["error"]["code"]) == (409, "platform_exists")
    lines = root.send("GET", "/api/instance/platforms").get_json()["platforms"]
    assert {line["slug"]: line["vendors"] for line in lines} == {"acme": 2, "globex": 1, "initech": 0}


@on_sqlite
def test_the_instance_shows_what_is_installed_and_how_it_stands(shop: Shop) -> None:
    root = shop.token(None)
    modules = root.send("GET", "/api/instance/modules").get_json()["modules"]
    assert {each["state"] for each in modules} == {"loaded"}
    assert next(each["on"] for each in modules if each["code"] == "cms") == 2
    straight, round_ = (root.send("GET", f"/api/instance/graph{each}").get_json() for each in ("", "?reverse=true"))
    assert {(each["from"], each["to"]) for each in straight["edges"]} == {
        (each["to"], each["from"]) for each in round_["edges"]
    }
    branches = root.send("GET", "/api/instance/migrations").get_json()["branches"]
    assert {each["state"] for each in branches} == {"current"}
    settings = root.send("GET", "/api/instance/settings").get_json()["settings"]
    assert settings["insecure_http"] == {"value": True, "source": "call"}


def test_the_audit_is_read_and_taken_away(shop: Shop) -> None:
    root, token = shop.token(None), shop.token(shop.acme)
    token.send("POST", "/api/admin/vendors", {"slug": "violet"})
    (entry,) = root.send("GET", "/api/instance/audit?action=vendors.&target=violet").get_json()["entries"]
    assert (entry["platform"], entry["action"]) == ("acme", "vendors.create")
    assert got(root, "/api/instance/audit?platform=globex&target=violet")["entries"] == []
    exported = token.send("GET", "/api/admin/audit/export.csv?target=violet")
    rows = list(csv.DictReader(io.StringIO(exported.text)))
    assert [row["action"] for row in rows] == ["vendors.create"]
    assert len(root.send("GET", "/api/instance/audit/export.json").get_json()["entries"]) > len(rows)
    assert token.send("GET", "/api/admin/audit/export.csv?from=yesterday").status_code == 400
    assert token.send("GET", "/api/instance/audit").status_code == 403


def test_a_menu_is_arranged_and_left_to_the_modules_again(shop: Shop) -> None:
    token, path = shop.token(shop.acme), "/api/admin/menu"
    before = token.send("GET", f"{path}?frontend=vendor")
    items = before.get_json()["items"]
    wanted = [{"key": each["key"], "group": "Mine", "hidden": False} for each in reversed(items)]
    sent = {"frontend": "vendor", "items": wanted}
    old = token.client.put(path, json=sent, headers={**token.headers, "If-Match": '"9999"'})
    assert (old.status_code, old.get_json()["error"]["code"]) == (412, "precondition_failed")
    saved = token.client.put(path, json=sent, headers={**token.headers, "If-Match": before.headers["ETag"]})
    assert [each["key"] for each in saved.get_json()["items"]] == [each["key"] for each in wanted]
    assert {each["group"] for each in saved.get_json()["items"]} == {"Mine"}
    refused = token.send("PUT", path, {"frontend": "vendor", "items": wanted[1:]})
    assert (refused.status_code, refused.get_json()["error"]["code"]) == (400, "usage")
    hidden = [{**each, "hidden": True} for each in wanted]
    fixed = token.send("PUT", path, {"frontend": "vendor", "items": hidden})
    assert (fixed.status_code, fixed.get_json()["error"]["code"]) == (409, "menu_item_mandatory")
    assert token.send("PUT", path, {"frontend": "vendor", "items": None}).get_json()["items"] == items


def test_what_a_vendor_has_is_shown_and_changed_for_it_alone(shop: Shop) -> None:
    token, path = shop.token(shop.acme), "/api/admin/vendors/blue"
    feature = f"{path}/features/content_pages"
    assert got(token, feature)["on"] is True
    kept = token.send("PUT", feature, {"want": "off", "until": "2999-01-31T00:00:00Z", "note": "Not paid."})
    assert (kept.status_code, kept.get_json()["on"]) == (200, False)
    vendor = got(token, path)["vendor"]
    assert isinstance(vendor, dict)
    shown = next(each for each in vendor["features"] if each["code"] == "content_pages")
    assert (shown["on"], shown["override"]["until"]) == (False, "2999-01-31T00:00:00Z")
    past = token.send("PUT", feature, {"want": "off", "until": "2001-01-31T00:00:00Z"})
    assert past.status_code == 400
    assert token.send("DELETE", feature).get_json()["on"] is True
    assert token.send("DELETE", feature).get_json()["error"]["code"] == "unknown_override"
    assert token.send("GET", "/api/admin/vendors/green").status_code == 404
    assert token.send("GET", f"{path}/features/nothing").status_code == 404


@on_sqlite
def test_modules_are_switched_together_by_one_plan(shop: Shop) -> None:
    token, path = shop.token(shop.acme), "/api/admin/operations/plan"
    plan = got(token, f"{path}?on=billing&on=orders")
    wish = {"want": {"billing": "on", "orders": "on"}, "plan": plan["digest"]}
    done = token.send("POST", path, wish)
    assert done.status_code in (200, 202)
    assert {step["module"] for step in done.get_json()["operation"]["steps"]} >= {"billing", "orders", "payments"}
    stale = token.send("POST", path, {**wish, "want": {"analytics": "on"}})
    assert (stale.status_code, stale.get_json()["error"]["code"]) == (409, "plan_stale")
    for query in ("", "?on=billing&off=billing"):
        assert token.send("GET", path + query).status_code == 400
    assert token.send("POST", path, {"want": {}}).status_code == 422


def test_a_vendor_asks_and_takes_it_back(shop: Shop) -> None:
    vendor, path = shop.token(shop.blue), "/api/vendor/catalog"
    codes = {each["code"] for each in vendor.send("GET", path).get_json()["modules"]}
    assert ("orders" in codes, "dev-tools" in codes) == (True, False)
    asked = vendor.send("POST", f"{path}/orders/ask", {"note": "Please."}).get_json()["module"]
    assert (asked["on"], asked["request"]["note"], asked["needs"]) == (False, "Please.", ["payments"])
    assert vendor.send("POST", f"{path}/orders/withdraw").get_json()["module"]["request"]["answer"] == "withdrawn"
    on = vendor.send("POST", f"{path}/cms/ask", {})
    assert (on.status_code, on.get_json()["error"]["code"]) == (409, "module_is_on")
    unknown = [vendor.send("POST", f"{path}/{code}/ask", {}) for code in ("dev-tools", "nothing")]
    facts = [answer.get_json()["error"]["details"] for answer in unknown]
    assert {answer.status_code for answer in unknown} == {404}
    assert [{**each, "name": ""} for each in facts] == [{"kind": "module", "name": "", "suggestions": []}] * 2
