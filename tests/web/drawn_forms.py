"""Forms of made-up schemas: a nested model with values for it, what a browser posts, and writing into inputs."""

from __future__ import annotations

from datetime import UTC

from flask import Flask
from hypothesis import HealthCheck, assume, settings
from hypothesis import strategies as st
from pydantic import BaseModel, SecretStr
from werkzeug.datastructures import MultiDict

from console.domain.config_schema import schema_of
from console.web.admin.config_desk import Desk
from console.web.admin.config_hints import View
from console.web.admin.config_lines import sections
from console.web.forms import Input, InputKind, Sheet, config_form, text_of
from console.web.forms.shown import fits_on_lines, json_marker_of, marker_of
from tests.web.browserless import posted_by


class Inner(BaseModel):
    size: int = 3
    name: str = "inner"
    on: bool = False
    tags: list[str] = []


LETTERS = st.characters(exclude_categories=["Cs"], exclude_characters="\0\r")
TEXTS = st.one_of(
    st.text(LETTERS), st.sampled_from(["<script>alert(1)</script>", '" onx="', "  ", "\n", "é\n\n", "[1]"])
)
INNERS = st.builds(Inner, size=st.integers(), name=TEXTS, on=st.booleans(), tags=st.lists(TEXTS, max_size=3))
QUICK = settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def sheet_of(desk: Desk) -> Sheet:
    return Sheet(schema_of(desk.definition), desk.inputs, desk.effective.values, UTC)


def untouched(app: Flask, desk: Desk) -> MultiDict[str, str]:
    """What a browser posts of the form as the page has it."""
    macro = app.jinja_env.get_template("macros/config.html").module.input  # type: ignore[attr-defined]
    form = config_form(sheet_of(desk))
    lines = [line for section in sections(View(desk, {}, None, may_save=False)) for line in section.lines]
    return posted_by("".join(str(macro(line, form)) for line in lines))


def write(posted: MultiDict[str, str], each: Input, value: object) -> None:
    """Write a value into its input as a person would; what cannot be written there is another test's."""
    if isinstance(value, SecretStr):
        assume(bool(value.get_secret_value().strip("\r\n")))
        posted[each.name] = value.get_secret_value()
        return
    assume(each.kind is not InputKind.SECRET)
    text = text_of(each, value)
    if each.kind is InputKind.SWITCH:
        assert marker_of(each.name) in posted
        posted.pop(each.name, None)
        if text:
            posted[each.name] = "y"
    elif each.kind is InputKind.LINES and json_marker_of(each.name) in posted:
        posted[each.name] = text_of(Input(each.key, each.name, InputKind.JSON, ""), value)  # type: ignore[assignment]
    else:
        assume(each.kind is not InputKind.LINES or fits_on_lines(value))
        posted[each.name] = "null" if value is None and not each.optional else str(text)
