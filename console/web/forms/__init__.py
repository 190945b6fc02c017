"""Forms made from a module's Pydantic schema: pydantic validates, WTForms renders."""

from __future__ import annotations

from console.web.forms.build import config_form
from console.web.forms.inputs import Input, InputKind, inputs_for, inputs_of, leaves, spoken
from console.web.forms.read import Changes, Posted, read_changes
from console.web.forms.shown import Sheet, text_of, texts_of

__all__ = [
    "Changes",
    "Input",
    "InputKind",
    "Posted",
    "Sheet",
    "config_form",
    "inputs_for",
    "inputs_of",
    "leaves",
    "read_changes",
    "spoken",
    "text_of",
    "texts_of",
]
