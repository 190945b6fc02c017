"""Hooks that take their time or fail, as the list shows them while nobody reloads it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from console.domain.words import Role
from tests.browser.conftest import OpenTab
from tests.browser.served import Served, serve
from tests.support.bench import HOSTILE
from tests.support.calls import VARIABLE, gate


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A console with misbehaving modules."""
    folder: Path = tmp_path_factory.mktemp("served")
    os.environ[VARIABLE] = str(folder / "calls")
    settings = {"MODULES_PATH": str(HOSTILE / "hooks"), "HOOK_ATTEMPTS": "1", "WORKERS": "1", "RUNNERS": "1"}
    with serve(folder / "data", DEMO="true", **settings) as found:
        found.person("admin@acme.test", Role.PLATFORM_ADMIN, platform="acme")
        yield found
    del os.environ[VARIABLE]


def test_rows_follow_their_hooks_to_the_end_without_a_reload(tab: OpenTab) -> None:
    admin = tab("admin@acme.test")
    admin.go("/admin/acme/modules")
    on = int(admin.test_id("count-on").inner_text().split()[0])
    admin.test_id("toggle-follower").click()
    admin.test_id("plan-confirm").click()
    gated, follower = admin.test_id("module-row-gated"), admin.test_id("module-row-follower")
    expect(gated).to_have_attribute("data-look", "busy")
    expect(follower).to_contain_text("after Gated")
    expect(admin.test_id("count-busy")).to_contain_text("2")
    admin.check_accessible()
    gate().touch()
    expect(gated).to_have_attribute("data-look", "on")
    expect(follower).to_have_attribute("data-look", "on")
    expect(admin.test_id("count-on")).to_contain_text(str(on + 2))
    expect(admin.test_id("count-busy")).to_contain_text("0")


def test_long_work_shows_within_a_second_and_polling_stops_with_it(tab: OpenTab) -> None:
    admin = tab("admin@acme.test")
    admin.go("/admin/acme/modules")
    row = admin.test_id("module-row-slow")
    admin.test_id("toggle-slow").click()
    expect(row.get_by_role("progressbar")).to_be_visible(timeout=1000)
    expect(row).to_have_attribute("data-look", "on")
    expect(admin.page.locator("[hx-trigger*=every]")).to_have_count(0)
    asked: list[str] = []
    admin.page.on("request", lambda request: asked.append(request.url))
    admin.page.clock.install()
    admin.page.clock.run_for(10_000)
    assert asked == []


def test_a_failure_shows_its_reason_and_is_decided_about_in_the_row(tab: OpenTab) -> None:
    admin = tab("admin@acme.test")
    admin.go("/admin/acme/modules")
    admin.test_id("toggle-raising").click()
    row = admin.test_id("module-row-raising")
    expect(row).to_have_attribute("data-look", "failed")
    expect(row).to_contain_text("no luck today")
    expect(admin.test_id("count-attention")).to_contain_text("1")
    admin.check_accessible()
    row.get_by_role("button", name="Keep").click()
    expect(row).to_have_attribute("data-look", "off")
    assert admin.page.evaluate("document.activeElement.tagName") != "BODY"
    admin.check_accessible()
