"""Why a value was refused, in words of our own: pydantic's texts are not for people, and may repeat the input."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from pydantic import ValidationError
from pydantic_core import ErrorDetails

WHOLE = "*"  # key of a reason that is about several values at once
Context = Mapping[str, object]

TEXTS: Mapping[str, str | Callable[[Context], str]] = {
    "missing": "a value is needed",
    "extra_forbidden": "there is no such key",
    "none_required": "leave it empty",
    "string_type": "write text",
    "string_too_short": lambda c: f"at least {c['min_length']} characters",
    "string_too_long": lambda c: f"at most {c['max_length']} characters",
    "string_pattern_mismatch": lambda c: f"it must match the pattern {c['pattern']}",
    "int_type": "write a whole number",
    "int_parsing": "write a whole number",
    "int_from_float": "write a whole number",
    "float_type": "write a number",
    "float_parsing": "write a number",
    "finite_number": "write a finite number",
    "decimal_type": "write a number",
    "decimal_parsing": "write a number",
    "decimal_max_digits": lambda c: f"at most {c['max_digits']} digits",
    "decimal_max_places": lambda c: f"at most {c['decimal_places']} digits after the point",
    "bool_type": "write true or false",
    "bool_parsing": "write true or false",
    "greater_than": lambda c: f"more than {c['gt']}",
    "greater_than_equal": lambda c: f"{c['ge']} or more",
    "less_than": lambda c: f"less than {c['lt']}",
    "less_than_equal": lambda c: f"{c['le']} or less",
    "multiple_of": lambda c: f"a multiple of {c['multiple_of']}",
    "literal_error": lambda c: f"one of {c['expected']}",
    "enum": lambda c: f"one of {c['expected']}",
    "list_type": "write a list",
    "set_type": "write a list",
    "tuple_type": "write a list",
    "dict_type": "write keys with values",
    "model_type": "write keys with values",
    "too_short": lambda c: f"at least {c['min_length']} entries",
    "too_long": lambda c: f"at most {c['max_length']} entries",
    "url_parsing": "write a web address, such as https://example.com",
    "url_scheme": lambda c: f"an address that begins with {c['expected_schemes']}",
    "url_too_long": lambda c: f"at most {c['max_length']} characters",
    "date_type": "write a date, such as 2026-01-31",
    "date_parsing": "write a date, such as 2026-01-31",
    "date_from_datetime_parsing": "write a date, such as 2026-01-31",
    "time_parsing": "write a time, such as 13:30",
    "datetime_parsing": "write a date and time, such as 2026-01-31T13:30",
    "datetime_from_date_parsing": "write a date and time, such as 2026-01-31T13:30",
    "time_delta_parsing": "write a duration, such as PT30M",
    "uuid_parsing": "write a UUID",
}
OTHER = "the value cannot be used"


def reasons(error: ValidationError, *, secrets: frozenset[str] = frozenset()) -> dict[str, str]:
    """Key → why its value was refused, each key once; what is wrong with the whole stands under ``*``.

    Args:
        error: What the schema raised.
        secrets: Keys whose own validators' words are held back, since they might repeat the value.
    """
    found: dict[str, list[str]] = {}
    for each in error.errors(include_url=False, include_input=False):
        key, *inner = each["loc"] or (WHOLE,)
        text = _text(each, secret=str(key) in secrets or (key == WHOLE and bool(secrets)))
        if inner:
            text = f"{'.'.join(map(str, inner))}: {text}"
        found.setdefault(str(key), []).append(text)
    return {key: "; ".join(dict.fromkeys(texts)) for key, texts in found.items()}


def _text(error: ErrorDetails, *, secret: bool) -> str:
    known = TEXTS.get(error["type"])
    context = error.get("ctx", {})
    if known is not None:
        return known if isinstance(known, str) else known(context)
    own = context.get("error")
    if error["type"] in ("value_error", "assertion_error") and own is not None and not secret:
        return str(own) or OTHER
    return OTHER
