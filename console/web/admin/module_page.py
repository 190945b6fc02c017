"""What stands around every part of a module's page, and what its definition says."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from flask import url_for

from console.domain.words import Kind
from console.toolbox import may
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
class ModuleFacts:
    """What the module is, beyond its row."""

    source: str
    package: str
    docs_url: str | None
    tags: tuple[str, ...]
    conflicts: tuple[str, ...]
    problems: tuple[str, ...]


def module_tabs(src: Sources, code: str, *, here: str) -> tuple[Tab, ...]:
    """The tabs of a module's page; only those that this module has and this person may open."""
    return tuple(Tab(label, url_for(endpoint, code=code), name == here) for name, label, endpoint in _parts(src, code))


def _parts(src: Sources, code: str) -> Iterator[tuple[str, str, str]]:
    definition = src.registry[code].definition
    yield "overview", _("Overview"), "pages.module"
    if definition is not None and (definition.config_schema or definition.default_config):
        yield "config", _("Configuration"), "pages.module_config"
    yield "history", _("History"), "pages.module_history"
    yield "operations", _("Operations"), "pages.module_operations"
    yield "health", _("Health"), "pages.module_health"
    if may("modules.purge") and (definition is None or definition.kind is not Kind.CORE):
        yield "purge", _("Danger zone"), "pages.module_purge"


def module_facts(src: Sources, code: str) -> ModuleFacts:
    """What the definition of ``code`` says, and where it was found."""
    module = src.registry[code]
    definition = module.definition
    sources = {"built-in": _("with the console"), "path": _("from a folder"), "package": _("installed package")}
    return ModuleFacts(
        source=sources[module.source],
        package=module.package,
        docs_url=definition.docs_url if definition else None,
        tags=tuple(texts.tag(src.registry, each) for each in definition.tags) if definition else (),
        conflicts=tuple(definition.conflicts) if definition else (),
        problems=tuple(problem.line for problem in module.problems),
    )
