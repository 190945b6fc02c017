"""What a person wrote into a form, checked by a pydantic schema: WTForms renders, pydantic decides."""

from __future__ import annotations

from typing import TypeVar

from flask import request
from pydantic import BaseModel, ValidationError
from werkzeug.exceptions import BadRequest, UnsupportedMediaType
from wtforms import Form

from console.domain.config import reasons
from console.errors import ModuleError
from console.texts import reason_words

M = TypeVar("M", bound=BaseModel)


def read_json(schema: type[M], *, optional: bool = False) -> M:
    """The body of this request as ``schema`` sees it.

    Args:
        optional: No body at all is as good as an empty object.

    Raises:
        ModuleError: ``body_invalid``, 400 when it is not a JSON object, 422 with ``details`` = key → reason when the
            schema rejects it.
    """
    try:
        body = {} if optional and not request.get_data() else request.get_json()
    except (BadRequest, UnsupportedMediaType, RecursionError):  # the last: thousands of brackets in each other
        body = None
    if not isinstance(body, dict):
        raise ModuleError(
            "The body is not a JSON object.", code="body_invalid", hint="Send it with Content-Type: application/json."
        )
    try:
        return schema.model_validate(body)
    except ValidationError as error:
        found = reasons(error)
        text = "; ".join(f"{key}: {reason}" for key, reason in found.items())
        refused = ModuleError(f"The body is not valid: {text}", code="body_invalid", status=422)
        refused.details.update(found)
        raise refused from None


def read_form(form: Form, schema: type[M]) -> M | None:
    """What ``schema`` makes of the form's fields, or None with each reason in the ``errors`` of its field.

    A field that has a ``description`` says in it what it wants; that is the reason then, in the reader's language.
    """
    try:
        sent = {field.name: field.data for field in form if field.name in schema.model_fields}
        return schema.model_validate({name: data for name, data in sent.items() if data is not None})
    except ValidationError as error:
        fields = {field.name: field for field in form}
        for key, reason in reasons(error).items():
            field = fields.get(key.partition(".")[0], next(iter(fields.values())))
            field.errors = (*field.errors, str(field.description) or reason_words(reason))
        return None
