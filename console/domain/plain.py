"""Values of Python as the JSON that is stored and shown: always the same for equal values, in every process."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping

from pydantic import BaseModel
from pydantic_core import to_jsonable_python

from console.phrases import mark

UNSTORABLE = mark("it holds a character that cannot be stored")


def plain(value: object) -> object:
    """``value`` as JSON: fields by their names, sets sorted (their own order differs from process to process)."""
    if value is None or type(value) in (str, bool, int):
        return value
    if isinstance(value, BaseModel):
        return {key: plain(each) for key, each in value}
    if isinstance(value, Mapping):
        return {str(plain(key)): plain(each) for key, each in value.items()}
    if isinstance(value, set | frozenset):
        return sorted(map(plain, value), key=_order)
    if isinstance(value, list | tuple):
        return [plain(each) for each in value]
    found: object = to_jsonable_python(value, by_alias=False, inf_nan_mode="strings", fallback=str)
    return found


def _order(value: object) -> str:
    return json.dumps(value, sort_keys=True)


def equal(one: object, other: object) -> bool:
    """Whether two values are the same JSON; ``True`` is not 1."""
    return json.dumps(plain(one), sort_keys=True) == json.dumps(plain(other), sort_keys=True)


def is_storable(value: object) -> bool:
    """Whether every database takes the value: no NUL, no half of a surrogate pair."""
    texts = (each for each in _scalars(value) if isinstance(each, str))
    return not any(letter == "\0" or "\ud800" <= letter <= "\udfff" for text in texts for letter in text)


def _scalars(value: object) -> Iterable[object]:
    if isinstance(value, Mapping):
        for key, each in value.items():
            yield key
            yield from _scalars(each)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _scalars(each)
    else:
        yield value
