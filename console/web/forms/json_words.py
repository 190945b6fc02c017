"""What is wrong with a text that should be JSON, with its line and column, in words of our own."""

from __future__ import annotations

import json

from console.domain.reasons import Fault
from console.phrases import mark

WORDS = {
    "Expecting value": mark("a value is missing (line %(line)s, column %(column)s)"),
    "Expecting property name": mark("a key in double quotes is missing (line %(line)s, column %(column)s)"),
    "Expecting ':'": mark("a colon is missing (line %(line)s, column %(column)s)"),
    "Expecting ','": mark("a comma is missing (line %(line)s, column %(column)s)"),
    "Extra data": mark("there is more after the end (line %(line)s, column %(column)s)"),
    "Invalid control character": mark("a line break or tab must be escaped (line %(line)s, column %(column)s)"),
    "Invalid \\": mark("this escape does not exist (line %(line)s, column %(column)s)"),
    "Unterminated string": mark("a text has no closing quote (line %(line)s, column %(column)s)"),
    "Illegal trailing comma": mark("there is a comma too many (line %(line)s, column %(column)s)"),
}
OTHER = mark("something is wrong here (line %(line)s, column %(column)s)")
TOO_DEEP = mark("it is nested too deeply")


def fault_of(error: json.JSONDecodeError) -> Fault:
    """The fault that a JSON error is: place and reason."""
    words = next((text for start, text in WORDS.items() if error.msg.startswith(start)), OTHER)
    return Fault(words, {"line": error.lineno, "column": error.colno})
