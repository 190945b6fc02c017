"""The answer to a search: ranked, grouped, as a page or as the dialog that opens over any page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain

from flask import render_template, request

from console.context import current
from console.domain.matching import score
from console.web import htmx
from console.web.babel import gettext as _
from console.web.search.entries import ACTIONS, MODULES, PAGES, PEOPLE, PLATFORMS, RECENT, VENDORS, Entry, entries
from console.web.search.recent import recent

IN_DIALOG, ON_PAGE = 5, 20
LONGEST = 100
MOST = {RECENT: 8}
SUGGESTED = (RECENT, PAGES, PLATFORMS)


@dataclass(frozen=True, slots=True)
class Group:
    """The best entries of one kind; ``left`` says how many more there are."""

    name: str
    title: str
    entries: tuple[Entry, ...]
    left: int


@dataclass(frozen=True, slots=True)
class Results:
    """What was found for what was typed; without words, what one might look for."""

    words: str
    groups: tuple[Group, ...]

    @property
    def count(self) -> int:
        """How many entries are shown."""
        return sum(len(group.entries) for group in self.groups)


def answer() -> str:
    """The page of this area's search; to htmx its dialog, and once something was typed what stands below the box."""
    partial = htmx.is_partial()
    part = "search/_results.html" if "q" in request.args else "search/_dialog.html"
    return render_template(
        part if partial else "search/page.html",
        boxed=partial,
        layout=_layout(),
        url=request.path,
        results=asked(most=IN_DIALOG if partial else ON_PAGE),
    )


def asked(*, most: int) -> Results:
    """What answers the ``q`` of this request.

    Args:
        most: How many entries a group shows.
    """
    words = " ".join(request.args.get("q", "").split())[:LONGEST]
    return found(words, entries() if words else chain(recent(), entries()), most=most)


def _layout() -> str:
    frontend = current().frontend
    return "layouts/instance.html" if frontend is None else f"layouts/{frontend.value}.html"


def found(words: str, known: Iterable[Entry], *, most: int) -> Results:
    """The entries that answer ``words``, the best group first.

    Args:
        most: How many entries a group shows.
    """
    by_group: dict[str, list[tuple[int, Entry]]] = {name: [] for name in _titles()}
    for entry in known:
        rank = _rank(words, entry)
        if rank:
            by_group[entry.group].append((rank, entry))
    best = {name: max(rank for rank, _entry in group) for name, group in by_group.items() if group}
    order = sorted(best, key=lambda name: -best[name])
    return Results(words, tuple(_group(name, by_group[name], most=most) for name in order))


def _rank(words: str, entry: Entry) -> int:
    """How well an entry answers; its label counts more than the words behind it."""
    if not words:
        return 1 if entry.group in SUGGESTED else 0
    by_label = score(words, (entry.label,))
    return max(2 * by_label, 2 * score(words, (entry.label, *entry.words)) - 1)


def _group(name: str, ranked: list[tuple[int, Entry]], *, most: int) -> Group:
    ranked = sorted(ranked, key=lambda each: -each[0])
    shown = tuple(entry for _rank, entry in ranked[: MOST.get(name, most)])
    return Group(name, _titles()[name], shown, len(ranked) - len(shown))


def _titles() -> dict[str, str]:
    """The groups in the order in which equally good ones stand."""
    return {
        RECENT: _("Lately, by you"),
        MODULES: _("Modules"),
        PAGES: _("Pages"),
        ACTIONS: _("Actions"),
        PLATFORMS: _("Platforms"),
        VENDORS: _("Vendors"),
        PEOPLE: _("People"),
    }
