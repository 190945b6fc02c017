"""Modules that would go around the gate: wrappers of console pages, hooks and error handlers of their own."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from console.domain.words import Role
from console.testing.journeys import make_platform, make_vendor, switch
from console.testing.people import Visitor, log_in
from tests.web.routes import HTML, HTMX, JSON, ask, masked

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)

MODULES = Path(__file__).parents[1] / "support" / "hostile" / "gate"


@pytest.fixture
def app(make_app: Callable[..., Flask]) -> Flask:
    """A console with the two modules besides its own."""
    return make_app(modules_path=(MODULES,))


@pytest.fixture
def admin(app: Flask) -> Visitor:
    """An admin of the platform."""
    return log_in(app, Role.PLATFORM_ADMIN, platform=make_platform(app, "acme", "Acme"))


def ran(app: Flask) -> list[str]:
    import sys

    found: list[str] = sys.modules[app.extensions["console"].registry["greedy"].package + ".routes"].RAN
    return found


def test_a_console_page_goes_off_with_the_wrapper_that_groups_it(app: Flask, admin: Visitor) -> None:
    for headers in (HTML, HTMX, JSON):
        for method in ("GET", "POST", "DELETE", "OPTIONS"):
            reference = masked(ask(admin, method, "/admin/acme/trail/x", headers=headers))
            for path in ("/admin/acme/audit", "/admin/acme//audit"):
                assert masked(ask(admin, method, path, headers=headers)) == reference, (method, path)
    switch(app, 1, "trail", on=True)
    assert admin.get("/admin/acme/audit").status_code == 200


def test_hooks_and_handlers_of_a_module_that_is_off_never_run(app: Flask, admin: Visitor) -> None:
    ran(app).clear()
    for method in ("GET", "POST", "PUT", "OPTIONS"):
        for path in ("/admin/acme/greedy/", "/admin/acme/greedy", "/admin/acme/greedy/no-such-page"):
            answer = ask(admin, method, path, headers=HTML)
            assert (answer.status_code, "X-Greedy" in answer.headers) == (404, False)
    assert ran(app) == []
    switch(app, 1, "greedy", on=True)
    assert admin.get("/admin/acme/greedy/").get_data(as_text=True) == "on"
    assert ran(app) == ["values", "before", "after"]


def test_hooks_of_a_module_do_not_see_who_may_not_use_it(app: Flask, admin: Visitor) -> None:
    switch(app, 1, "greedy", on=True)
    ran(app).clear()
    viewer = log_in(app, Role.PLATFORM_VIEWER, platform=make_platform(app, "globex", "Globex"))
    assert viewer.get("/admin/globex/greedy/").status_code == 404
    assert viewer.get("/admin/acme/greedy/").status_code == 404
    assert ran(app) == []
    assert admin.client.post("/admin/acme/greedy/").status_code == 400  # no token
    assert ran(app) == []


def test_a_view_that_says_nothing_needs_an_admin_or_a_member(app: Flask, admin: Visitor) -> None:
    switch(app, 1, "greedy", on=True)
    from console.services.views import PlatformView

    acme = PlatformView(1, "acme", "Acme")
    blue = make_vendor(app, acme, "blue", "Blue")
    viewer = log_in(app, Role.PLATFORM_VIEWER, platform=acme)
    member = log_in(app, Role.VENDOR_MEMBER, vendor=blue)
    assert admin.get("/admin/acme/greedy/").status_code == 200
    assert viewer.get("/admin/acme/greedy/").status_code == 403
    assert member.get("/admin/acme/greedy/").status_code == 403
    assert member.get("/vendor/blue/greedy/").status_code == 200
    assert admin.get("/vendor/blue/greedy/").status_code == 403


def test_a_view_that_needs_a_further_module_answers_like_one_of_it(app: Flask, admin: Visitor) -> None:
    switch(app, 1, "greedy", on=True)
    told = admin.get("/admin/acme/greedy/twin", Accept="application/json")
    assert (told.status_code, told.get_json()["error"]["details"]) == (404, {"module": "trail"})
    switch(app, 1, "trail", on=True)
    assert admin.get("/admin/acme/greedy/twin").get_data(as_text=True) == "both on"


def test_a_module_that_could_not_be_read_is_off(app: Flask, admin: Visitor) -> None:
    assert app.extensions["console"].registry["broken"].quarantine is not None
    told = admin.get("/admin/acme/broken/anything", Accept="application/json")
    assert (told.status_code, told.get_json()["error"]["code"]) == (404, "module_off")


def test_files_of_a_module_are_served_whether_it_is_on_or_off(app: Flask) -> None:
    asset = app.jinja_env.globals["asset"]
    assert callable(asset)
    url = asset("m/greedy/greedy.css")
    assert re.fullmatch(r"/static/m/greedy/greedy\.[0-9a-f]{8}\.css", url)
    for path in (url, "/static/m/greedy/greedy.css"):
        with app.test_client().get(path) as answer:
            assert (answer.status_code, answer.get_data(as_text=True)) == (200, ".greedy{color:inherit}\n")
    with pytest.raises(LookupError, match="no static file"):
        asset("m/greedy/other.css")


def test_a_view_may_be_a_coroutine(app: Flask, admin: Visitor) -> None:
    switch(app, 1, "greedy", on=True)
    assert admin.get("/admin/acme/greedy/later").get_data(as_text=True) == "later"


def test_a_console_view_without_a_permission_cannot_be_registered(app: Flask) -> None:
    from console.errors import DefinitionError
    from console.web import ConsoleFlask

    with pytest.raises(DefinitionError, match="declares no permission"):
        ConsoleFlask("fresh", static_folder=None).add_url_rule("/open", "open", lambda: "open")
