"""A module's code is a segment of its addresses, so the console's own segments are no codes."""

from __future__ import annotations

from flask import Flask

from console.domain.definition_rules import RESERVED_CODES

PREFIXES = ("/admin/<platform>/", "/vendor/<vendor>/", "/api/admin/", "/api/vendor/")


def test_every_segment_of_the_console_is_reserved(console_app: Flask) -> None:
    modules = set(console_app.extensions["console"].registry)
    segments = {
        rule.rule.removeprefix(prefix).partition("/")[0]
        for rule in console_app.url_map.iter_rules()
        for prefix in PREFIXES
        if rule.rule.startswith(prefix)
    }
    assert {"modules", "operations", "health"} <= segments
    assert segments - modules - set(RESERVED_CODES) == {""}
