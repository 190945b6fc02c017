"""Why a module is on or off here, in sentences: what has to hold for it to be on, and what of that does."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from flask import url_for

from console.context import runtime
from console.domain.plan_types import OFF, ModuleStatus
from console.domain.registry import InstalledModule
from console.domain.words import ConfigSource, ModuleState, Origin
from console.services.operation_views import OperationView
from console.web.admin import texts
from console.web.admin.sources import Sources
from console.web.babel import gettext as _


@dataclass(frozen=True, slots=True)
class Cause:
    """One sentence.

    Args:
        holds: Whether it speaks for *on*; False alone is enough for *off*.
        url: Where its source is, if it has a page.
    """

    text: str
    holds: bool = True
    url: str | None = None
    link: str = ""


def causes(src: Sources, code: str, last: OperationView | None) -> tuple[Cause, ...]:
    """Every cause behind the state of ``code``.

    Args:
        last: The newest operation with a step for it.
    """
    module = src.registry[code]
    return (*_package(src, module), *_platform(src, module, last), *_requirements(src, code), *_config(src, code))


def _package(src: Sources, module: InstalledModule) -> Iterator[Cause]:
    facts = {"module": module.name, "version": module.version}
    yield Cause(
        {
            "built-in": _("%(module)s %(version)s comes with the console.", **facts),
            "path": _("%(module)s %(version)s was found in a folder of modules.", **facts),
            "package": _("%(module)s %(version)s is an installed package.", **facts),
        }[module.source]
    )
    if module.quarantine is not None:
        yield Cause(_("It is quarantined: %(reason)s", reason=module.quarantine), holds=False)
    if module.code in src.unavailable:
        yield Cause(src.unavailable[module.code].message, holds=False)
    failures = runtime().startup_failures
    if module.code in failures:
        yield Cause(_("Its start-up failed, and it works on: %(reason)s", reason=failures[module.code]))


def _platform(src: Sources, module: InstalledModule, last: OperationView | None) -> Iterator[Cause]:
    if src.snapshot.archived:
        yield Cause(_("The platform is archived."), holds=False)
    if module.is_core:
        yield Cause(_("It is a core module, so it is on everywhere and never off."))
        return
    status = src.snapshot.rows.get(module.code, OFF)
    where = {}
    if last is not None:
        url = url_for("pages.operation", operation_id=last.id)
        where = {"url": url, "link": _("operation %(id)s by %(actor)s", id=last.id, actor=texts.actor(last.actor))}
    yield Cause(_wanted(status, never=last is None), status.wanted, **where)
    if status.wanted or status.state is not ModuleState.DISABLED:
        yield Cause(_state(status), status.state is ModuleState.ENABLED)


def _wanted(status: ModuleStatus, *, never: bool) -> str:
    if not status.wanted:
        return _("Nobody has switched it on here.") if never else _("It was switched off.")
    return {
        Origin.EXPLICIT: _("It was asked for by name."),
        Origin.IMPLIED: _("It was switched on because another module requires it."),
        Origin.DEFAULT: _("It is switched on by default on a new platform."),
        Origin.CORE: _("It is a core module, so it is on everywhere and never off."),
    }[status.origin or Origin.EXPLICIT]


def _state(status: ModuleStatus) -> str:
    return {
        ModuleState.ENABLED: _("Switching it on went through to the end."),
        ModuleState.ENABLING: _("It is being switched on."),
        ModuleState.DISABLING: _("It is being switched off."),
        ModuleState.DISABLED: _("Its turn to be switched on has not come."),
        ModuleState.FAILED: _("Its last step failed."),
    }[status.state]


def _requirements(src: Sources, code: str) -> Iterator[Cause]:
    for need in sorted(src.needs[code]):
        name = texts.module_name(src.registry, need)
        if need not in src.registry:
            yield Cause(_("It requires %(module)s, which is not installed.", module=name), holds=False)
        elif src.snapshot.is_open(need):
            yield Cause(_("It requires %(module)s, which is on.", module=name))
        else:
            yield Cause(_("It requires %(module)s, which is not on.", module=name), holds=False)


def _config(src: Sources, code: str) -> Iterator[Cause]:
    """Configuration never switches a module off; what is wrong or locked is worth knowing all the same."""
    config = src.snapshot.config.get(code)
    if config is None:
        return
    url = url_for("pages.module_config", code=code)
    for key, reason in config.problems.items():
        text = _("Its setting %(key)s cannot be used: %(reason)s", key=key, reason=reason)
        yield Cause(text, url=url, link=_("Configuration"))
    for key, source in config.sources.items():
        if source is ConfigSource.FILE:
            yield Cause(_("Its setting %(key)s is held by console.toml.", key=key))
        elif source is ConfigSource.ENV:
            yield Cause(_("Its setting %(key)s is held by the environment.", key=key))
