"""Fixtures of the browser tests: one Chromium and one served console with its demo for the module, quiet tabs."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from console.domain.words import Role
from tests.browser.served import Served, serve
from tests.browser.tabs import Tab, open_tab

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")  # those that `./run test` looks for
CHROMIUM = next((found for name in NAMES if (found := shutil.which(name))), NAMES[0])
ARGUMENTS = ["--no-sandbox", "--disable-quic", "--disable-background-networking", "--no-first-run", "--disable-gpu"]

OpenTab = Callable[..., Tab]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """The machine's Chromium. It ends with the module: until then Playwright's event loop runs in this thread."""
    expect.set_options(timeout=20_000)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A console with the demo's platforms and one person for each kind of page."""
    folder: Path = tmp_path_factory.mktemp("served")
    with serve(folder / "data", DEMO="true", WORKERS="1", RUNNERS="1") as found:
        found.person("root@example.test", Role.INSTANCE_ADMIN)
        found.person("admin@acme.test", Role.PLATFORM_ADMIN, platform="acme")
        found.person("viewer@acme.test", Role.PLATFORM_VIEWER, platform="acme")
        found.person("owner@blue-bottle.test", Role.VENDOR_OWNER, vendor="blue-bottle")
        found.person("owner@gear-lab.test", Role.VENDOR_OWNER, vendor="gear-lab")
        yield found


@pytest.fixture
def tab(chromium: Browser, served: Served) -> Iterator[OpenTab]:
    """Opens tabs; at the end of the test each must have been quiet."""
    opened: list[Tab] = []

    def open_one(email: str | None = None, **options: object) -> Tab:
        found = open_tab(chromium, served, **options)
        opened.append(found)
        return found.log_in(email) if email else found

    yield open_one
    for each in opened:
        each.page.context.close()
    for each in opened:
        each.check_quiet()
