"""Programs can do all that people can: every page that changes something has its twin in the API, or a reason."""

from __future__ import annotations

import pytest
from flask import Flask

from console.blueprint import demands_of
from console.web.csrf import SAFE_METHODS
from tests.web.matrix.table import NEEDS
from tests.web.matrix.twins import NO_TWIN, TWINS

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)


def unsafe(app: Flask) -> set[str]:
    """The console's own endpoints that can change something."""
    return {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if rule.endpoint.count(".") == 1 and (rule.methods or set()) - SAFE_METHODS
    }


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
