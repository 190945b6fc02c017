"""Forms made from a module's Pydantic schema: pydantic validates, WTForms renders."""

from __future__ import annotations

from console.web.forms.build import config_form
from console.web.forms.inputs import Input, InputKind, inputs_of
from console.web.forms.models import model_of
from console.web.forms.read import Changes, read_changes

__all__ = ["Changes", "Input", "InputKind", "config_form", "inputs_of", "model_of", "read_changes"]
