"""Overview, vendors, audit and health of a platform; the instance's pages; the vendor's first page."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from console.services.views import PlatformView, VendorView
from console.testing.journeys import switch
from console.testing.people import Visitor


@pytest.fixture
def database_kind() -> str:
    """Pages that are read."""
    return "sqlite"


def test_the_overview_counts_and_names_what_happened(admin: Visitor, console_app: Flask) -> None:
    page = admin.get("/admin/acme/")
    assert page.status_code == 200
    assert 'data-testid="count-on"' in page.text
    assert "Create platform" in page.text


def test_a_new_vendor_is_in_the_list(admin: Visitor) -> None:
    answer = admin.post("/admin/acme/vendors", {"slug": "new-shop", "name": "New Shop"})
    assert answer.status_code == 303
    page = admin.get(answer.headers["Location"])
    assert "Vendor New Shop was created" in page.text
    assert 'data-testid="vendor-new-shop"' in page.text


def test_a_slug_that_cannot_be_is_refused_beside_its_field(admin: Visitor) -> None:
    answer = admin.post("/admin/acme/vendors", {"slug": "New Shop", "name": "New Shop"})
    assert answer.status_code == 422
    assert "cannot stand in a URL" in answer.text
    assert 'value="New Shop"' in answer.text


def test_text_in_the_address_is_never_said_by_the_page(admin: Visitor) -> None:
    assert "You were hacked" not in admin.get("/admin/acme/vendors?created=You+were+hacked").text


def test_the_audit_is_filtered_by_kind_and_by_what_it_is_about(admin: Visitor, console_vendor: VendorView) -> None:
    everything = admin.get("/admin/acme/audit").text
    assert "Platform acme was created" in everything
    assert "Vendor first-shop was created" in everything
    assert "Platform acme was created" not in admin.get("/admin/acme/audit?action=vendors.").text
    assert "Nothing matches" in admin.get("/admin/acme/audit?q=nobody").text


def test_health_lists_what_is_on_and_a_run_can_be_asked_for(admin: Visitor, viewer: Visitor) -> None:
    page = admin.get("/admin/acme/health")
    assert 'data-testid="health-row-cms"' in page.text
    assert "health-row-billing" not in page.text
    asked = admin.post("/admin/acme/modules/cms/health")
    assert asked.status_code == 303
    assert "No runner is alive" in admin.get(asked.headers["Location"]).text
    assert viewer.post("/admin/acme/modules/cms/health").status_code == 403


@pytest.mark.parametrize("path", ["/instance/", "/instance/users", "/instance/modules", "/instance/settings"])
def test_the_instance_is_for_instance_admins(root: Visitor, admin: Visitor, path: str) -> None:
    assert root.get(path).status_code == 200
    assert admin.get(path).status_code == 403


def test_creating_a_platform_leads_to_it(root: Visitor) -> None:
    answer = root.post("/instance/platforms", {"slug": "globex", "name": "Globex"})
    assert answer.status_code == 303
    assert answer.headers["Location"].startswith("/admin/globex/")
    assert 'data-testid="platform-globex"' in root.get("/instance/").text
    again = root.post("/instance/platforms", {"slug": "globex", "name": "Globex"})
    assert again.status_code == 422
    assert "already" in again.text


def test_the_list_of_platforms_counts_what_is_on_as_each_platform_does(
    root: Visitor, console_platform: PlatformView
) -> None:
    row = re.search(r'data-testid="platform-acme".*?data-label="Modules on:">(\d+)<', root.get("/instance/").text, re.S)
    overview = re.search(r'data-testid="count-on">(\d+)', root.get(f"/admin/{console_platform.slug}/").text)
    assert row
    assert overview
    assert row[1] == overview[1] != "0"


def test_a_new_login_shows_its_password_once(root: Visitor, console_platform: PlatformView) -> None:
    form = {"email": "new@example.test", "name": "", "role": "platform-admin", "scope": "acme"}
    made = root.post("/instance/users", form)
    assert made.status_code == 200
    password = re.search(r'data-testid="new-password">([^<]+)<', made.text)
    assert password
    assert password[1] not in root.get("/instance/users").text
    again = root.post("/instance/users", form)
    assert again.status_code == 422


@pytest.mark.parametrize(
    "form",
    [
        {"email": "x@example.test", "role": "platform-admin", "scope": ""},
        {"email": "nobody", "role": "instance-admin", "scope": ""},
        {"email": "x@example.test", "role": "emperor", "scope": ""},
    ],
)
def test_a_login_that_cannot_be_is_refused_with_the_reason(root: Visitor, form: dict[str, str]) -> None:
    answer = root.post("/instance/users", form)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text


def test_the_last_admin_cannot_be_locked_out(console_app: Flask, root: Visitor) -> None:
    answer = root.post(f"/instance/users/{root.user_id}/disable")
    assert answer.status_code == 409
    assert "last admin" in answer.text


def test_people_show_when_they_were_seen(root: Visitor, admin: Visitor, console_platform: PlatformView) -> None:
    assert admin.get("/admin/acme/").status_code == 200
    page = root.get("/instance/users").text
    rows = re.findall(r'data-testid="user-.*?</tr>', page, re.S)
    mine = next(row for row in rows if ">you<" in row)
    assert 'data-label="Last seen:">now<' in mine
    assert all('data-label="Last seen:"><time' in row for row in rows if row is not mine)


def test_the_registry_counts_where_a_module_is_on(
    root: Visitor, console_app: Flask, console_platform: PlatformView
) -> None:
    switch(console_app, console_platform.id, "orders", on=True)
    page = root.get("/instance/modules").text
    for code, text in {"orders": "1 platform", "cms": "1 platform", "billing": "nowhere"}.items():
        row = re.search(rf'data-testid="registry-{code}".*?</tr>', page, re.S)
        assert row
        assert text in row[0]


def test_settings_that_somebody_set_stand_apart(root: Visitor) -> None:
    page = root.get("/instance/settings").text
    given, left = page.index("Set for this instance"), page.index("At their default")
    assert given < page.index("CONSOLE_DATA_DIR") < left < page.index("CONSOLE_LOCALE")
    assert "not set" in page
    assert ">true<" in page
    assert not re.search(r">(True|False|None)<", page)


def test_the_settings_show_no_password(root: Visitor) -> None:
    page = root.get("/instance/settings")
    assert "CONSOLE_DATABASE_URL" in page.text
    assert re.search(r"://[^/\s<]+:[^/\s<@]+@", page.text) is None


def test_a_vendor_sees_cards_of_what_is_on(owner: Visitor, console_app: Flask, console_platform: PlatformView) -> None:
    assert "card-orders" not in owner.get("/vendor/first-shop/").text
    switch(console_app, console_platform.id, "orders", on=True)
    page = owner.get("/vendor/first-shop/")
    assert 'data-testid="card-orders"' in page.text
    assert "card-dev-tools" not in page.text


def test_a_vendors_home_is_for_its_members_only(admin: Visitor, console_vendor: VendorView) -> None:
    page = admin.get(f"/vendor/{console_vendor.slug}/")
    assert page.status_code == 403
    assert "vendor.view" in page.text


def test_the_menu_marks_the_page_and_nothing_where_no_item_leads(admin: Visitor) -> None:
    def marked(path: str) -> list[str]:
        return re.findall(r'data-testid="menu-([\w-]+)" aria-current="page"', admin.get(path).text)

    assert marked("/admin/acme/") == ["overview"]
    assert marked("/admin/acme/modules/orders") == ["modules"]
    assert marked("/admin/acme/search") == []


def test_an_address_in_a_header_that_is_none_does_no_harm(admin: Visitor, console_app: Flask) -> None:
    bad = "http://[bad"
    listed = admin.client.get("/admin/acme/modules/orders/row", headers={"HX-Request": "true", "HX-Current-URL": bad})
    assert listed.status_code == 200
    forged = admin.client.post("/account", data={"csrf_token": admin.csrf}, headers={"Origin": bad})
    assert forged.status_code == 400
    stranger = console_app.test_client().get("/account", headers={"HX-Request": "true", "HX-Current-URL": bad})
    assert stranger.headers["HX-Redirect"].startswith("/login")
