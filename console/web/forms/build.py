"""A WTForms form for the inputs of a schema, filled with what is in force or with what was typed."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import lru_cache

from pydantic import BaseModel, SecretStr
from pydantic_core import to_jsonable_python
from werkzeug.datastructures import MultiDict
from wtforms import (
    BooleanField,
    EmailField,
    Field,
    Form,
    PasswordField,
    SelectField,
    StringField,
    TextAreaField,
    URLField,
)
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than the stubs
from wtforms.widgets import DateInput, NumberInput

from console.web.forms.inputs import Input, InputKind, inputs_of


def config_form(
    schema: type[BaseModel], values: Mapping[str, object], typed: MultiDict[str, str] | None = None
) -> Form:
    """The form of ``schema`` with ``values`` in it, or with what somebody typed and must correct.

    Args:
        schema: The module's configuration schema.
        values: Key → value in force. Secrets never reach the page.
        typed: The posted form.
    """
    return _form_class(schema)(formdata=typed, data=dict(texts_of(inputs_of(schema), values)))


def texts_of(inputs: tuple[Input, ...], values: Mapping[str, object]) -> Iterator[tuple[str, object]]:
    """Form name → what the input holds for the values in force."""
    for each in inputs:
        value = values.get(each.key)
        if each.kind is InputKind.GROUP:
            plain = to_jsonable_python(value)
            yield from texts_of(each.children, plain if isinstance(plain, dict) else {})
        else:
            yield each.name, text_of(each, value)


def text_of(each: Input, value: object) -> object:
    """What the input shows for ``value``: a bool for a switch, else text; nothing for a secret."""
    if each.kind is InputKind.SECRET or isinstance(value, SecretStr):
        return ""
    plain = to_jsonable_python(value)
    if each.kind is InputKind.SWITCH:
        return bool(plain)
    if plain is None:
        return ""
    if each.kind is InputKind.JSON:
        return json.dumps(plain, indent=2, ensure_ascii=False)
    if each.kind is InputKind.LINES and isinstance(plain, list):
        return "\n".join(str(item) for item in plain)
    return str(plain)


@lru_cache(maxsize=512)
def _form_class(schema: type[BaseModel]) -> type[Form]:
    return type(f"{schema.__name__}Form", (Form,), dict(_fields(inputs_of(schema))))


def _fields(inputs: tuple[Input, ...]) -> Iterator[tuple[str, Field]]:
    for each in inputs:
        if each.kind is InputKind.GROUP:
            yield from _fields(each.children)
        else:
            yield each.name, _field(each)


class NumberText(StringField):
    """A number input over text: pydantic judges it and the person gets back exactly what was typed."""

    widget = NumberInput()


class DateText(StringField):
    """A date input over text, for the same reason."""

    widget = DateInput()


_TEXT_FIELDS: Mapping[InputKind, type[StringField]] = {
    InputKind.INTEGER: NumberText,
    InputKind.NUMBER: NumberText,
    InputKind.DATE: DateText,
    InputKind.URL: URLField,
    InputKind.EMAIL: EmailField,
    InputKind.SECRET: PasswordField,
    InputKind.LINES: TextAreaField,
    InputKind.LONG_TEXT: TextAreaField,
    InputKind.JSON: TextAreaField,
}
_LOOKS: Mapping[InputKind, Mapping[str, str]] = {
    InputKind.SECRET: {"autocomplete": "new-password"},
    InputKind.LINES: {"class": "textarea", "rows": "3"},
    InputKind.LONG_TEXT: {"class": "textarea", "rows": "4"},
    InputKind.JSON: {"class": "textarea mono", "rows": "5", "spellcheck": "false"},
}


def _field(each: Input) -> Field:
    if each.kind is InputKind.SWITCH:
        return BooleanField(each.label, render_kw={"class": "check-switch", "role": "switch"})
    if each.kind is InputKind.CHOICE:
        return SelectField(each.label, choices=_options(each), render_kw={"class": "select"})
    field_class = _TEXT_FIELDS.get(each.kind, StringField)
    return field_class(each.label, render_kw={"class": "input", **each.attributes, **_LOOKS.get(each.kind, {})})


def _options(each: Input) -> list[SelectChoice]:
    options = [SelectChoice(str(choice), str(choice)) for choice in each.choices]
    return [SelectChoice("", "—"), *options] if each.optional else options
