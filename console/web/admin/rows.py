"""What a module's row shows: what it is, how it stands, its neighbours, its configuration, its last change."""

from __future__ import annotations

from dataclasses import dataclass, replace

from flask import url_for

from console.domain.definition import ModuleDefinition
from console.domain.plan_types import ModuleStatus
from console.domain.words import ConfigSource, HealthStatus, Kind, ModuleState
from console.services.changes import LastChange
from console.services.health import HealthView
from console.web.admin import texts
from console.web.admin.sources import Sources
from console.web.admin.standing import Look, Progress, Standing, Way, standing
from console.web.admin.switches import Switch, switch_of
from console.web.babel import gettext as _
from console.web.babel import ngettext

_FAMILIES: dict[str, str] = {
    "cleanup": "waiting",
    "config": "attention",
    "quarantined": "attention",
    "migration": "attention",
    "gone": "missing",
}


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A module that this one requires or that requires it."""

    code: str
    on: bool
    href: str


@dataclass(frozen=True, slots=True)
class Badge:
    """What is to be said of the configuration, and where it is changed."""

    text: str
    look: str
    href: str


@dataclass(frozen=True, slots=True)
class ModuleLine:
    """Everything that a module's row shows."""

    code: str
    name: str
    description: str
    version: str
    kind: Kind
    icon: str
    features: tuple[str, ...]
    tags: tuple[str, ...]
    wanted: bool
    state: ModuleState
    look: Look
    word: str
    detail: str
    alarm: bool
    progress: Progress | None
    ways: tuple[Way, ...]
    health: HealthStatus
    health_text: str
    requires: tuple[Neighbour, ...]
    required_by: tuple[Neighbour, ...]
    switch: Switch | None
    badge: Badge | None
    changed: LastChange | None
    operation_url: str | None
    url: str | None
    row_url: str
    config_url: str | None

    @property
    def attention(self) -> bool:
        """Whether somebody should look at it."""
        return self.alarm or (self.look == "on" and self.health in (HealthStatus.DEGRADED, HealthStatus.UNHEALTHY))

    @property
    def on(self) -> bool:
        """Whether it answers, whatever else is to be said of it; one that failed or waits does not."""
        return self.look in ("on", "config")

    @property
    def family(self) -> str:
        """The look in a few words, for pictures and trees: ``waiting`` and ``attention`` stand for several."""
        if self.look == "migration" and not self.alarm:
            return "off"
        return _FAMILIES.get(self.look, self.look)


def line(src: Sources, code: str) -> ModuleLine:
    """The row of ``code`` on the platform of ``src``."""
    module = src.registry[code]
    definition = module.definition
    status = src.snapshot.rows.get(code, ModuleStatus())
    kind = Kind.OPTIONAL if definition is None else definition.kind
    has_config = definition is not None and bool(definition.config_schema or definition.default_config)
    return _line(
        src,
        code,
        definition,
        status=status,
        shown=standing(src, module, status),
        switch=switch_of(src, code, status) if src.may_toggle and kind is not Kind.CORE else None,
        config_url=src.url(code, "config") if has_config and src.may_configure else None,
    )


def line_of_gone(src: Sources, code: str) -> ModuleLine:
    """The row of a module that is wanted on the platform and not installed any more."""
    word = _("On, but not installed")
    why = _("Its package is gone. Data and settings stay; once it is installed again it goes on.")
    shown = Standing("gone", word, why, alarm=True)
    return _line(src, code, None, status=src.snapshot.rows[code], shown=shown, switch=None, config_url=None)


def _line(
    src: Sources,
    code: str,
    definition: ModuleDefinition | None,
    *,
    status: ModuleStatus,
    shown: Standing,
    switch: Switch | None,
    config_url: str | None,
) -> ModuleLine:
    operation, _step = src.moving(code)
    report = src.report(code)
    gone = shown.look == "gone"
    unreadable = "" if gone else _("Its definition cannot be read.")
    return ModuleLine(
        code=code,
        name=texts.module_name(src.registry, code),
        description=texts.module_description(src.registry, code) if definition else unreadable,
        version=definition.version if definition else "",
        kind=definition.kind if definition else Kind.OPTIONAL,
        icon=texts.module_icon(src.registry, code),
        features=tuple(definition.features) if definition else (),
        tags=tuple(definition.tags) if definition else (),
        wanted=status.wanted,
        state=status.state,
        look=shown.look,
        word=shown.word,
        detail=shown.detail,
        alarm=shown.alarm,
        progress=shown.progress,
        ways=shown.ways,
        health=report.status,
        health_text=_health_text(report),
        requires=_neighbours(src, src.needs.get(code, frozenset())),
        required_by=_neighbours(src, src.needed_by.get(code, frozenset())),
        switch=switch,
        badge=None if gone else _badge(src, code, config_url),
        changed=_changed(src, code),
        operation_url=None if operation is None else url_for("pages.operation", operation_id=operation.id),
        url=None if gone else src.url(code),
        row_url=src.url(code, "row"),
        config_url=config_url,
    )


def _neighbours(src: Sources, codes: frozenset[str]) -> tuple[Neighbour, ...]:
    return tuple(Neighbour(code, src.snapshot.is_open(code), src.url(code)) for code in sorted(codes))


def _changed(src: Sources, code: str) -> LastChange | None:
    found = src.changes.get(code)
    return None if found is None else replace(found, actor=texts.actor(found.actor))


def _badge(src: Sources, code: str, config_url: str | None) -> Badge | None:
    config = src.snapshot.config.get(code)
    if config is None:
        return None
    where = config_url or src.url(code)
    if config.problems:
        return Badge(_("needs config"), "warn", where)
    changed = sum(source is ConfigSource.PLATFORM for source in config.sources.values())
    return Badge(ngettext("%(num)s changed", "%(num)s changed", changed), "", where) if changed else None


def _health_text(report: HealthView) -> str:
    if report.status in (HealthStatus.DEGRADED, HealthStatus.UNHEALTHY) and report.message:
        return report.message
    return texts.health(report.status)
