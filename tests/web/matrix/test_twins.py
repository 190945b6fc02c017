"""Programs can do and read all that people can: every page has its twin in the API, or a reason."""

from __future__ import annotations

import pytest
from flask import Flask

from console.blueprint import demands_of
from console.web.csrf import SAFE_METHODS
from tests.web.matrix.table import NEEDS
from tests.web.matrix.twins import LOOSER, NO_TWIN, NOT_READ, READS, TWINS

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)


def unsafe(app: Flask) -> set[str]:
    """Every endpoint of console and modules that can change something."""
    return {rule.endpoint for rule in app.url_map.iter_rules() if (rule.methods or set()) - SAFE_METHODS}


def test_every_page_that_changes_something_has_its_twin(app: Flask) -> None:
    pages = {name for name in unsafe(app) if not name.startswith("api")}
    assert pages - TWINS.keys() - NO_TWIN.keys() == set(), "give each of these a row in tests/web/matrix/twins.py"
    assert (TWINS.keys() | NO_TWIN.keys()) - pages == set()
    assert TWINS.keys() & NO_TWIN.keys() == set()


def test_every_address_of_the_api_that_changes_something_is_the_twin_of_a_page(app: Flask) -> None:
    known = {name for names in TWINS.values() for name in names}
    assert known == {name for name in unsafe(app) if name.startswith("api")}


def test_twins_need_the_same_permission_and_the_same_proof(app: Flask) -> None:
    views = app.view_functions
    for page, names in TWINS.items():
        for name in names:
            assert NEEDS[name] == NEEDS[page], (page, name)
            assert demands_of(views[name]).permission == demands_of(views[page]).permission, (page, name)
            assert demands_of(views[name]).proof == demands_of(views[page]).proof, (page, name)
            assert demands_of(views[name]).features == demands_of(views[page]).features, (page, name)


def read(app: Flask) -> set[str]:
    """Every endpoint of console and modules that answers GET."""
    return {rule.endpoint for rule in app.url_map.iter_rules() if "GET" in (rule.methods or set())}


def test_every_page_that_shows_something_has_its_twin(app: Flask) -> None:
    pages = {name for name in read(app) if not name.startswith("api")}
    assert pages - READS.keys() - NOT_READ.keys() == set(), "give each of these a row in tests/web/matrix/twins.py"
    assert (READS.keys() | NOT_READ.keys()) - pages == set()
    assert READS.keys() & NOT_READ.keys() == set()
    told = {name for names in READS.values() for name in names}
    assert told <= {name for name in read(app) if name.startswith("api")}


def test_what_tells_the_same_as_a_page_needs_the_same_permission(app: Flask) -> None:
    apart = {page for page, names in READS.items() if NEEDS[names[0]] != NEEDS[page]}
    assert apart == set(LOOSER)
    for page, names in READS.items():
        demanded = demands_of(app.view_functions[names[0]])
        assert demanded.permission == NEEDS[names[0]], page
        assert demanded.features == demands_of(app.view_functions[page]).features, page
