"""What is wrong with a text that should be JSON, with its line and column, in words of our own."""

from __future__ import annotations

import json

from console.domain.reasons import Fault

WORDS = {
    "Expecting value": "a value is missing",
    "Expecting property name": "a key in double quotes is missing",
    "Expecting ':'": "a colon is missing",
    "Expecting ','": "a comma is missing",
    "Extra data": "there is more after the end",
    "Invalid control character": "a line break or tab must be escaped",
    "Invalid \\": "this escape does not exist",
    "Unterminated string": "a text has no closing quote",
    "Illegal trailing comma": "there is a comma too many",
}
OTHER = "something is wrong here"
PLACE = "line %(line)s, column %(column)s"
TOO_DEEP = "it is nested too deeply"


def fault_of(error: json.JSONDecodeError) -> Fault:
    """The fault that a JSON error is: place and reason."""
    words = next((text for start, text in WORDS.items() if error.msg.startswith(start)), OTHER)
    return Fault(f"{words} ({PLACE})", {"line": error.lineno, "column": error.colno})
