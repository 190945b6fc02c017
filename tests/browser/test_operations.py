"""Operations that are watched: logs that grow, rows and overviews that follow, polling that ends, and paper."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, TimeoutError, expect

from console.domain.words import Role
from tests.browser.conftest import OpenTab
from tests.browser.served import Served, serve
from tests.browser.tabs import Tab
from tests.support.bench import HOSTILE
from tests.support.calls import VARIABLE, gate

SILENCE_MS = 2_500
"""More than two rounds of what asks each second."""


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A console with misbehaving modules."""
    folder: Path = tmp_path_factory.mktemp("served")
    os.environ[VARIABLE] = str(folder / "calls")
    settings = {"MODULES_PATH": str(HOSTILE / "hooks"), "HOOK_ATTEMPTS": "1", "WORKERS": "1", "RUNNERS": "1"}
    with serve(folder / "data", DEMO="true", **settings) as found:
        found.person("admin@acme.test", Role.PLATFORM_ADMIN, platform="acme")
        found.person("root@example.test", Role.INSTANCE_ADMIN)
        yield found
    del os.environ[VARIABLE]


def start_talking(tab: Tab) -> str:
    """Begins an operation whose hook says something and then waits; the address of its page."""
    tab.go("/admin/acme/modules")
    tab.test_id("toggle-talking").click()
    expect(tab.test_id("module-row-talking")).to_have_attribute("data-look", "busy")
    address = tab.test_id("module-row-talking").get_by_role("link", name="Details").get_attribute("href")
    assert address
    return address


def expect_silence(*pages: Page) -> None:
    """Fails when one of the pages asks for anything more."""
    asked: list[str] = []
    for page in pages:
        page.on("request", lambda request: asked.append(request.url))
    with pytest.raises(TimeoutError), pages[0].expect_request("**/*", timeout=SILENCE_MS):
        pass
    assert asked == []


def test_logs_rows_and_overviews_follow_an_operation_to_its_end(tab: OpenTab) -> None:
    admin, watcher, root = tab("admin@acme.test"), tab("admin@acme.test"), tab("root@example.test")
    address = start_talking(admin)
    watcher.go("/admin/acme/operations?show=open")
    root.go("/instance/")
    row = watcher.page.locator("tbody tr").first
    expect(row).to_contain_text("half way")
    expect(root.test_id("running")).to_contain_text("Enable Talking")
    admin.go(address)
    log = admin.test_id("log-talking")
    expect(log).to_contain_text("asking the gateway with ********")
    expect(log).to_contain_text("half way")
    for each in (admin, watcher, root):
        each.check_accessible()
    log.focus()
    gate().touch()
    expect(log).to_contain_text("Attempt 1 failed RuntimeError: refused: ********")
    expect(log).to_be_focused()
    expect(log).to_contain_text("line 299")
    assert log.evaluate("box => Math.abs(box.scrollTop) < 1")  # the newest line stands in sight
    expect(row).to_have_attribute("data-state", "failed")
    expect(watcher.test_id("tab-failed")).to_contain_text("1")
    expect(watcher.test_id("tab-open")).to_contain_text("0")
    expect(root.test_id("running")).to_contain_text("Nothing runs")
    expect_silence(admin.page, watcher.page, root.page)
    gate().unlink()


def test_an_operation_and_the_audit_are_readable_on_paper(tab: OpenTab) -> None:
    admin = tab("admin@acme.test", color_scheme="dark")
    for path in ("/admin/acme/operations/1", "/admin/acme/audit"):
        admin.go(path)
        admin.page.emulate_media(media="print")
        for hidden in ("#nav", ".top", "form", ".page-head .actions"):
            for each in admin.page.locator(hidden).all():
                expect(each).to_be_hidden()
        expect(admin.page.get_by_role("heading", level=1)).to_be_visible()
        expect(admin.page.locator("time").first).to_be_visible()
        dated = admin.page.locator("time[title]").first.evaluate("each => getComputedStyle(each, '::after').content")
        assert re.search(r"\d{4}", dated), "a time on paper is a date"
        color = admin.page.evaluate("getComputedStyle(document.querySelector('h1')).color")
        assert color == "rgb(22, 23, 27)", "paper is light whatever the screen is"


def test_filters_work_by_keyboard_and_in_the_address(tab: OpenTab) -> None:
    admin = tab("admin@acme.test")
    admin.go("/admin/acme/audit")
    admin.page.keyboard.press("/")
    expect(admin.test_id("filter-q")).to_be_focused()
    admin.page.keyboard.type("blue-bottle")
    admin.page.keyboard.press("Enter")
    expect(admin.page).to_have_url(re.compile("q=blue-bottle"))
    expect(admin.page.locator(".feed li").first).to_contain_text("blue-bottle")
    with admin.page.expect_download() as download:
        admin.test_id("export-csv").click()
    text = Path(download.value.path()).read_text()
    assert download.value.suggested_filename.endswith(".csv")
    assert "blue-bottle" in text
    assert "petal" not in text
    admin.test_id("filter-clear").click()
    expect(admin.page.locator(".feed")).to_contain_text("petal")
