"""The module list: what the URL asks for, the tabs with their counts, the rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

from flask import url_for

from console.domain.words import Kind
from console.web.admin.rows import ModuleLine, line
from console.web.admin.sources import Sources
from console.web.babel import gettext as _

SHOWS = ("all", "on", "off", "attention", "core")


@dataclass(frozen=True, slots=True)
class Query:
    """The state of the list, all of it in the URL."""

    text: str = ""
    show: str = "all"

    @classmethod
    def of(cls, text: str, show: str) -> Query:
        """A query from two parameters; an unknown tab means all."""
        return cls(text.strip()[:100], show if show in SHOWS else "all")

    @classmethod
    def of_url(cls, url: str) -> Query:
        """The query that the list in the browser was made with."""
        found = parse_qs(urlsplit(url).query)
        return cls.of(found.get("q", [""])[0], found.get("show", ["all"])[0])


@dataclass(frozen=True, slots=True)
class Tab:
    """A filter with its count."""

    name: str
    label: str
    count: int
    href: str
    current: bool


@dataclass(frozen=True, slots=True)
class Counts:
    """The counters above the list."""

    all: int
    on: int
    attention: int
    busy: int
    vendors: int


@dataclass(frozen=True, slots=True)
class Listing:
    """The list as the page shows it."""

    query: str
    show: str
    tabs: tuple[Tab, ...]
    rows: tuple[ModuleLine, ...]


def lines(src: Sources) -> tuple[ModuleLine, ...]:
    """The rows of all installed modules: core first, then by name."""
    found = (line(src, code) for code in src.registry)
    return tuple(
        sorted(found, key=lambda row: (row.kind is not Kind.CORE, row.kind is Kind.INTERNAL, row.name.lower()))
    )


def listing(src: Sources, query: Query, rows: Sequence[ModuleLine]) -> Listing:
    """The rows that ``query`` asks for, with every tab's count over all of them."""
    return Listing(
        query=query.text,
        show=query.show,
        tabs=tabs(query, rows),
        rows=tuple(row for row in rows if _shown(row, query.show) and _matches(src, row, query.text.lower())),
    )


def tabs(query: Query, rows: Sequence[ModuleLine]) -> tuple[Tab, ...]:
    """The tabs with how many modules each has."""
    labels = {"all": _("All"), "on": _("On"), "off": _("Off"), "attention": _("Attention"), "core": _("Core")}
    return tuple(
        Tab(
            name=name,
            label=label,
            count=sum(_shown(row, name) for row in rows),
            href=url_for("pages.modules", q=query.text or None, show=None if name == "all" else name),
            current=name == query.show,
        )
        for name, label in labels.items()
    )


def counts(rows: Sequence[ModuleLine], *, vendors: int) -> Counts:
    """The counters for these rows."""
    return Counts(
        all=len(rows),
        on=sum(row.on for row in rows),
        attention=sum(row.attention for row in rows),
        busy=sum(row.look == "busy" for row in rows),
        vendors=vendors,
    )


def _shown(row: ModuleLine, show: str) -> bool:
    match show:
        case "on":
            return row.on
        case "off":
            return not row.on
        case "attention":
            return row.attention
        case "core":
            return row.kind is Kind.CORE
    return True


def _matches(src: Sources, row: ModuleLine, text: str) -> bool:
    definition = src.registry[row.code].definition
    words = [row.code, row.name, row.description, *(definition.features + definition.tags if definition else ())]
    return not text or any(text in word.lower() for word in words)
