"""What a module adds to a platform: pages, addresses, tables, permissions, features, tasks, events and hooks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from flask import url_for
from sqlalchemy.orm import Session
from werkzeug.routing import BuildError

from console.context import runtime
from console.domain.definition import ModuleDefinition
from console.domain.menu import MenuEntry
from console.domain.registry import InstalledModule
from console.domain.words import FrontendType, ModuleEvent
from console.jobs import tasks
from console.services import owned_rows, schema
from console.services.runtime import Runtime
from console.services.schema import BranchFacts
from console.toolbox import RouteView, routes
from console.web.admin import texts
from console.web.admin.sources import Sources
from console.web.babel import format_seconds
from console.web.babel import gettext as _
from console.web.numbers import format_number


@dataclass(frozen=True, slots=True)
class MenuLine:
    """A menu item that the module brings."""

    frontend: str
    label: str
    icon: str
    href: str | None


@dataclass(frozen=True, slots=True)
class Routes:
    """The addresses of one frontend."""

    title: str
    lines: tuple[RouteView, ...]


@dataclass(frozen=True, slots=True)
class TableLine:
    """A table with the rows of this platform; ``rows`` is None where they cannot be counted, or are no platform's."""

    name: str
    rows: int | None


@dataclass(frozen=True, slots=True)
class Line:
    """A name with what there is to say about it; ``on`` is None where nothing is switched."""

    name: str
    text: str = ""
    on: bool | None = None


@dataclass(frozen=True, slots=True)
class Additions:
    """Everything that the module adds."""

    menu: tuple[MenuLine, ...]
    routes: tuple[Routes, ...]
    tables: tuple[TableLine, ...]
    branch: BranchFacts
    features: tuple[Line, ...]
    permissions: tuple[Line, ...]
    tasks: tuple[Line, ...]
    events: tuple[Line, ...]
    hooks: tuple[Line, ...]

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing but perhaps tables."""
        lines = (self.features, self.permissions, self.tasks, self.events, self.hooks)
        return not (self.menu or self.routes or any(lines))


def additions(session: Session, src: Sources, code: str) -> Additions:
    """What ``code`` adds to the platform of ``src``; two statements."""
    rt, module = runtime(), src.registry[code]
    definition = module.definition
    return Additions(
        menu=tuple(_menu(src, module)),
        routes=tuple(_routes(code)),
        tables=_tables(session, src, code),
        branch=schema.branch_of(session, module),
        features=tuple(_features(src, definition)) if definition else (),
        permissions=tuple(_permissions(src, definition)) if definition else (),
        tasks=tuple(Line(each.function.__name__, _rhythm(each.every_s)) for each in tasks.of_module(rt.bus, code)),
        events=tuple(_events(rt, code)),
        hooks=tuple(_hooks(rt, definition)) if definition else (),
    )


def _menu(src: Sources, module: InstalledModule) -> Iterator[MenuLine]:
    open_here = src.snapshot.is_open(module.code)
    for entry in module.entries:
        admin = entry.frontend is FrontendType.ADMIN
        href = _href(entry) if admin and open_here else None
        yield MenuLine(_("Admins") if admin else _("Vendors"), texts.entry_label(entry), entry.icon, href)


def _href(entry: MenuEntry) -> str | None:
    """Where the item leads; None when its view asks for arguments that a menu does not have."""
    try:
        return url_for(entry.endpoint)
    except BuildError:
        return None


def _routes(code: str) -> Iterator[Routes]:
    titles = {
        "admin": _("Pages for admins"),
        "vendor": _("Pages for vendors"),
        "api_admin": _("API for admins"),
        "api_vendor": _("API for vendors"),
    }
    mine = [each for each in routes() if each.module == code]
    for frontend, title in titles.items():
        lines = tuple(each for each in mine if each.frontend == frontend)
        if lines:
            yield Routes(title, lines)


def _tables(session: Session, src: Sources, code: str) -> tuple[TableLine, ...]:
    tables = owned_rows.owned_tables(src.registry, code, src.snapshot.platform_id)
    readable = src.registry[code].live and code not in src.unavailable
    counts: Mapping[str, int] = owned_rows.counts(session, tables) if readable else {}
    return tuple(TableLine(each.name, counts.get(each.name)) for each in tables)


def _features(src: Sources, definition: ModuleDefinition) -> Iterator[Line]:
    for each in definition.features:
        yield Line(str(each), texts.feature(src.registry, each), on=each in src.snapshot.features)


def _permissions(src: Sources, definition: ModuleDefinition) -> Iterator[Line]:
    for each in definition.permissions:
        yield Line(str(each), texts.permission(src.registry, each))


def _rhythm(every_s: int | None) -> str:
    if every_s is None:
        return _("when it is asked for")
    return _("interval %(span)s", span=format_seconds(every_s))


def _events(rt: Runtime, code: str) -> Iterator[Line]:
    for event in ModuleEvent:
        for each in rt.bus.subscribers(event):
            if each.owner == code:
                yield Line(event.name, each.function.__name__)


def _hooks(rt: Runtime, definition: ModuleDefinition) -> Iterator[Line]:
    deadline_s = definition.hook_timeout_s or rt.settings.hook_timeout_s
    deadlines = dict.fromkeys(("on_enable", "on_disable", "on_startup"), deadline_s)
    for name, limit_s in {**deadlines, "health_check": rt.settings.health_timeout_s}.items():
        if getattr(definition, name) is not None:
            yield Line(name, _("at most %(seconds)s s", seconds=format_number(limit_s)))
