"""The console's own JSON: a journey by a program, on both databases, and what its answers promise."""

from __future__ import annotations

from datetime import timedelta

import pytest

from console.domain.words import Role
from console.services import tokens
from console.storage.uow import read_session
from console.testing.journeys import settle, switch
from console.testing.people import Program
from tests.support.shop import Shop
from tests.web.routes import JSON, ask, routes_of_modules

on_sqlite = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
Document = dict[str, object]


def got(token: Program, path: str) -> Document:
    """The document at ``path``."""
    answer = token.send("GET", path)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    found: Document = answer.get_json()
    return found


def switched(shop: Shop, code: str, want: str) -> Document:
    """Switch a module by its plan, as a careful program does, and wait for the end."""
    token = shop.token(shop.acme)
    plan = got(token, f"/api/admin/modules/{code}/plan?want={want}")
    answer = token.send("PUT", f"/api/admin/modules/{code}", {"want": want, "plan": plan["digest"]})
    assert answer.status_code in (200, 202), answer.get_data(as_text=True)
    operation = answer.get_json()["operation"]
    settle(shop.app, shop.acme.id, int(operation["id"]))
    ended = got(token, f"/api/admin/operations/{operation['id']}")["operation"]
    assert isinstance(ended, dict)
    return ended


def states(shop: Shop) -> dict[str, tuple[bool, str, str | None]]:
    found = got(shop.token(shop.acme), "/api/admin/modules")["modules"]
    assert isinstance(found, list)
    return {each["code"]: (each["wanted"], each["state"], each["origin"]) for each in found}


def test_a_program_switches_by_plan_and_a_vendor_uses_what_came(shop: Shop) -> None:
    token, vendor = shop.token(shop.acme), shop.token(shop.blue)
    plan = got(token, "/api/admin/modules/orders/plan?want=on")
    assert [(step["module"], step["reason"]) for step in plan["steps"]] == [  # type: ignore[attr-defined]
        ("payments", "required_by:orders"),
        ("orders", "requested"),
    ]
    operation = switched(shop, "orders", "on")
    assert (operation["state"], operation["source"]) == ("succeeded", "api")
    assert states(shop)["orders"] == (True, "enabled", "explicit")
    assert states(shop)["payments"] == (True, "enabled", "implied")
    order = shop.order()
    operation = switched(shop, "payments", "off")
    assert [step["module"] for step in operation["steps"]] == ["orders", "payments"]  # type: ignore[attr-defined]
    gone = vendor.send("GET", f"/api/vendor/orders/orders/{order}")
    assert (gone.status_code, gone.get_json()["error"]["code"]) == (404, "module_off")
    switched(shop, "orders", "on")
    kept = vendor.send("GET", f"/api/vendor/orders/orders/{order}")
    assert kept.get_json()["order"]["customer"] == "Ada"
    actions = {each["action"] for each in got(token, "/api/admin/audit")["entries"]}  # type: ignore[attr-defined]
    assert {"modules.enable", "modules.disable"} <= actions


def test_a_stale_plan_is_refused_with_the_plan_of_now(shop: Shop) -> None:
    token = shop.token(shop.acme)
    seen = got(token, "/api/admin/modules/orders/plan?want=on")
    switched(shop, "payments", "on")
    before = states(shop)
    answer = token.send("PUT", "/api/admin/modules/orders", {"want": "on", "plan": seen["digest"]})
    error = answer.get_json()["error"]
    assert (answer.status_code, error["code"]) == (409, "plan_stale")
    assert error["details"]["plan"]["digest"] == got(token, "/api/admin/modules/orders/plan?want=on")["digest"]
    assert states(shop) == before


@on_sqlite
def test_rules_hold_for_programs_too(shop: Shop) -> None:
    token = shop.token(shop.acme)
    before = got(token, "/api/admin/audit")
    core = token.send("PUT", "/api/admin/modules/cms", {"want": "off"})
    assert (core.status_code, core.get_json()["error"]["code"]) == (409, "core_protected")
    alone = token.send("PUT", "/api/admin/modules/orders", {"want": "on", "cascade": False})
    assert (alone.status_code, alone.get_json()["error"]["code"]) == (409, "cascade_needed")
    unknown = token.send("PUT", "/api/admin/modules/order", {"want": "on"})
    assert unknown.get_json()["error"]["code"] == "unknown_module"
    assert "orders" in unknown.get_json()["error"]["details"]["suggestions"]
    nothing = token.send("PUT", "/api/admin/modules/orders", {"want": "off"})
    assert (nothing.status_code, nothing.get_json()) == (200, {"schema": 1, "operation": None})
    assert got(token, "/api/admin/audit") == before


