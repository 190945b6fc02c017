"""The style guide shows every macro and every class that there is, and exists in development only."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from jinja2.runtime import Macro

from console.testing.people import Visitor
from tests.house.sources import ROOT

ADDRESS = "/instance/styleguide"
# Frames of pages of their own, and what only the frame around every page has at some width.
FRAMES = {"search", "auth", "auth-card", "wide", "error-frame", "error-page"}
RULES = re.compile(r"/\*.*?\*/|\{[^{}]*\}", re.S)
MACROS = re.compile(r"\{%-?\s*macro (\w+)\(")


@pytest.fixture
def database_kind() -> str:
    """Shows no data."""
    return "sqlite"


@pytest.fixture
def developer(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> Visitor:
    """An instance admin of a console in development."""
    monkeypatch.setenv("FLASK_DEBUG", "1")
    found: Visitor = request.getfixturevalue("root")
    return found


def macros() -> set[str]:
    """File and name of every macro of the console."""
    folder = ROOT / "templates" / "macros"
    return {f"{path.name}:{name}" for path in folder.glob("*.html") for name in MACROS.findall(path.read_text())}


def classes(markup: str) -> set[str]:
    found = re.findall(r'class=(?:"([^"]*)"|([\w-]+))', markup)
    return {name for quoted, bare in found for name in (quoted or bare).split()}


def test_it_is_an_unknown_address_outside_of_development(root: Visitor) -> None:
    unknown = root.client.get("/instance/nothing-here")
    answer = root.client.get(ADDRESS)
    assert (answer.status_code, len(answer.data)) == (404, len(unknown.data))
    assert ADDRESS not in root.client.get("/instance/").get_data(as_text=True)


def test_every_macro_appears(developer: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    called: set[str] = set()
    original = Macro.__call__

    def noted(self: Macro, *args: object, **kwargs: object) -> str:
        called.add(f"{Path(self._func.__code__.co_filename).name}:{self.name}")
        return original(self, *args, **kwargs)

    monkeypatch.setattr(Macro, "__call__", noted)
    assert developer.client.get(ADDRESS).status_code == 200
    missing = macros() - called
    assert not missing, f"show in templates/instance/styleguide: {sorted(missing)}"


def test_every_class_of_the_stylesheet_appears(developer: Visitor) -> None:
    page = developer.client.get(ADDRESS).get_data(as_text=True)
    dialog = developer.client.get(ADDRESS, headers={"HX-Request": "true"}).get_data(as_text=True)
    selectors = RULES.sub("", (ROOT / "static/console.css").read_text())
    missing = set(re.findall(r"\.([a-zA-Z][\w-]*)", selectors)) - classes(page + dialog) - FRAMES
    assert not missing, f"show in templates/instance/styleguide: {sorted(missing)}"


def test_both_themes_stand_beside_each_other_and_no_id_comes_twice(developer: Visitor) -> None:
    page = developer.client.get(ADDRESS).get_data(as_text=True)
    assert page.count('data-theme="light"') == page.count('data-theme="dark"') > 5
    ids = re.findall(r'\sid="([^"]+)"', page)
    assert sorted({name for name in ids if ids.count(name) > 1}) == []


def test_forms_of_specimens_do_nothing(developer: Visitor) -> None:
    answer = developer.client.post(ADDRESS, data={"csrf_token": developer.csrf})
    assert (answer.status_code, answer.headers["Location"]) == (303, ADDRESS)
