"""What the sweep collects and judges, on made-up pages: it finds what is there, and it can fail."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page
from werkzeug.routing import Map, Rule

from tests.browser.sweep.controls import controls
from tests.browser.sweep.looks import LOOKS, faults, inaccessible
from tests.browser.sweep.testids import DISPLAYS, ELSEWHERE, left_over, pattern_of, patterns, written

BROWSER_TESTS = Path(__file__).parents[1]
SOUND = """<!doctype html><html lang="en"><title>Modules · Console</title><body style="background: rgb(247, 247, 248)">
<main id="main"><h1>Modules</h1>
<form action="/modules/orders/enable" method="post"><label for="note">Note</label><input id="note" data-testid="note">
<button data-testid="toggle-orders">Enable</button></form>
<table><tr data-testid="row-orders"><td><a href="/modules/orders" data-testid="open-orders">Orders</a></td></tr></table>
</main>"""


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    with chromium.new_page(viewport={"width": 360, "height": 900}) as found:
        yield found


def test_a_sound_page_has_no_fault(page: Page) -> None:
    page.set_content(SOUND)
    assert list(faults(page, LOOKS[0])) == []


@pytest.mark.parametrize(
    ("sound", "broken", "said"),
    [
        ('<label for="note">Note</label>', "", "label"),
        ("<h1>", '<h1 style="color: rgb(200, 200, 200)">', "color-contrast"),
        ("<h1>", '<h1 style="width: 500px">', "wide"),
        ("<h1>Modules</h1>", "", "headings"),
        ('lang="en"', 'lang="fr"', "language"),
        (" · ", " ", "titled"),
    ],
)
def test_a_page_with_a_fault_is_named_with_it(page: Page, sound: str, broken: str, said: str) -> None:
    page.set_content(SOUND.replace(sound, broken))
    assert said in " ".join(faults(page, LOOKS[0]))


def test_axe_sees_a_missing_label_where_scripts_are_off(chromium: Browser) -> None:
    look = next(each for each in LOOKS if not each.scripts)
    with chromium.new_page(java_script_enabled=False) as page:
        page.set_content(SOUND.replace('<label for="note">Note</label>', ""))
        assert "label" in " ".join(inaccessible(page, look))


def test_controls_are_known_by_the_pattern_of_their_test_id(page: Page) -> None:
    urls = Map([Rule("/modules/<code>/enable", endpoint="enable", methods=["POST"]), Rule("/modules/<code>")])
    page.goto("data:text/html,")
    page.set_content(
        SOUND.replace('action="/', 'action="http://localhost/').replace('href="/', 'href="http://localhost/')
    )
    found = {each.key for each in controls(page, urls, {"toggle-*", "open-*", "note", "row-*"})}
    assert found == {"submit toggle-* enable", "link open-*", "field note"}


def test_patterns_are_read_from_templates() -> None:
    text = (
        '<tr data-testid="row-{{ row.code }}"><a data-testid="open"></a>{% call confirm("cut-" ~ row.id, _("Cut")) %}'
    )
    assert patterns([text]) == {"row-*", "open", "cut-*"}
    assert pattern_of("row-up-1", {"row-*", "row-up-*", "other"}) == "row-up-*"
    assert pattern_of("unknown", {"row-*"}) == "unknown"


def test_a_control_that_nobody_touched_is_named() -> None:
    assert left_over({"toggle-*", "made-up", "toast"}, {"toggle-*"}) == ["made-up"]


def test_the_tables_of_test_ids_name_what_is_there() -> None:
    assert (DISPLAYS | ELSEWHERE.keys()) - written() == set()
    assert DISPLAYS & ELSEWHERE.keys() == set()
    for pattern, name in ELSEWHERE.items():
        assert pattern.rstrip("*") in (BROWSER_TESTS / name).read_text(), (pattern, name)
