"""Configuring in a real browser: judged while writing, reviewed, merged; by keyboard, and without scripts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from console.domain.words import Role
from tests.browser.conftest import OpenTab
from tests.browser.served import Served, serve

SHELF = Path(__file__).parents[1] / "support" / "shelf"
FORM = "/admin/acme/modules/depot/config"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A console with the module ``depot``, whose configuration has one key of each kind."""
    folder = tmp_path_factory.mktemp("served")
    with serve(folder / "data", DEMO="true", WORKERS="1", RUNNERS="1", MODULES_PATH=str(SHELF)) as found:
        found.person("root@example.test", Role.INSTANCE_ADMIN)
        found.person("admin@acme.test", Role.PLATFORM_ADMIN, platform="acme")
        yield found


def test_a_value_is_judged_while_it_is_written_and_the_cursor_stays(tab: OpenTab) -> None:
    admin = tab("admin@acme.test")
    admin.go(FORM)
    slots, error = admin.test_id("field-slots"), admin.page.locator("#error-slots")
    slots.fill("900")
    expect(error).to_have_text("365 or less")
    expect(slots).to_have_attribute("aria-invalid", "true")
    expect(slots).to_be_focused()
    admin.page.keyboard.press("Backspace")
    expect(error).to_have_count(0)
    expect(slots).to_have_value("90")
    admin.test_id("field-goods").fill("{")
    expect(admin.page.locator("#error-goods")).to_contain_text("line 1, column 2")
    expect(slots).to_have_value("90")
    admin.check_accessible()


def test_enter_leads_to_the_review_and_the_review_back_or_on(tab: OpenTab) -> None:
    admin = tab("admin@acme.test")
    admin.expected.add(422)
    admin.go(FORM)
    admin.test_id("field-slots").fill("0")
    admin.page.keyboard.press("Enter")
    expect(admin.test_id("config-troubles")).to_contain_text("1 or more")
    expect(admin.test_id("field-slots")).to_be_focused()
    admin.test_id("field-slots").fill("21")
    admin.test_id("field-api_key").fill("sk_live_abc")
    admin.page.keyboard.press("Enter")
    expect(admin.test_id("change-slots")).to_contain_text("21 a day")
    expect(admin.page.locator("#config-step")).to_be_focused()
    assert "sk_live_abc" not in admin.page.content()
    admin.check_accessible()
    admin.test_id("config-edit").click()
    expect(admin.test_id("field-slots")).to_have_value("21")
    expect(admin.test_id("field-slots")).to_be_focused()
    admin.test_id("config-review").click()
    admin.test_id("field-note").fill("by keyboard")
    admin.page.keyboard.press("Enter")
    expect(admin.test_id("toast")).to_contain_text("Saved as revision")
    admin.test_id("reset-slots").focus()
    admin.page.keyboard.press("Enter")
    expect(admin.test_id("change-slots")).to_contain_text("the default")
    admin.page.reload()
    expect(admin.test_id("config-form-depot")).to_be_visible()


def test_whoever_comes_second_chooses_and_nothing_is_lost(tab: OpenTab) -> None:
    one, two = tab("admin@acme.test"), tab("root@example.test")
    two.expected.add(409)
    for each in (one, two):
        each.go(FORM)
    one.test_id("field-data").fill("Theirs")
    one.test_id("config-review").click()
    one.test_id("config-confirm").click()
    expect(one.test_id("toast")).to_be_visible()
    two.test_id("field-data").fill("Yours")
    two.test_id("field-fee").fill("11.50")
    two.test_id("config-review").click()
    expect(two.test_id("config-conflict")).to_be_visible()
    expect(two.page.locator("#config-step")).to_be_focused()
    two.check_accessible()
    two.test_id("config-merge").click()
    expect(two.page.locator("#error-pick_data")).to_be_visible()
    two.page.locator("#pick_data-yours").check()
    two.test_id("config-merge").click()
    expect(two.test_id("change-data")).to_contain_text("Theirs")
    two.test_id("config-confirm").click()
    expect(two.test_id("toast")).to_be_visible()
    expect(two.test_id("field-fee")).to_have_value("11.50")


def test_everything_works_without_scripts_on_a_phone(tab: OpenTab) -> None:
    admin = tab(java_script_enabled=False, viewport={"width": 360, "height": 800})
    admin.log_in("admin@acme.test")
    admin.expected.add(422)
    admin.go(FORM)
    admin.test_id("field-slots").fill("999")
    admin.test_id("config-review").click()
    expect(admin.page.locator("#error-slots")).to_be_visible()
    admin.test_id("field-slots").fill("33")
    admin.test_id("field-tags").fill("one\ntwo")
    admin.test_id("config-review").click()
    expect(admin.test_id("change-tags")).to_contain_text("one")
    admin.test_id("config-confirm").click()
    expect(admin.test_id("field-slots")).to_have_value("33")
    admin.go("/admin/acme/modules/depot/history")
    admin.page.locator("[id^=restore-]").first.click()
    expect(admin.test_id("config-restore")).to_be_visible()
    admin.test_id("config-confirm").click()
    expect(admin.test_id("toast")).to_contain_text("Saved as revision")
