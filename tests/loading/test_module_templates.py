"""Template names of modules: its own inside, under its code outside, and the console's stay the console's."""

from __future__ import annotations

import pytest
from flask import render_template
from jinja2 import TemplateNotFound

from tests.loading.conftest import Load, Write
from tests.loading.test_quarantine import definition

PAGE = "{% include 'admin/_part.html' %} of {{ who }}"


def test_equal_names_of_two_modules_never_meet(write_module: Write, load_all: Load) -> None:
    for label in ("t_one", "t_two"):
        files = {"templates/admin/page.html": PAGE, "templates/admin/_part.html": f"part {label}"}
        write_module(label, definition(label.replace("_", "-")), files)
    app, _ = load_all()
    with app.test_request_context():
        found = [render_template(f"{code}/admin/page.html", who=code) for code in ("t-one", "t-two")]
        inside = [render_template(f"@{code}/admin/page.html", who=code) for code in ("t-one", "t-two")]
    assert inside == ["part t_one of t-one", "part t_two of t-two"]
    assert found == inside


def test_the_consoles_layouts_cannot_be_replaced_by_a_module(write_module: Write, load_all: Load) -> None:
    files = {
        "templates/layouts/base.html": "replaced",
        "templates/errors/not_found.html": "replaced",
        "templates/admin/page.html": "{% extends 'layouts/base.html' %}",
    }
    write_module("t_layout", definition("t-layout"), files)
    app, _ = load_all()
    own = app.jinja_env.get_template("layouts/base.html").filename
    with app.test_request_context():
        assert app.jinja_env.get_template("@t-layout/admin/page.html") is not None
        name = app.jinja_env.join_path("layouts/base.html", "@t-layout/admin/page.html")
    assert name == "layouts/base.html"
    assert own is not None
    assert "t_layout" not in own


def test_a_name_cannot_leave_the_modules_folder(write_module: Write, load_all: Load) -> None:
    write_module("t_out", definition("t-out"), {"templates/admin/page.html": "in"})
    app, _ = load_all()
    for name in ("@t-out/../definition.py", "t-out/../../data/console.toml", "@t-other/admin/page.html"):
        assert name not in app.jinja_env.list_templates()
        with pytest.raises(TemplateNotFound):
            app.jinja_env.get_template(name)
