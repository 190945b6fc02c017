"""Why a value was refused, in words of our own: pydantic's texts are not for people, and may repeat the input.

A reason is a text in English that also knows its parts, so that a page can say it in the reader's language.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from console.domain.reason_texts import COUNTED, INTERNAL, OTHER, TEXTS

__all__ = ["OTHER", "WHOLE", "Fault", "Reason", "reasons"]

WHOLE = "*"  # key of a reason that is about several values at once
Context = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong with a value.

    Args:
        text: The sentence, ``%(name)s`` for each of ``values``.
        path: Where inside the value it is wrong; a whole number counts entries from 0.
        plural: The sentence for other numbers than one; ``%(num)s`` is ``number``.
        own: Whether the words are those of the module's own validator.
    """

    text: str
    values: Context = field(default_factory=dict, hash=False)
    path: tuple[int | str, ...] = ()
    plural: str = ""
    number: int = 1
    own: bool = False

    def __str__(self) -> str:
        text = self.plural if self.plural and self.number != 1 else self.text
        values = {**self.values, "num": self.number} if self.plural else self.values
        words = text % values if values else text
        return f"{'.'.join(map(str, self.path))}: {words}" if self.path else words


class Reason(str):
    """Why a value was refused: the English text, and the faults that it is made of, each once."""

    faults: tuple[Fault, ...]

    def __new__(cls, *faults: Fault) -> Reason:
        """The text of ``faults``."""
        once = {str(fault): fault for fault in faults}
        made = super().__new__(cls, "; ".join(once))
        made.faults = tuple(once.values())
        return made


def reasons(error: ValidationError, *, secrets: frozenset[str] = frozenset()) -> dict[str, str]:
    """Key → ``Reason`` why its value was refused, each key once; what is wrong with the whole stands under ``*``.

    Args:
        error: What the schema raised.
        secrets: Keys whose own validators' words are held back, since they might repeat the value.
    """
    found: dict[str, list[Fault]] = {}
    for each in error.errors(include_url=False, include_input=False):
        key, *path = each["loc"] or (WHOLE,)
        fault = _fault(each, secret=str(key) in secrets or (key == WHOLE and bool(secrets)))
        found.setdefault(str(key), []).append(replace(fault, path=tuple(path)))
    return {key: Reason(*faults) for key, faults in found.items()}


def _fault(error: ErrorDetails, *, secret: bool) -> Fault:
    kind, context = error["type"], error.get("ctx", {})
    if kind in TEXTS:
        return Fault(TEXTS[kind], context)
    if kind in COUNTED:
        one, many, name = COUNTED[kind]
        return Fault(one, plural=many, number=int(context[name]))
    if secret or kind in INTERNAL:
        return Fault(OTHER)
    if kind in ("value_error", "assertion_error"):
        return Fault(str(context.get("error") or OTHER), own=True)
    return Fault(error["msg"], own=True)  # an error type of the module's own