@on_sqlite
@pytest.mark.parametrize(
    ("body", "status"),
    [({"want": "toggle"}, 422), ({}, 422), ({"want": "on", "force": True}, 422), ([1], 400), ("on", 400)],
)
def test_a_body_that_the_schema_rejects_is_named(shop: Shop, body: object, status: int) -> None:
    answer = shop.token(shop.acme).send("PUT", "/api/admin/modules/orders", body)
    assert (answer.status_code, answer.get_json()["error"]["code"]) == (status, "body_invalid")


@on_sqlite
def test_a_body_nested_deeper_than_python_reads_is_no_failure_of_the_server(shop: Shop) -> None:
    token = shop.token(shop.acme)
    headers = {**token.headers, "Content-Type": "application/json"}
    answer = token.client.put("/api/admin/modules/orders", data=b"[" * 100_000, headers=headers)
    assert (answer.status_code, answer.get_json()["error"]["code"]) == (400, "body_invalid")


def test_configuration_is_changed_key_by_key_and_comes_back(shop: Shop) -> None:
    token, path = shop.token(shop.acme), "/api/admin/modules/billing/config"
    first = got(token, path)
    assert first["revision"] == 0
    saved = token.send("PATCH", path, {"values": {"trial_days": 30}, "revision": 0, "note": "longer"}).get_json()
    assert (saved["revision"], saved["values"]["trial_days"]["value"]) == (1, 30)
    assert saved["values"]["trial_days"]["source"] == "platform"
    refused = token.send("PATCH", path, {"values": {"trial_days": 9999, "stripe_mode": "real"}})
    assert (refused.status_code, refused.get_json()["error"]["code"]) == (422, "config_invalid")
    assert set(refused.get_json()["error"]["details"]) == {"trial_days", "stripe_mode"}
    stale = token.send("PATCH", path, {"values": {"trial_days": 7}, "revision": 0})
    assert (stale.status_code, stale.get_json()["error"]["code"]) == (409, "config_stale")
    unset = token.send("PATCH", path, {"unset": ["trial_days"]}).get_json()
    assert (unset["revision"], unset["values"]["trial_days"]["source"]) == (2, "default")
    back = token.send("POST", f"{path}/restore", {"restore": 1}).get_json()
    assert (back["revision"], back["values"]["trial_days"]["value"]) == (3, 30)
    history = got(token, f"{path}/history")["revisions"]
    assert [each["revision"] for each in history] == [3, 2, 1]  # type: ignore[attr-defined]


