"""A console that nobody has claimed yet, and one whose database is held by somebody else."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import expect

from console.context import runtime
from console.services import setup
from console.storage.uow import unit_of_work
from tests.browser.conftest import OpenTab
from tests.browser.served import PASSWORD, Served, serve


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A fresh console with its demo and no person; it waits only a moment for a lock."""
    folder: Path = tmp_path_factory.mktemp("served")
    with serve(folder / "data", DEMO="true", WORKERS="1", RUNNERS="1", BUSY_TIMEOUT_S="0.3") as found:
        yield found


def setup_path(served: Served) -> str:
    with served.app.app_context(), unit_of_work() as uow:
        return f"/setup?token={setup.fresh_link(uow, runtime().clock())}"


def test_the_first_admin_is_made_and_vendors_get_logins_once(tab: OpenTab, served: Served) -> None:
    visitor = tab()
    visitor.go("/login")
    expect(visitor.page.get_by_text("module-console setup-link")).to_be_visible()
    link = setup_path(served)
    visitor.go(link)
    visitor.check_accessible()
    visitor.page.get_by_label("E-mail address").fill("first@example.test")
    visitor.page.get_by_label("Password", exact=True).fill(PASSWORD)
    visitor.page.locator("#setup-submit").click()
    expect(visitor.page.get_by_role("heading", level=1)).to_contain_text("ready")
    visitor.check_accessible()
    login = visitor.test_id("vendor-login-blue-bottle")
    email, password = login.locator("td").first.inner_text(), login.get_by_test_id("password").inner_text()
    visitor.page.locator("#go-on").click()
    expect(visitor.page.get_by_role("heading", level=1)).to_be_visible()
    visitor.expected.add(404)
    assert visitor.go(link).status == 404

    vendor = tab()
    vendor.go("/login")
    vendor.page.get_by_label("E-mail address").fill(email)
    vendor.page.get_by_label("Password").fill(password)
    vendor.page.locator("#login-submit").click()
    expect(vendor.page.get_by_role("heading", level=1)).to_contain_text("Blue Bottle Books")


def test_a_held_database_is_said_and_the_switch_stays_what_it_was(tab: OpenTab, served: Served) -> None:
    admin = tab()
    admin.log_in("first@example.test")
    admin.go("/admin/acme/modules")
    toggle = admin.test_id("toggle-billing")
    admin.expected.add(503)
    with closing(sqlite3.connect(served.data_dir / "console.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with admin.page.expect_response(lambda answer: answer.request.method == "POST") as answer:
            toggle.click()
        assert answer.value.status == 503
        assert answer.value.headers["retry-after"]
        expect(admin.page.locator("#toasts")).to_contain_text("busy")
        expect(admin.page.locator(".toast")).to_have_count(1)
        expect(toggle).to_have_attribute("aria-checked", "false")
        other.execute("ROLLBACK")
    toggle.click()
    expect(toggle).to_have_attribute("aria-checked", "true")
