"""What a module's own page says: why it is on or off, what it brings, what it needs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from flask import url_for
from werkzeug.routing import BuildError

from console.domain.definition import ModuleDefinition
from console.domain.menu import MenuEntry
from console.domain.registry import InstalledModule
from console.domain.words import FrontendType
from console.web.admin import texts
from console.web.admin.sources import Sources
from console.web.babel import gettext as _


@dataclass(frozen=True, slots=True)
class Tab:
    """A part of the module's page."""

    label: str
    href: str
    current: bool


@dataclass(frozen=True, slots=True)
class MenuLine:
    """A menu item that the module brings."""

    frontend: str
    label: str
    icon: str
    href: str | None


@dataclass(frozen=True, slots=True)
class ModuleFacts:
    """What the module is, beyond its row."""

    source: str
    package: str
    origin: str
    docs_url: str | None
    requires: tuple[str, ...]
    conflicts: tuple[str, ...]
    features: tuple[tuple[str, bool], ...]
    permissions: tuple[str, ...]
    hooks: tuple[str, ...]
    menu: tuple[MenuLine, ...]
    problems: tuple[str, ...]


def module_tabs(src: Sources, code: str, *, here: str) -> tuple[Tab, ...]:
    """The tabs of a module's page; configuration only where there is some."""
    definition = src.registry[code].definition
    configurable = definition is not None and bool(definition.config_schema or definition.default_config)
    known = {
        "overview": (_("Overview"), url_for("pages.module", code=code)),
        "config": (_("Configuration"), url_for("pages.module_config", code=code)),
        "history": (_("History"), url_for("pages.module_history", code=code)),
        "health": (_("Health"), url_for("pages.module_health", code=code)),
    }
    shown = {name: tab for name, tab in known.items() if name != "config" or configurable}
    return tuple(Tab(label, href, name == here) for name, (label, href) in shown.items())


def module_facts(src: Sources, module: InstalledModule) -> ModuleFacts:
    """The facts of ``module`` on the platform of ``src``."""
    definition = module.definition
    status = src.snapshot.rows.get(module.code)
    origin = status.origin.value if status is not None and status.wanted and status.origin is not None else ""
    sources = {"built-in": _("with the console"), "path": _("from a folder"), "package": _("installed package")}
    return ModuleFacts(
        source=sources[module.source],
        package=module.package,
        origin=origin,
        docs_url=definition.docs_url if definition else None,
        requires=tuple(definition.requires) if definition else (),
        conflicts=tuple(definition.conflicts) if definition else (),
        features=tuple((each, each in src.snapshot.features) for each in definition.features) if definition else (),
        permissions=tuple(definition.permissions) if definition else (),
        hooks=tuple(_hooks(definition)) if definition else (),
        menu=tuple(_menu(src, module)),
        problems=tuple(str(problem) for problem in module.problems),
    )


def _hooks(definition: ModuleDefinition) -> Iterator[str]:
    for name in ("on_enable", "on_disable", "on_startup", "health_check"):
        if getattr(definition, name) is not None:
            yield name


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
