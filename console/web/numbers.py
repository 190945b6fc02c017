"""Numbers as the language of the request writes them."""

from __future__ import annotations

import flask_babel  # type: ignore[import-untyped]


def format_number(number: float) -> str:
    """``1,234.5`` in English, ``1 234,5`` in French."""
    if isinstance(number, int) and -1000 < number < 1000:
        return str(number)
    return str(flask_babel.format_decimal(number))
