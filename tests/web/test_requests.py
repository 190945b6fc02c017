"""What every request is held to: forgery, headers, error shapes, a busy database."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from flask import Flask, url_for
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from console.app import create_app
from console.domain.words import Role
from console.storage.base import Base, db
from console.storage.engine import sqlite_driver
from console.testing.people import log_in
from console.web import csrf
from console.web.csrf import CsrfRefused
from console.web.headers import FIXED
from tests.support.databases import close
from tests.support.shop import Shop, build_shop
from tests.web.routes import HTML, HTMX, JSON, ask

on_sqlite = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)


# --- forgery ----------------------------------------------------------------------------------------------------------


@on_sqlite
def test_every_method_that_is_not_known_to_be_safe_needs_the_token(shop: Shop) -> None:
    for method in ("POST", "PUT", "PATCH", "DELETE", "QUERY", "PURGE"):
        with shop.app.test_request_context("/", method=method), pytest.raises(CsrfRefused):
            csrf.check()
    for method in ("GET", "HEAD", "OPTIONS"):
        with shop.app.test_request_context("/", method=method):
            assert csrf.check() is None  # type: ignore[func-returns-value]  # it lets the request through


@on_sqlite
def test_a_form_needs_the_token_of_its_own_session(shop: Shop) -> None:
    admin, other = shop.person(Role.PLATFORM_ADMIN), shop.person(Role.INSTANCE_ADMIN)
    path = "/admin/acme/modules/billing/enable"
    refused = [
        admin.client.post(path, headers=JSON),
        admin.client.post(path, data={"csrf_token": other.csrf}, headers=JSON),
        admin.client.post(path, headers={**JSON, "X-CSRF-Token": "x"}),
        ask(admin, "POST", path, headers={**JSON, "Origin": "https://elsewhere.example"}),
        ask(admin, "POST", path, headers={**JSON, "Origin": "null"}),
        ask(admin, "POST", path, headers={**JSON, "Sec-Fetch-Site": "cross-site"}),
        ask(admin, "POST", path, headers={**JSON, "Sec-Fetch-Site": "same-site"}),
    ]
    assert [answer.get_json()["error"]["code"] for answer in refused] == ["csrf_refused"] * len(refused)
    assert {answer.status_code for answer in refused} == {400}
    taken = [
        ask(admin, "POST", path, headers={**HTML, "Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"}),
        ask(admin, "POST", path, headers={**HTML, "Sec-Fetch-Site": "none"}),
    ]
    assert all(answer.status_code != 400 for answer in taken)


@on_sqlite
def test_the_address_that_the_settings_name_is_no_other_site(make_app: Callable[..., Flask]) -> None:
    app = make_app(base_url="https://console.example/")
    for origin, allowed in (("https://console.example", True), ("https://console.example.evil", False)):
        with app.test_request_context("/", method="POST", headers={"Origin": origin}):
            with pytest.raises(CsrfRefused) as refused:
                csrf.check()
            assert ("another site" in refused.value.message) is not allowed


@on_sqlite
def test_a_bearer_token_needs_no_form_token_and_a_cookie_on_the_api_does(shop: Shop) -> None:
    body = {"slug": "new-shop", "name": "New"}
    assert shop.token(shop.acme).send("POST", "/api/admin/vendors", body).status_code == 201
    admin = shop.person(Role.PLATFORM_ADMIN)
    named = {"X-Console-Platform": "acme"}
    refused = admin.client.post("/api/admin/vendors", json={"slug": "other-shop"}, headers=named)
    assert refused.get_json()["error"]["code"] == "csrf_refused"
    assert ask(admin, "POST", "/api/admin/vendors", headers=named, body={"slug": "other-shop"}).status_code == 201


# --- headers ----------------------------------------------------------------------------------------------------------

EVERYWHERE = (
    "/login",
    "/admin/acme/",
    "/admin/acme/orders/",
    "/no/such/address",
    "/static/console.css",
    "/static/no-such-file",
    "/api/admin/modules",
    "/api/no/such",
    "/healthz",
    "/readyz",
    "/instance/users",
)


def fetched(client: FlaskClient, path: str) -> TestResponse:
    """The whole answer; a file behind it is closed, as a server does."""
    answer = client.get(path)
    answer.get_data()
    answer.close()
    return answer


@on_sqlite
@pytest.mark.parametrize("path", EVERYWHERE)
def test_every_answer_carries_the_fixed_headers_and_a_request_id_of_its_own(shop: Shop, path: str) -> None:
    admin = shop.person(Role.PLATFORM_ADMIN)
    for client in (shop.app.test_client(), admin.client):
        first, second = fetched(client, path), fetched(client, path)
        for name, value in FIXED.items():
            assert first.headers[name] == value
        policy = first.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe-" not in policy
        if first.mimetype == "text/html":
            assert "require-trusted-types-for 'script'; trusted-types htmx-answers" in policy
        ids = [answer.headers["X-Request-Id"] for answer in (first, second)]
        assert all(re.fullmatch(r"[0-9a-f]{24}", each) for each in ids)
        assert ids[0] != ids[1]
        assert len(first.headers.getlist("X-Request-Id")) == 1


@on_sqlite
def test_pages_are_never_stored_and_vary_by_what_they_are_made_from(shop: Shop) -> None:
    admin = shop.person(Role.PLATFORM_ADMIN)
    for path in ("/admin/acme/", "/admin/acme/orders/", "/login", "/no/such"):
        answer = admin.get(path)
        assert answer.headers["Cache-Control"] == "no-store"
        assert {"HX-Request", "HX-Request-Type", "Cookie"} <= set(answer.headers["Vary"].split(", "))


@on_sqlite
def test_scripts_run_by_the_nonce_of_their_own_answer_only(shop: Shop) -> None:
    admin = shop.person(Role.PLATFORM_ADMIN)
    nonces = set()
    for _turn in range(2):
        answer = admin.get("/admin/acme/")
        nonce = re.search(r"script-src 'nonce-([^']+)'", answer.headers["Content-Security-Policy"])
        assert nonce is not None
        assert set(re.findall(r'<script nonce="([^"]*)"', answer.get_data(as_text=True))) == {nonce.group(1)}
        nonces.add(nonce.group(1))
    assert len(nonces) == 2


@on_sqlite
def test_files_are_served_under_names_that_change_with_them(shop: Shop) -> None:
    client = shop.app.test_client()
    page = client.get("/login").get_data(as_text=True)
    names = re.findall(r'(?:href|src)="(/static/[^"#]+)', page)
    assert len(names) >= 4
    for name in names:
        answer = fetched(client, name)
        assert (answer.status_code, "immutable" in answer.headers["Cache-Control"]) == (200, True), name
        assert "Access-Control-Allow-Origin" not in answer.headers
        assert "Set-Cookie" not in answer.headers
    assert "immutable" not in fetched(client, "/static/console.css").headers["Cache-Control"]


@on_sqlite
def test_a_host_that_is_not_ours_is_refused_before_anything_else(make_app: Callable[..., Flask]) -> None:
    client = make_app(trusted_hosts=("shop.example",)).test_client()
    assert client.get("/admin/acme/", base_url="http://evil.example").status_code == 400
    assert client.get("/login", base_url="http://evil.example").status_code == 400
    assert client.get("/login", base_url="http://shop.example").status_code == 200


@on_sqlite
def test_a_request_id_is_taken_over_behind_a_proxy_of_ours_only(make_app: Callable[..., Flask]) -> None:
    given = {"X-Request-Id": "from-the-proxy-1"}
    assert make_app().test_client().get("/healthz", headers=given).headers["X-Request-Id"] != "from-the-proxy-1"
    behind = make_app(proxy_hops=1).test_client()
    assert behind.get("/healthz", headers=given).headers["X-Request-Id"] == "from-the-proxy-1"
    assert behind.get("/healthz", headers={"X-Request-Id": "no spaces!"}).headers["X-Request-Id"] != "no spaces!"


# --- errors -----------------------------------------------------------------------------------------------------------


@on_sqlite
def test_one_error_has_three_shapes(shop: Shop) -> None:
    admin = shop.person(Role.PLATFORM_ADMIN)
    path = "/admin/acme/modules/no-such-module"
    page, partial, document = (ask(admin, "GET", path, headers=headers) for headers in (HTML, HTMX, JSON))
    assert [answer.status_code for answer in (page, partial, document)] == [404, 404, 404]
    assert "<html" in page.get_data(as_text=True)
    assert page.headers["X-Request-Id"] in page.get_data(as_text=True)
    text = partial.get_data(as_text=True)
    assert ("<html" in text, 'data-testid="toast"' in text, 'hx-target="#toasts"' in text) == (False, True, True)
    error = document.get_json()["error"]
    assert set(error) == {"code", "message", "hint", "details", "request_id"}
    assert (error["code"], error["request_id"]) == ("unknown_module", document.headers["X-Request-Id"])


def test_a_number_that_no_row_can_have_is_an_unknown_address(shop: Shop) -> None:
    admin, token = shop.person(Role.PLATFORM_ADMIN), shop.token(shop.acme)
    numbers = ("999999", str(2**63 - 1), str(2**63), "9" * 30, "9" * 5000)
    for number in numbers:
        assert admin.get(f"/admin/acme/operations/{number}").status_code == 404, number
        assert token.send("GET", f"/api/admin/operations/{number}").status_code == 404, number
        assert admin.get(f"/admin/acme/orders/{number}").status_code == 404, number


@on_sqlite
def test_the_address_of_a_form_loaded_again_leads_to_its_page(shop: Shop) -> None:
    """A form that failed, a partial that was answered, a lost connection: the browser then asks for it by GET."""
    shop.switch_all(on=True)
    people = {"admin": Role.PLATFORM_ADMIN, "vendor": Role.VENDOR_OWNER, "instance": Role.INSTANCE_ADMIN}
    rules = [rule for rule in shop.app.url_map.iter_rules() if not rule.rule.startswith("/api/")]
    pages = {rule.rule for rule in rules if "GET" in (rule.methods or ())}
    forms = [rule for rule in rules if rule.rule not in pages]
    values: dict[str, Any] = {
        "platform": "acme",
        "vendor": "blue",
        "code": "orders",
        "decision": "retry",
        "gateway": "card",
    }
    visitors = {area: shop.person(role) for area, role in people.items()}
    answered = 0
    for rule in forms:
        with shop.app.test_request_context():
            own = {"decision": "again"} if rule.endpoint.endswith("given_up_decide") else {}
            path = url_for(rule.endpoint, **{name: {**values, **own}.get(name, 1) for name in rule.arguments})
        visitor = visitors.get(path.split("/")[1], visitors["admin"])
        answer = visitor.get(path)
        if answer.status_code == 303:  # else one with a number in it, of something that is not there
            assert path.startswith(answer.headers["Location"].rstrip("/")), path
            answered += 1
        else:
            assert answer.status_code in (200, 404, 409), path
    assert answered >= 10
    lost = visitors["admin"].get("/admin/acme/requests/7/decline")
    assert lost.headers["Location"] == "/admin/acme/requests"
    assert visitors["vendor"].get("/vendor/blue/orders/7/move").headers["Location"] == "/vendor/blue/orders/7"


@on_sqlite
def test_a_method_that_an_address_lacks_is_named_405(shop: Shop) -> None:
    answer = ask(shop.person(Role.PLATFORM_ADMIN), "DELETE", "/admin/acme/audit", headers=JSON)
    assert (answer.status_code, answer.get_json()["error"]["code"]) == (405, "method_not_allowed")
    assert "GET" in answer.headers["Allow"]


@on_sqlite
def test_a_fault_shows_its_request_and_nothing_else(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    admin = shop.person(Role.PLATFORM_ADMIN)

    def broken(**_arguments: object) -> str:
        raise ZeroDivisionError("the secret of the fault")

    view = shop.app.view_functions["pages.audit"]
    broken.__dict__.update(view.__dict__)
    monkeypatch.setitem(shop.app.view_functions, "pages.audit", broken)
    for headers in (HTML, HTMX, JSON):
        answer = ask(admin, "GET", "/admin/acme/audit", headers=headers)
        assert answer.status_code == 500
        assert "secret of the fault" not in answer.get_data(as_text=True)
        assert any(answer.headers["X-Request-Id"] in record.getMessage() for record in caplog.records)


# --- writing ----------------------------------------------------------------------------------------------------------


def counts() -> dict[str, int]:
    """How many rows each of the console's tables has."""
    tables = [table for table in Base.metadata.sorted_tables if table.name in CONSOLE_TABLES]
    return {table.name: db.session.scalar(select(func.count()).select_from(table)) or 0 for table in tables}


