"""The template lint: each rule on a line that breaks it, and all rules on every template of the house."""

from __future__ import annotations

import pytest

from tests.house.sources import name_of, templates
from tests.house.template_lint import lint

GOOD = """
{% from "macros/icons.html" import icon %}
<form method="post" action="{{ url_for("x") }}" hx-post="{{ url_for("x") }}" hx-target="#row" hx-swap="outerHTML">
  {# a comment with words #}
  <button role="switch" aria-label="{{ _("Switch %(name)s", name=m.name) }}" aria-checked="true">{{ _("On") }}</button>
  {% trans count=n %}One module{% pluralize %}{{ count }} modules{% endtrans %}
  <code{{ " class=x" if y }}>module-console modules list</code> <span translate="no" title="x">orders</span> · 3/7
</form>
<a href="{{ url_for("y") }}" hx-get="{{ url_for("y") }}" hx-target="#main" hx-swap="innerHTML">{{ icon("x") }}</a>
<div id="row-1" hx-get="{{ url }}" hx-trigger="every 1s" hx-target="this" hx-swap="outerHTML"></div>
"""


def test_a_template_as_it_should_be_has_no_finding() -> None:
    assert lint(GOOD) == []


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ('<p style="color: red"></p>', "inline style"),
        ("<style>p { color: red }</style>", "inline style"),
        ("<script>alert(1)</script>", "inline script"),
        ('<button onclick="x()"></button>', "inline handler"),
        ('<a href="javascript:x()"></a>', "script in an attribute"),
        ('<div hx-vals="js:{a: 1}"></div>', "script in an attribute"),
        ('<body hx-boost="true"></body>', "hx-boost"),
        ('<div hx-on:click="x()"></div>', "hx-on"),
        ('<div hx-get="/x" hx-trigger="load[a]" hx-target="this" hx-swap="none"></div>', "no filter"),
        ('<a href="/x" hx-get="/x" hx-swap="none"></a>', "hx-target"),
        ('<a href="/x" hx-get="/x" hx-target="this"></a>', "hx-swap"),
        ('<button hx-post="/x" hx-target="this" hx-swap="none"></button>', "a real form"),
        ('<a hx-get="/x" hx-target="this" hx-swap="none"></a>', "a real form"),
        ('<form action="/x"></form>', "its method"),
        ("<p>Plain words</p>", "through _()"),
        ('<img alt="A picture" src="/x">', "through _()"),
        ("{{ text|safe }}", "|safe"),
        ("{% autoescape false %}", "autoescape"),
        ('<script src="https://cdn.example/x.js"></script>', "from elsewhere"),
    ],
)
def test_each_rule_finds_its_line(line: str, text: str) -> None:
    found = lint(f"<div>\n{line}\n</div>")
    assert [(finding.line, text in finding.text) for finding in found] == [(2, True)]


def test_every_template_keeps_the_rules() -> None:
    found = [
        f"{name_of(path)}:{finding.line} {finding.text}" for path in templates() for finding in lint(path.read_text())
    ]
    assert found == []
