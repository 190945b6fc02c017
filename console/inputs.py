"""What a person wrote into a form, checked by a pydantic schema: WTForms renders, pydantic decides."""

from __future__ import annotations

from typing import TypeVar

from pydantic import BaseModel, ValidationError
from wtforms import Form

from console.domain.reasons import reasons

M = TypeVar("M", bound=BaseModel)


def read_form(form: Form, schema: type[M]) -> M | None:
    """What ``schema`` makes of the form's fields, or None with each reason in the ``errors`` of its field.

    A field that has a ``description`` says in it what it wants; that is the reason then, in the reader's language.
    """
    try:
        return schema.model_validate({field.name: field.data for field in form if field.name in schema.model_fields})
    except ValidationError as error:
        fields = {field.name: field for field in form}
        for key, reason in reasons(error).items():
            field = fields.get(key.partition(".")[0], next(iter(fields.values())))
            field.errors = (*field.errors, str(field.description) or reason)
        return None
