"""The style guide in a browser: it exists in development, in both themes at once, and its dialog opens."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from console.domain.words import Role
from tests.browser.conftest import OpenTab
from tests.browser.served import Served, serve


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A console in development, with nothing on it."""
    folder: Path = tmp_path_factory.mktemp("served")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FLASK_DEBUG", "1")
        with serve(folder / "data", WORKERS="1", RUNNERS="1") as found:
            found.person("root@example.test", Role.INSTANCE_ADMIN)
            yield found


@pytest.mark.parametrize("width", [360, 1440])
def test_the_style_guide_is_accessible_in_both_themes_and_fits(tab: OpenTab, width: int) -> None:
    root = tab("root@example.test", viewport={"width": width, "height": 900})
    root.go("/instance/styleguide")
    root.check_accessible(serious_only=True)
    root.check_fits()
    light, dark = (root.test_id(f"pane-text-{theme}") for theme in ("light", "dark"))
    colours = [each.evaluate("element => getComputedStyle(element).backgroundColor") for each in (light, dark)]
    assert colours == ["rgb(247, 247, 248)", "rgb(12, 13, 16)"]
    root.test_id("styleguide-dialog").click()
    expect(root.page.locator("dialog").get_by_test_id("plan")).to_be_visible()
    root.page.keyboard.press("Escape")
    expect(root.test_id("styleguide-dialog")).to_be_focused()
