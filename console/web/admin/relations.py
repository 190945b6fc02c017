"""What a module requires and what requires it, down to the last one, as nested lists."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from console.web.admin.rows import line
from console.web.admin.sources import Sources
from console.web.babel import gettext as _
from console.web.drawing import LOOKS


@dataclass(frozen=True, slots=True)
class Branch:
    """A module in the tree with what follows from it.

    Args:
        shown_above: Whether what follows stands further up already, and is not repeated.
    """

    code: str
    name: str
    href: str | None
    symbol: str
    look: str
    word: str
    shown_above: bool = False
    below: tuple[Branch, ...] = ()


@dataclass(frozen=True, slots=True)
class Relations:
    """Both directions."""

    requires: tuple[Branch, ...]
    required_by: tuple[Branch, ...]


def relations(src: Sources, code: str) -> Relations:
    """The trees of ``code``, each module's own followers once."""
    return Relations(
        requires=_below(src, code, src.needs, {code}), required_by=_below(src, code, src.needed_by, {code})
    )


def _below(src: Sources, code: str, near: Mapping[str, frozenset[str]], seen: set[str]) -> tuple[Branch, ...]:
    return tuple(_branch(src, each, near, seen) for each in sorted(near.get(code, ())))


def _branch(src: Sources, code: str, near: Mapping[str, frozenset[str]], seen: set[str]) -> Branch:
    if code not in src.registry:
        return Branch(code, code, None, LOOKS["missing"], "missing", _("Not installed"))
    row = line(src, code)
    again = code in seen and bool(near.get(code))
    seen.add(code)
    below = () if again else _below(src, code, near, seen)
    return Branch(code, row.name, row.url, LOOKS[row.family], row.family, row.word, again, below)
