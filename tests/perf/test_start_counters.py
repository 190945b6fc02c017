"""What a start of the console does not do yet."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask, url_for
from werkzeug.routing import Rule

from console.web.links import LateRule


@pytest.fixture
def database_kind() -> str:
    """Addresses come from no database."""
    return "sqlite"


def test_an_address_is_compiled_when_it_is_built_first(
    make_app: Callable[..., Flask], monkeypatch: pytest.MonkeyPatch
) -> None:
    compiled: list[str] = []
    original = Rule._compile_builder

    def noted(self: Rule, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        if isinstance(self, LateRule):
            compiled.append(self.endpoint)
        return original(self, append_unknown)

    monkeypatch.setattr(Rule, "_compile_builder", noted)
    app = make_app()
    assert sum(isinstance(rule, LateRule) for rule in app.url_map.iter_rules()) > 200
    assert compiled == []
    with app.test_request_context("/"):
        for page in (2, 3):
            assert url_for("instance.audit", page=page).endswith(f"audit?page={page}")
    assert compiled == ["instance.audit"]
