"""What the module list weighs with forty modules, and what it asks of the database: numbers without noise."""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from console.domain.words import Role
from console.paths import data_folder
from console.testing.journeys import make_platform, make_vendor, switch
from console.testing.people import Visitor, log_in
from tests.perf.forty import write_modules
from tests.perf.test_storage_counters import statements_of

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)

LIST = "/admin/acme/modules"
FORTY = 40
BUILT_IN = 7
PAGE_BYTES = 60_000
FIRST_LOAD_BYTES = 150_000
FETCHED = re.compile(r'(?:src|href)="(/static/[^"#]+)["#]')
FONTS = ("inter-latin-wght-normal", "jetbrains-mono-latin-wght-normal")  # what English and French pages use


def console(make_app: Callable[..., Flask], folders: list[Path]) -> tuple[Flask, Visitor]:
    """A platform on which two modules of three are on, and its admin."""
    app = make_app(modules_path=folders)
    acme = make_platform(app, "acme", "Acme Market")
    make_vendor(app, acme, "blue", "Blue Bottle")
    for code in ["analytics", "orders", *(f"module-{number:02}" for number in range(0, FORTY - BUILT_IN, 2))]:
        if code in app.extensions["console"].registry:
            switch(app, acme.id, code, on=True)
    return app, log_in(app, Role.PLATFORM_ADMIN, platform=acme)


@pytest.fixture
def crowded(make_app: Callable[..., Flask], tmp_path: Path) -> tuple[Flask, Visitor]:
    """Forty modules, as an operator with many has them."""
    write_modules(tmp_path / "modules", FORTY - BUILT_IN)
    return console(make_app, [tmp_path / "modules"])


def test_the_list_of_forty_modules_stays_light(crowded: tuple[Flask, Visitor]) -> None:
    app, admin = crowded
    page = admin.get(LIST)
    assert page.text.count('data-testid="module-row-') == FORTY
    assert len(page.data) <= PAGE_BYTES
    asked = set(FETCHED.findall(page.text))
    css = (data_folder("static") / "console.css").read_text()
    asked |= {f"/static/fonts/{name}.woff2" for name in FONTS if f"fonts/{name}.woff2" in css}
    sizes = {url: _sent(app, url) for url in asked}
    assert len(sizes) == 6 + len(FONTS)  # stylesheet, htmx, its policy, page script, icons, the tab's icon
    assert sum(sizes.values()) + len(gzip.compress(page.data)) <= FIRST_LOAD_BYTES, sizes


def _sent(app: Flask, url: str) -> int:
    with app.test_client().get(url, headers={"Accept-Encoding": "gzip, br"}) as answer:
        assert answer.status_code == 200, url
        return len(answer.data)


def test_the_list_asks_no_more_when_there_are_more_modules(
    crowded: tuple[Flask, Visitor], make_app: Callable[..., Flask], tmp_path: Path
) -> None:
    write_modules(tmp_path / "others", 3, first=90)
    more = make_app(modules_path=[tmp_path / "modules", tmp_path / "others"])
    grown = Visitor(more.test_client(), crowded[1].csrf, crowded[1].user_id)
    grown.client.set_cookie("console", crowded[1].client.get_cookie("console").value)  # type: ignore[union-attr]  # it is logged in
    asked = statements_of(*crowded, LIST)
    assert statements_of(more, grown, LIST) == asked
    assert asked <= 12


def test_a_bulk_plan_counts_its_records_in_one_statement(crowded: tuple[Flask, Visitor]) -> None:
    app, admin = crowded
    one = statements_of(app, admin, f"{LIST}/analytics/disable")
    assert statements_of(app, admin, "/admin/acme/operations/plan?off=analytics&off=orders&off=payments") == one
