"""The registry: every installed module, the broken ones with their reasons, and the state of the migrations."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import Flask, current_app, render_template
from werkzeug.wrappers import Response

from console.blueprint import requires_permission
from console.context import runtime
from console.domain.registry import InstalledModule
from console.domain.words import Kind
from console.services import migrations as service
from console.services import platforms
from console.services.runtime import Runtime
from console.storage.uow import read_session
from console.web.babel import gettext as _
from console.web.instance._blueprint import blueprint

if TYPE_CHECKING:
    from console.services.migrations.standing import BranchStatus


@dataclass(frozen=True, slots=True)
class RegistryLine:
    """An installed module as the registry's page shows it."""

    code: str
    name: str
    version: str
    icon: str
    kind: Kind
    source: str
    package: str
    look: str
    word: str
    reason: str
    problems: tuple[str, ...]
    on: int


@dataclass(frozen=True, slots=True)
class BranchLine:
    """A migration branch and its state in words."""

    status: BranchStatus
    word: str


@blueprint.get("/modules")
@requires_permission("instance.manage")
def modules() -> str | Response:
    """Every installed module in dependency order, with on how many platforms it is on."""
    rt, session = runtime(), read_session()
    alive = platforms.listing(session)
    opened = Counter(code for each in alive for code in rt.snapshots.get(session, rt, each.id, each.revision).open)
    lines = [_line(rt, module, on=opened[module.code]) for module in rt.registry.modules()]
    return render_template("instance/modules.html", lines=lines, platform_count=len(alive))


@blueprint.get("/migrations")
@requires_permission("instance.manage")
def migrations() -> str | Response:
    """Each branch with its head and what is pending."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # a proxy has it
    words = {
        "current": _("Up to date"),
        "behind": _("Upgrade waits"),
        "missing": _("Package is gone"),
        "drifted": _("Files are gone"),
        "failed": _("Failed"),
    }
    lines = [BranchLine(each, words[each.state]) for each in service.status(app)]
    waiting = [each for each in lines if each.status.state in ("behind", "failed")]
    return render_template("instance/migrations.html", branches=lines, waiting=len(waiting))


def _line(rt: Runtime, module: InstalledModule, *, on: int) -> RegistryLine:
    definition = module.definition
    look, word, reason = _standing(rt, module)
    sources = {"built-in": _("with the console"), "path": _("folder"), "package": _("package")}
    return RegistryLine(
        code=module.code,
        name=module.name,
        version=module.version,
        icon=definition.icon if definition is not None else "puzzle",
        kind=definition.kind if definition is not None else Kind.OPTIONAL,
        source=sources[module.source],
        package=module.package,
        look=look,
        word=word,
        reason=reason,
        problems=tuple(_problems(module)),
        on=on,
    )


def _standing(rt: Runtime, module: InstalledModule) -> tuple[str, str, str]:
    if module.quarantine is not None:
        return "bad", _("Quarantined"), module.quarantine
    if module.code in rt.unavailable:
        return "warn", _("Needs migration"), rt.unavailable[module.code].message
    if module.code in rt.startup_failures:
        return "warn", _("Start-up failed"), rt.startup_failures[module.code]
    return "ok", _("Loaded"), ""


def _problems(module: InstalledModule) -> Iterator[str]:
    for problem in module.problems:
        yield problem.line
