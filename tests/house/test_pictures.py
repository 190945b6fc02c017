"""The pictures of the documents: one of every page, in every look, on a page that a script writes."""

from __future__ import annotations

from pathlib import Path

from flask import Flask
from werkzeug.routing import Rule

from console import create_app
from console.settings import load_settings
from tests.browser.pictures import NOT_PAGES, PICTURES
from tests.browser.screenshots import IMAGES, PAGE, document

MOST_BYTES = 7_500_000
MACHINES = ("static", "api")


def pages(app: Flask) -> set[str]:
    """The endpoints that answer a browser with a page."""
    rules: list[Rule] = [rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or set())]
    return {rule.endpoint for rule in rules if not rule.endpoint.startswith(MACHINES)} - set(NOT_PAGES)


def test_every_page_of_the_address_map_has_a_picture(tmp_path: Path) -> None:
    app = create_app(load_settings({"data_dir": tmp_path}, {}))
    shown = {picture.endpoint for picture in PICTURES if picture.endpoint}
    assert pages(app) == shown


def test_every_picture_is_there_in_every_look_and_no_other() -> None:
    named = {file for picture in PICTURES for file in picture.files}
    assert {path.name for path in IMAGES.iterdir()} == named


def test_all_pictures_together_stay_small() -> None:
    assert sum(path.stat().st_size for path in IMAGES.iterdir()) <= MOST_BYTES


def test_the_page_that_shows_them_is_as_it_would_be_written_anew() -> None:
    assert PAGE.read_text() == document()
