"""The dependency graph of forty modules, and the danger zone, in a real browser."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from console.domain.words import Role
from tests.browser.conftest import OpenTab
from tests.browser.served import Served, serve

GRAPH = "/admin/acme/modules/-/graph"
PURGE = "/admin/acme/modules/payments/purge"
DEFINITION = """from console.sdk import ModuleDefinition

module = ModuleDefinition(code="{code}", name="{name}", requires={requires})
"""


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The demo with thirty-three further modules, each of which requires up to three earlier ones."""
    folder: Path = tmp_path_factory.mktemp("served")
    codes = [f"part{number:02}" for number in range(33)]
    for at, code in enumerate(codes):
        home = folder / "modules" / code
        home.mkdir(parents=True)
        requires = sorted({codes[at // 2], codes[at // 3], codes[(at * 7) % at]} - {code}) if at else []
        text = DEFINITION.format(code=code, name=f"Part number {at}", requires=requires)
        (home / "definition.py").write_text(text)
        (home / "__init__.py").touch()
    settings = {"MODULES_PATH": str(folder / "modules"), "WORKERS": "1", "RUNNERS": "1"}
    with serve(folder / "data", DEMO="true", **settings) as found:
        found.person("admin@acme.test", Role.PLATFORM_ADMIN, platform="acme")
        yield found


def test_forty_modules_are_seen_without_panning(tab: OpenTab) -> None:
    admin = tab("admin@acme.test", viewport={"width": 1440, "height": 900})
    admin.go(GRAPH)
    box = admin.test_id("graph")
    assert admin.page.locator("svg a.node").count() == 40
    assert box.evaluate("each => each.scrollWidth <= each.clientWidth")
    outside = box.evaluate(
        """each => [...each.querySelectorAll("text")].filter(text => {
            const inner = text.getBoundingClientRect();
            const outer = (text.parentElement.querySelector("rect") ?? each).getBoundingClientRect();
            return inner.right > outer.right || inner.left < outer.left;
        }).map(text => text.textContent)"""
    )
    assert outside == []
    admin.check_accessible()


def test_a_box_is_a_link_that_the_keyboard_reaches(tab: OpenTab) -> None:
    admin = tab("admin@acme.test")
    admin.go(GRAPH)
    node = admin.test_id("node-payments")
    node.focus()
    expect(node.locator("rect")).to_have_css("stroke-width", "3px")
    admin.page.keyboard.press("Enter")
    admin.page.wait_for_url("**/modules/payments")


def test_on_a_phone_the_picture_scrolls_inside_its_frame(tab: OpenTab) -> None:
    phone = tab("admin@acme.test", viewport={"width": 360, "height": 740})
    phone.go(GRAPH)
    box = phone.test_id("graph")
    assert box.evaluate("each => each.scrollWidth > each.clientWidth")
    assert phone.page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_what_a_module_kept_is_exported_and_deleted(tab: OpenTab, served: Served, *, scripts: bool) -> None:
    for on in (True, False):
        served.switch("acme", "payments", on=on)
    admin = tab("admin@acme.test", java_script_enabled=scripts)
    admin.go(PURGE)
    with admin.page.expect_download() as download:
        admin.test_id("purge-export").click()
    exported = json.loads(Path(download.value.path()).read_text())
    assert exported["tables"]["payments_gateways"]
    admin.expected.add(422)
    admin.test_id("field-confirm").fill("acme/orders")
    admin.test_id("purge-confirm").click()
    expect(admin.page.get_by_text("This is not the name.")).to_be_visible()
    if scripts:
        admin.check_accessible()
    admin.test_id("field-confirm").fill("acme/payments")
    admin.page.keyboard.press("Enter")
    expect(admin.test_id("toast")).to_contain_text("is deleted")
    expect(admin.test_id("purge-form")).to_have_count(0)
