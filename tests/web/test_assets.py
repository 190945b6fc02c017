"""What the pages are dressed in: sizes, pinned files, licences, icons that exist, nothing from elsewhere."""

from __future__ import annotations

import gzip
import hashlib
import re
from pathlib import Path

import pytest
from flask import Flask

from console.paths import data_folder

STATIC = data_folder("static")
TEMPLATES = data_folder("templates")
SYMBOL = re.compile(r'<symbol id="([a-z0-9-]+)"')
USED_ICON = re.compile(r"""icon\(\s*["']([a-z0-9-]+)["']""")
MODULE_ICON = re.compile(r"""icon="([a-z0-9-]+)\"""")


@pytest.fixture
def database_kind() -> str:
    """Files."""
    return "sqlite"


def symbols() -> set[str]:
    return set(SYMBOL.findall((STATIC / "icons.svg").read_text()))


def test_the_stylesheet_stays_small() -> None:
    assert (STATIC / "console.css").stat().st_size < 40_000


def test_vendored_files_are_those_that_were_pinned() -> None:
    lines = (STATIC / "vendor" / "SHA256SUMS").read_text().splitlines()
    pinned = {name: digest for digest, name in (line.split() for line in lines)}
    found = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in (STATIC / "vendor").glob("*.js")}
    assert found == pinned


def test_the_pinned_htmx_is_the_one_the_templates_are_written_for() -> None:
    assert "4.0.1" in (STATIC / "vendor" / "htmx.min.js").read_text()


def test_every_borrowed_file_has_its_licence_beside_it() -> None:
    for licence in ("vendor/htmx-LICENSE.txt", "fonts/Inter-LICENSE.txt", "fonts/JetBrainsMono-LICENSE.txt"):
        assert (STATIC / licence).stat().st_size > 300
    assert "ISC" in (STATIC / "icons-LICENSE.txt").read_text()


def test_every_icon_that_is_used_is_in_the_sprite() -> None:
    files = [*TEMPLATES.rglob("*.html"), *Path(__file__).parents[2].glob("modules/*/templates/**/*.html")]
    used = {name for path in files for name in USED_ICON.findall(path.read_text())}
    declared = {
        name
        for pattern in ("modules/*/definition.py", "modules/*/menu.py")
        for path in Path(__file__).parents[2].glob(pattern)
        for name in MODULE_ICON.findall(path.read_text())
    }
    assert used | declared <= symbols(), sorted((used | declared) - symbols())


def test_the_page_script_writes_no_markup_and_evaluates_nothing() -> None:
    script = (STATIC / "app.js").read_text() + (STATIC / "trusted.js").read_text()
    for sink in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function"):
        assert sink not in script


def test_the_stylesheet_loads_only_files_that_stand_beside_it() -> None:
    for url in re.findall(r'url\("([^"]+)"\)', (STATIC / "console.css").read_text()):
        assert (STATIC / url).is_file(), url


@pytest.mark.parametrize("name", ["console.css", "app.js", "icons.svg", "vendor/htmx.min.js"])
def test_text_travels_packed_to_browsers_that_take_it(console_app: Flask, name: str) -> None:
    with console_app.app_context():
        url = console_app.jinja_env.globals["asset"](name)  # type: ignore[operator]  # Jinja's globals have no types
    client, content = console_app.test_client(), (STATIC / name).read_bytes()
    with client.get(url, headers={"Accept-Encoding": "gzip, br"}) as packed, client.get(url) as plain:
        assert packed.headers["Content-Encoding"] == "gzip"
        assert gzip.decompress(packed.data) == plain.data == content
        assert int(packed.headers["Content-Length"]) == len(packed.data) < len(content)
        assert "Content-Encoding" not in plain.headers
        assert packed.headers["Vary"] == plain.headers["Vary"] == "Accept-Encoding"
        assert packed.headers["Cache-Control"] == plain.headers["Cache-Control"]
        tag = packed.headers["ETag"]
    with client.head(url, headers={"Accept-Encoding": "gzip"}) as head:
        assert (head.data, head.headers["Content-Encoding"]) == (b"", "gzip")
    with client.get(url, headers={"Accept-Encoding": "gzip", "If-None-Match": tag}) as same:
        assert same.status_code == 304


def test_fonts_travel_as_they_are(console_app: Flask) -> None:
    url = "/static/fonts/inter-latin-wght-normal.woff2"
    with console_app.test_client().get(url, headers={"Accept-Encoding": "gzip"}) as answer:
        assert "Content-Encoding" not in answer.headers
        assert len(answer.data) == (STATIC / "fonts" / "inter-latin-wght-normal.woff2").stat().st_size
