"""The module list: the tabs with their counts, the rows that a query asks for, in its order and groups."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from console.context import runtime
from console.domain.words import HealthStatus, Kind
from console.web.admin import texts
from console.web.admin.queries import SHOWS, SORTS, Query
from console.web.admin.rows import ModuleLine, line, line_of_gone
from console.web.admin.sources import Sources
from console.web.babel import gettext as _

_SICKNESS = (HealthStatus.UNHEALTHY, HealthStatus.DEGRADED, HealthStatus.UNKNOWN, HealthStatus.HEALTHY)


@dataclass(frozen=True, slots=True)
class Tab:
    """A filter by state with its count."""

    name: str
    label: str
    count: int
    href: str
    current: bool


@dataclass(frozen=True, slots=True)
class Choice:
    """A select of the list: its parameter, what it is called, and value and label of its options."""

    name: str
    label: str
    value: str
    options: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Counts:
    """The counters above the list."""

    all: int
    on: int
    attention: int
    busy: int
    vendors: int


@dataclass(frozen=True, slots=True)
class Group:
    """Rows under one title; the only group of a list without groups has none."""

    title: str
    rows: tuple[ModuleLine, ...]


@dataclass(frozen=True, slots=True)
class Nothing:
    """What stands where no row does."""

    title: str
    text: str
    icon: str


@dataclass(frozen=True, slots=True)
class Listing:
    """The list as the page shows it.

    Args:
        selects: Whether the person may choose rows for one plan.
        elsewhere: What is chosen and has no row here.
    """

    query: Query
    tabs: tuple[Tab, ...]
    choices: tuple[Choice, ...]
    groups: tuple[Group, ...]
    nothing: Nothing
    clear_url: str
    selects: bool
    elsewhere: tuple[ModuleLine, ...]


def lines(src: Sources) -> tuple[ModuleLine, ...]:
    """The rows of all installed modules, and of those that are wanted but gone: core first, internal last, by name."""
    gone = (code for code, status in src.snapshot.rows.items() if status.wanted and code not in src.registry)
    found = (*(line(src, code) for code in src.registry), *(line_of_gone(src, code) for code in gone))
    return tuple(sorted(found, key=_by_kind))


def listing(src: Sources, query: Query, rows: Sequence[ModuleLine]) -> Listing:
    """The rows that ``query`` asks for, with every tab's count over all of them."""
    shown = [row for row in rows if _shown(row, query.show) and _fits(row, query)]
    return Listing(
        query=query,
        tabs=tuple(_tabs(query, rows)),
        choices=tuple(_choices(query, rows)),
        groups=tuple(_groups(query, sorted(shown, key=_ORDERS[query.sort]))),
        nothing=_nothing(query),
        clear_url=query.url(q="", kind="", tag="", health=""),
        selects=src.may_toggle,
        elsewhere=tuple(row for row in rows if row.switch and row.code in query.selected and row not in shown),
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


def _tabs(query: Query, rows: Sequence[ModuleLine]) -> Iterator[Tab]:
    labels = {"all": _("All"), "on": _("On"), "off": _("Off"), "attention": _("Attention"), "core": _("Core")}
    for name in SHOWS:
        count = sum(_shown(row, name) for row in rows)
        href = query.url(show="" if name == "all" else name)
        yield Tab(name, labels[name], count, href, current=name == query.show)


def _choices(query: Query, rows: Sequence[ModuleLine]) -> Iterator[Choice]:
    kinds = tuple((kind.value, texts.kind(kind)) for kind in Kind)
    yield Choice("kind", _("Kind"), query.kind, (("", _("Any kind")), *kinds))
    tags = sorted({tag for row in rows for tag in row.tags})
    if tags:
        yield Choice(
            "tag",
            _("Tag"),
            query.tag,
            (("", _("Any tag")), *((tag, texts.tag(runtime().registry, tag)) for tag in tags)),
        )
    statuses = tuple((status.value, texts.health_filter(status)) for status in HealthStatus)
    yield Choice("health", _("Health"), query.health, (("", _("Any health")), *statuses))
    sorts = {
        "kind": _("Core first"),
        "name": _("By name"),
        "state": _("By state"),
        "health": _("By health"),
        "changed": _("Last changed first"),
    }
    yield Choice("sort", _("Sort"), query.sort, tuple((name, sorts[name]) for name in SORTS))


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


def _fits(row: ModuleLine, query: Query) -> bool:
    words = (row.code, row.name, row.description, *row.features, *row.tags)
    return (
        (not query.text or any(query.text.lower() in word.lower() for word in words))
        and (not query.kind or row.kind == query.kind)
        and (not query.tag or query.tag in row.tags)
        and (not query.health or (row.on and row.health == query.health))
    )


def _groups(query: Query, rows: Sequence[ModuleLine]) -> Iterator[Group]:
    """The rows by their first tag, those without one last; a row stands once, so that it has one place to change."""
    if not query.group:
        if rows:
            yield Group("", tuple(rows))
        return
    by_tag = sorted(rows, key=_tag_of)
    for (untagged, tag), found in groupby(by_tag, key=_tag_of):
        yield Group(_("Without a tag") if untagged else texts.tag(runtime().registry, tag), tuple(found))


def _tag_of(row: ModuleLine) -> tuple[bool, str]:
    return (not row.tags, row.tags[0] if row.tags else "")


def _nothing(query: Query) -> Nothing:
    if query.text:
        why = _("No name, code, description, feature or tag contains “%(words)s”.", words=query.text)
        return Nothing(_("No module matches"), why, "search")
    if query.narrows:
        return Nothing(_("No module fits these filters"), _("Take one of them away to see more."), "filter")
    if query.show == "attention":
        return Nothing(_("All is well"), _("No module failed, waits, or needs anything from you."), "circle-check")
    if query.show == "on":
        return Nothing(_("Nothing is on"), _("Switch a module on and it stands here."), "power-off")
    if query.show == "off":
        return Nothing(_("Nothing is off"), _("Every module that is installed is on."), "power")
    return Nothing(_("No module is installed"), _("Install a module and start the console again."), "package")


def _by_kind(row: ModuleLine) -> tuple[object, ...]:
    return (row.kind is not Kind.CORE, row.kind is Kind.INTERNAL, row.name.lower())


def _by_name(row: ModuleLine) -> tuple[object, ...]:
    return (row.name.lower(), row.code)


def _by_state(row: ModuleLine) -> tuple[object, ...]:
    return (not row.attention, row.look != "busy", not row.on, row.name.lower())


def _by_health(row: ModuleLine) -> tuple[object, ...]:
    return (not row.on, _SICKNESS.index(row.health), row.name.lower())


def _by_change(row: ModuleLine) -> tuple[object, ...]:
    return (row.changed is None, -row.changed.at.timestamp() if row.changed else 0.0, row.name.lower())


_ORDERS: dict[str, Callable[[ModuleLine], tuple[object, ...]]] = {
    "kind": _by_kind,
    "name": _by_name,
    "state": _by_state,
    "health": _by_health,
    "changed": _by_change,
}
