"""Before and after of an entry, value by value, as people read it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from console.web.babel import gettext as _

LONGEST = 120


@dataclass(frozen=True, slots=True)
class Change:
    """One value; ``before`` is None where nothing is known of it."""

    name: str
    before: str | None
    after: str


def changes_of(before: Mapping[str, object] | None, after: Mapping[str, object] | None) -> tuple[Change, ...]:
    """What differs between the two sides, in the order of the names."""
    return tuple(_changes(before, after or {}))


def _changes(before: Mapping[str, object] | None, after: Mapping[str, object]) -> Iterator[Change]:
    for name in dict.fromkeys((*(before or {}), *after)):
        old, new = (before or {}).get(name), after.get(name)
        if old != new:
            yield Change(name, None if before is None else shown(old), shown(new))


def shown(value: object) -> str:
    """A value in a few words."""
    if value is None:
        return _("not set")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    if not text:
        return _("empty")
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