@on_sqlite
def test_the_etag_is_the_revision(shop: Shop) -> None:
    token = shop.token(shop.acme)
    first = token.send("GET", "/api/admin/modules")
    assert first.headers["ETag"] == f'"{first.get_json()["revision"]}"'
    again = token.client.get("/api/admin/modules", headers={**token.headers, "If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.get_data()) == (304, b"")
    switched(shop, "billing", "on")
    fresh = token.client.get("/api/admin/modules", headers={**token.headers, "If-None-Match": first.headers["ETag"]})
    assert (fresh.status_code, fresh.headers["ETag"] != first.headers["ETag"]) == (200, True)


# --- who -------------------------------------------------------------------------------------------------------------


@on_sqlite
def test_a_token_reaches_its_scope_and_names_the_tenant_when_there_are_more(shop: Shop) -> None:
    def status(token: Program, path: str, **headers: str) -> tuple[int, str]:
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        answer = token.client.get(path, headers={**token.headers, **sent})
        return answer.status_code, "" if answer.status_code == 200 else answer.get_json()["error"]["code"]

    platform, vendor, instance = shop.token(shop.acme), shop.token(shop.blue), shop.token(None)
    pages = "/api/vendor/cms/pages"
    assert status(platform, "/api/admin/modules") == (200, "")
    assert status(platform, "/api/admin/modules", X_Console_Platform="acme") == (200, "")
    assert status(platform, "/api/admin/modules", X_Console_Platform="globex") == (404, "not_found")
    assert status(platform, pages) == (400, "platform_required")
    assert status(platform, pages, X_Console_Vendor="blue") == (200, "")
    assert status(platform, pages, X_Console_Vendor="green") == (404, "not_found")
    assert status(vendor, pages) == (200, "")
    assert status(vendor, pages, X_Console_Vendor="red") == (404, "not_found")
    assert status(vendor, "/api/admin/modules") == (403, "forbidden")
    assert status(instance, "/api/admin/modules") == (400, "platform_required")
    assert status(instance, "/api/admin/modules", X_Console_Platform="globex") == (200, "")
    assert status(instance, pages, X_Console_Vendor="green") == (200, "")


@on_sqlite
def test_a_token_that_is_wrong_late_or_revoked_is_nobody(shop: Shop) -> None:
    token = shop.token(shop.acme)
    client = shop.app.test_client()
    for header in ("Bearer nonsense", "Bearer ", "Basic YTpi", token.headers["Authorization"] + "x"):
        answer = client.get("/api/admin/modules", headers={"Authorization": header})
        assert (answer.status_code, answer.get_json()["error"]["code"]) == (401, "login_required")
    rt = shop.app.extensions["console"]
    now = rt.clock()
    rt.clock = lambda: now + timedelta(days=2)
    assert token.send("GET", "/api/admin/modules").status_code == 401


def test_the_last_use_of_a_token_is_written(shop: Shop) -> None:
    token = shop.token(shop.acme)
    with token.client.get("/api/admin/modules", headers=token.headers) as answer:
        assert answer.status_code == 200
        answer.get_data()
    with shop.app.app_context():
        (view,) = tokens.listing(read_session(), platform_id=shop.acme.id)
    assert view.last_used_at is not None


@on_sqlite
def test_a_token_opens_no_page(shop: Shop) -> None:
    token = shop.token(None)
    assert token.send("GET", "/instance/users").status_code == 303


@on_sqlite
def test_a_login_may_use_the_api_with_its_own_rights(shop: Shop) -> None:
    viewer = shop.person(Role.PLATFORM_VIEWER)
    named = {**JSON, "X-Console-Platform": "acme"}
    assert ask(viewer, "GET", "/api/admin/modules", headers=named).status_code == 200
    refused = ask(viewer, "PUT", "/api/admin/modules/billing", headers=named, body={"want": "on"})
    assert (refused.status_code, refused.get_json()["error"]["details"]) == (403, {"permission": "modules.toggle"})
    assert ask(viewer, "GET", "/api/admin/modules", headers=JSON).get_json()["error"]["code"] == "platform_required"


@on_sqlite
def test_an_operation_of_another_platform_is_unknown(shop: Shop) -> None:
    operation = switched(shop, "billing", "on")
    stranger = shop.token(shop.globex)
    told = stranger.send("GET", f"/api/admin/operations/{operation['id']}")
    never = stranger.send("GET", "/api/admin/operations/99999")
    assert [answer.get_json()["error"]["code"] for answer in (told, never)] == ["unknown_operation"] * 2
    assert got(stranger, "/api/admin/operations")["operations"] != got(shop.token(shop.acme), "/api/admin/operations")


@on_sqlite
def test_an_operation_is_undone_by_the_api(shop: Shop) -> None:
    operation = switched(shop, "billing", "on")
    answer = shop.token(shop.acme).send("POST", f"/api/admin/operations/{operation['id']}/undo")
    undo = answer.get_json()["operation"]
    assert (undo["kind"], undo["undoes"]) == ("undo", operation["id"])
    settle(shop.app, shop.acme.id, int(undo["id"]))
    assert states(shop)["billing"] == (False, "disabled", states(shop)["billing"][2])


def test_a_way_back_that_is_not_the_one_that_was_shown_is_refused_with_that_of_now(shop: Shop) -> None:
    token = shop.token(shop.acme)
    first, second = (switched(shop, code, "on") for code in ("orders", "billing"))
    path = f"/api/admin/operations/{first['id']}/undo"
    plan, other = got(token, path), got(token, f"/api/admin/operations/{second['id']}/undo")
    before = states(shop)
    stale = token.send("POST", path, {"plan": other["digest"]})
    error = stale.get_json()["error"]
    assert (stale.status_code, error["code"], error["details"]["plan"]) == (409, "plan_stale", plan)
    for wrong in ({"plan": 1}, {"plan": "x" * 65}, {"want": "off"}):
        refused = token.send("POST", path, wrong)
        assert (refused.status_code, refused.get_json()["error"]["code"]) == (422, "body_invalid")
    broken = token.client.post(path, data="{", headers=token.headers)
    assert (broken.status_code, broken.get_json()["error"]["code"]) == (400, "body_invalid")
    assert shop.token(shop.globex).send("POST", path, {"plan": plan["digest"]}).status_code == 404
    assert states(shop) == before
    done = token.send("POST", path, {"plan": plan["digest"]}).get_json()["operation"]
    assert (done["kind"], done["undoes"]) == ("undo", first["id"])
    settle(shop.app, shop.acme.id, int(done["id"]))
    assert [states(shop)[code][0] for code in ("orders", "payments", "billing")] == [False, False, True]
    empty = token.send("POST", f"/api/admin/operations/{second['id']}/undo", {})
    assert (empty.status_code, empty.get_json()["operation"]["undoes"]) == (200, second["id"])


# --- openapi ----------------------------------------------------------------------------------------------------------


@on_sqlite
def test_what_a_module_keeps_is_counted_exported_and_deleted_by_the_api(shop: Shop) -> None:
    switch(shop.app, shop.acme.id, "payments", on=True)
    program, path = shop.token(shop.acme), "/api/admin/modules/payments/purge"
    assert program.send("POST", path, {"confirm": "acme/payments"}).get_json()["error"]["code"] == "not_disabled"
    switch(shop.app, shop.acme.id, "payments", on=False)
    counted = program.send("GET", path).get_json()["purge"]
    exported = program.send("GET", f"{path}/export").get_json()
    assert counted["rows"] == len(exported["tables"]["payments_gateways"]) > 0
    assert program.send("POST", path, {"confirm": "payments"}).status_code == 400
    assert program.send("POST", path, {}).status_code == 422
    assert program.send("POST", path, {"confirm": "acme/payments"}).get_json()["purge"]["purged"] is True
    assert program.send("GET", path).get_json()["purge"]["rows"] == 0


@on_sqlite
def test_a_health_report_is_asked_for_by_the_api(shop: Shop) -> None:
    program = shop.token(shop.acme)
    assert program.send("POST", "/api/admin/modules/cms/health").status_code == 202
    assert program.send("POST", "/api/admin/modules/orders/health").get_json()["error"]["code"] == "not_checked"


@on_sqlite
def test_openapi_names_every_json_address_with_the_tags_of_its_blueprint(shop: Shop) -> None:
    document = got(shop.token(shop.acme), "/api/openapi.json")
    paths = document["paths"]
    assert isinstance(paths, dict)
    for route in routes_of_modules(shop.app):
        if route.is_api:
            path = route.rule.rule.replace("<int:", "{").replace("<", "{").replace(">", "}")
            assert route.method.lower() in paths[path], route
            assert paths[path][route.method.lower()]["x-permission"] == route.permission
    assert paths["/api/admin/payments/gateways"]["get"]["tags"] == ["Admin - Payments"]
    assert paths["/api/vendor/payments/methods"]["get"]["tags"] == ["Vendor - Payments"]
    assert paths["/api/admin/payments/gateways"]["get"]["summary"] == "List configured payment gateways."


@on_sqlite
def test_openapi_shows_vendors_their_own_addresses_and_visitors_nothing(shop: Shop) -> None:
    paths = got(shop.token(shop.blue), "/api/openapi.json")["paths"]
    assert isinstance(paths, dict)
    assert paths
    assert {path.split("/")[2] for path in paths} == {"vendor", "openapi.json"}
    assert shop.app.test_client().get("/api/openapi.json").status_code == 401
