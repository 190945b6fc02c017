"""A WTForms form for a sheet: pydantic judges, WTForms renders, and the person gets back exactly what was typed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, cast

from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, EmailField, Field, PasswordField, SelectField, StringField, TextAreaField, URLField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than the stubs
from wtforms.form import BaseForm
from wtforms.widgets import DateInput, DateTimeLocalInput, NumberInput, TimeInput

from console.web.forms.inputs import Choice, Input, InputKind, leaves
from console.web.forms.shown import Sheet, Text, marker_of, texts_of

if TYPE_CHECKING:
    from wtforms.fields.core import UnboundField


def config_form(sheet: Sheet, typed: MultiDict[str, str] | None = None) -> BaseForm:
    """The form of ``sheet`` with its values in it, or with what somebody typed and must correct.

    Secrets never reach the page.
    """
    texts = texts_of(sheet)
    inputs = leaves(sheet.inputs)
    if typed is not None:
        texts.update((each.name, _typed(each, typed, texts[each.name])) for each in inputs)
    form = BaseForm([(each.name, cast("UnboundField[Field]", _field(each, texts[each.name]))) for each in inputs])
    form.process(data=texts)
    return form


def _typed(each: Input, typed: MultiDict[str, str], before: Text) -> Text:
    if each.kind is InputKind.SWITCH and marker_of(each.name) in typed:
        return each.name in typed
    return "" if each.kind is InputKind.SECRET else typed.get(each.name, before)


class NumberText(StringField):
    """A number input over text."""

    widget = NumberInput()


class DateText(StringField):
    """A date input over text."""

    widget = DateInput()


class TimeText(StringField):
    """A time input over text."""

    widget = TimeInput()


class MomentText(StringField):
    """A date and time input over text."""

    widget = DateTimeLocalInput()


_TEXT_FIELDS: Mapping[InputKind, type[StringField]] = {
    InputKind.INTEGER: NumberText,
    InputKind.NUMBER: NumberText,
    InputKind.DATE: DateText,
    InputKind.TIME: TimeText,
    InputKind.DATETIME: MomentText,
    InputKind.URL: URLField,
    InputKind.EMAIL: EmailField,
    InputKind.SECRET: PasswordField,
    InputKind.LINES: TextAreaField,
    InputKind.LONG_TEXT: TextAreaField,
    InputKind.JSON: TextAreaField,
}
_LOOKS: Mapping[InputKind, Mapping[str, str]] = {
    InputKind.INTEGER: {"inputmode": "numeric"},
    InputKind.NUMBER: {"inputmode": "decimal"},
    InputKind.SECRET: {"autocomplete": "new-password"},
    InputKind.LINES: {"class": "textarea", "rows": "3"},
    InputKind.LONG_TEXT: {"class": "textarea", "rows": "4"},
    InputKind.JSON: {"class": "textarea mono", "rows": "5", "spellcheck": "false"},
}

# A browser empties an input whose text is not what its type allows, and drops newlines from a line of text.
_SPELLED: Mapping[InputKind, re.Pattern[str]] = {
    InputKind.INTEGER: re.compile(r"-?\d+"),
    InputKind.NUMBER: re.compile(r"-?(\d+(\.\d+)?|\.\d+)(e[-+]?\d+)?", re.IGNORECASE),
    InputKind.DATE: re.compile(r"\d{4}-\d\d-\d\d"),
    InputKind.TIME: re.compile(r"\d\d:\d\d(:\d\d(\.\d{1,3})?)?"),
    InputKind.DATETIME: re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,3})?)?"),
    InputKind.TEXT: re.compile(r"[^\r\n]*"),
}


def fitting(kind: InputKind, text: Text) -> InputKind:
    """The kind of input that shows ``text`` as it is: the one that was meant, or one of plain text."""
    spelled = _SPELLED.get(kind)
    if not text or isinstance(text, bool) or spelled is None or spelled.fullmatch(text):
        return kind
    return InputKind.LONG_TEXT if "\n" in text or "\r" in text else InputKind.TEXT


def _field(each: Input, text: Text) -> Field:
    if each.kind is InputKind.SWITCH and isinstance(text, bool):
        return BooleanField(each.label, render_kw={"class": "check-switch", "role": "switch"})
    if each.kind in (InputKind.CHOICE, InputKind.SWITCH):  # a switch whose stored value is neither on nor off
        return SelectField(each.label, choices=_options(each, str(text)), render_kw={"class": "select"})
    kind = InputKind.LONG_TEXT if each.kind is InputKind.SECRET and each.multiline else fitting(each.kind, text)
    looks = {"class": "input", **(each.attributes if kind is each.kind else {}), **_LOOKS.get(kind, {})}
    return _TEXT_FIELDS.get(kind, StringField)(each.label, render_kw=looks)


ON_OFF = (Choice(True, "true", ""), Choice(False, "false", ""))


def _options(each: Input, chosen: str) -> list[SelectChoice]:
    """The options; an empty one where nothing is a value or nothing is set, and what is set but no longer offered."""
    known = [(choice.text, choice.label or choice.text) for choice in each.choices or ON_OFF]
    empty = [("", "—")] if (each.optional or not chosen) and "" not in dict(known) else []
    lost = [(chosen, chosen)] if chosen and chosen not in dict(known) else []
    return [SelectChoice(text, label) for text, label in (*empty, *lost, *known)]