CONSOLE_TABLES = {"operations", "operation_steps", "audit_entries", "module_states", "deliveries", "huey_tasks"}


@contextmanager
def locked(app: Flask) -> Iterator[None]:
    """Somebody else holds the platform's write lock."""
    url = app.extensions["console"].settings.database_url
    if url.startswith("sqlite"):
        # The console's own driver: two SQLite libraries in one process do not see each other's locks.
        with closing(sqlite_driver().connect(url.removeprefix("sqlite:///"), isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            yield
            other.execute("ROLLBACK")
        return
    with psycopg.connect(url) as holder:
        holder.execute("SELECT id FROM platforms FOR UPDATE")
        yield
        holder.rollback()


def test_a_locked_database_answers_503_and_nothing_is_half_written(make_app: Callable[..., Flask]) -> None:
    shop = build_shop(make_app(busy_timeout_s=0.3))
    admin, token = shop.person(Role.PLATFORM_ADMIN), shop.token(shop.acme)
    with shop.app.app_context():
        before = counts()
    with locked(shop.app):
        form = ask(admin, "POST", "/admin/acme/modules/billing/enable", headers=HTML, form={"want": "on"})
        body = token.send("PUT", "/api/admin/modules/billing", {"want": "on"})
        reading = admin.get("/admin/acme/modules")
    for answer in (form, body):
        assert answer.status_code == 503
        assert int(answer.headers["Retry-After"]) >= 1
    assert body.get_json()["error"]["code"] == "storage_busy"
    assert reading.status_code == 200
    with shop.app.app_context():
        assert counts() == before
    assert token.send("PUT", "/api/admin/modules/billing", {"want": "on"}).status_code in (200, 202)


def test_a_database_without_the_tables_of_this_version_says_how_to_upgrade_it(
    empty_database_url: str, data_dir: Path
) -> None:
    app = create_app({"data_dir": data_dir, "database_url": empty_database_url})
    client = app.test_client()
    page = client.get("/login")
    assert page.status_code == 503
    assert "module-console db upgrade" in page.get_data(as_text=True)
    client.set_cookie("console", "x")
    document = client.get("/api/admin/modules", headers={"Authorization": "Bearer x"})
    assert (document.status_code, document.get_json()["error"]["code"]) == (503, "schema_behind")
    close(app)


@on_sqlite
def test_what_a_view_wrote_before_it_refused_is_rolled_back(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    from console.context import current, current_platform, runtime
    from console.services import vendors
    from console.storage.uow import current_uow

    admin = shop.person(Role.PLATFORM_ADMIN)
    view = shop.app.view_functions["pages.vendor_create"]

    def refuses(**_arguments: object) -> tuple[str, int]:
        rt = runtime()
        vendors.create(
            current_uow(), rt, current_platform.id, "half", name="Half", actor=current().actor, now=rt.clock()
        )
        return "no", 409

    refuses.__dict__.update(view.__dict__)
    monkeypatch.setitem(shop.app.view_functions, "pages.vendor_create", refuses)
    assert admin.post("/admin/acme/vendors").get_data(as_text=True) == "no"
    listed = shop.token(shop.acme).send("GET", "/api/admin/vendors").get_json()["vendors"]
    assert {each["slug"] for each in listed} == {"blue", "red"}


@on_sqlite
def test_a_request_that_names_both_sides_of_a_scope_gets_the_right_one(shop: Shop) -> None:
    """The tenant of a request comes from its address, never from a field or a header of a page."""
    admin = log_in(shop.app, Role.PLATFORM_ADMIN, platform=shop.acme)
    answer = admin.get("/admin/acme/?platform=globex", X_Console_Platform="globex")
    assert "Acme Market" in answer.get_data(as_text=True)
    assert "Globex" not in answer.get_data(as_text=True)
