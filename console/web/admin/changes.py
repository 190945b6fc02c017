"""Before and after of an entry, value by value, as people read it."""

from __future__ import annotations

import json
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass

from console.domain.step_log import MASK
from console.domain.words import Role
from console.web.admin import texts
from console.web.babel import gettext as _

LONGEST = 120
Facts = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Change:
    """One value; ``before`` is None where nothing is known of it."""

    name: str
    before: str | None
    after: str


def changes_of(before: Facts | None, after: Facts | None, *, secrets: Container[str] = ()) -> tuple[Change, ...]:
    """What differs between the two sides, in the order of the names.

    Args:
        secrets: Names whose values nobody may read.
    """
    return tuple(_changes(before, after or {}, secrets))


def _changes(before: Facts | None, after: Facts, secrets: Container[str]) -> Iterator[Change]:
    for name in dict.fromkeys((*(before or {}), *after)):
        old, new = (before or {}).get(name), after.get(name)
        if old == new:
            continue
        if name in secrets:
            old, new = (None if side is None else MASK for side in (old, new))
        yield Change(_name(name), None if before is None else shown(old, name), shown(new, name))


def shown(value: object, name: str = "") -> str:
    """A value in a few words; states and roles in those of the pages."""
    if value is None:
        return _("not set")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    text = _word(name, value) if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    if not text:
        return _("empty")
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def _name(name: str) -> str:
    known = {
        "wanted": _("wanted"),
        "state": _("state"),
        "origin": _("why"),
        "role": _("role"),
        "roles": _("roles"),
        "name": _("name"),
        "frontend": _("for"),
        "permissions": _("permissions"),
        "code": _("code"),
        "tier": _("tier"),
        "feature": _("feature"),
        "features": _("features"),
        "limits": _("limits"),
        "until": _("until"),
        "note": _("note"),
    }
    return known.get(name, name)


def _word(name: str, value: str) -> str:
    """The product's own words for its states; any other text as it is."""
    if name == "role" and value in set(Role):
        return texts.role(Role(value))
    known: Mapping[str, Mapping[str, str]] = {
        "state": {
            "disabled": _("off"),
            "enabling": _("being enabled"),
            "enabled": _("on"),
            "disabling": _("being disabled"),
            "failed": _("failed"),
        },
        "frontend": {"admin": _("admins"), "vendor": _("vendors")},
        "origin": {
            "explicit": _("asked for"),
            "implied": _("required by another"),
            "default": _("by default"),
            "core": _("core"),
        },
    }
    return known.get(name, {}).get(value, value)
