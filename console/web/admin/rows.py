"""What a module's row shows: its state in words, what it waits for, and the ways out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from flask import url_for

from console.domain.plan_types import ModuleStatus
from console.domain.registry import InstalledModule
from console.domain.words import HealthStatus, Kind, ModuleState, StepState
from console.services.health import HealthView
from console.services.operation_views import OperationView, StepView
from console.web.admin import texts
from console.web.admin.sources import Sources
from console.web.admin.switches import Switch, switch_of
from console.web.babel import format_span
from console.web.babel import gettext as _

Look = Literal["on", "off", "busy", "failed", "waiting", "attention"]


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A module that this one requires or that requires it."""

    code: str
    on: bool
    href: str


@dataclass(frozen=True, slots=True)
class Way:
    """A way out of a state, as a button."""

    name: str
    label: str
    url: str
    method: str = "post"


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a hook is."""

    done: int
    total: int


@dataclass(frozen=True, slots=True)
class Standing:
    """How a module stands on the platform: the look, the words, and what the row offers."""

    look: Look
    word: str
    detail: str = ""
    progress: Progress | None = None
    ways: tuple[Way, ...] = ()


@dataclass(frozen=True, slots=True)
class ModuleLine:
    """Everything that a module's row shows."""

    code: str
    name: str
    description: str
    version: str
    kind: Kind
    icon: str
    wanted: bool
    state: ModuleState
    look: Look
    word: str
    detail: str
    progress: Progress | None
    ways: tuple[Way, ...]
    health: HealthStatus
    health_text: str
    requires: tuple[Neighbour, ...]
    required_by: tuple[Neighbour, ...]
    switch: Switch | None
    operation_url: str | None
    url: str
    row_url: str
    config_url: str | None

    @property
    def attention(self) -> bool:
        """Whether somebody should look at it."""
        sick = self.health in (HealthStatus.DEGRADED, HealthStatus.UNHEALTHY)
        return self.look in ("failed", "waiting", "attention") or (self.look == "on" and sick)

    @property
    def on(self) -> bool:
        """Whether it answers, whatever else is to be said of it; one that failed or waits does not."""
        return self.look == "on" or (self.look == "attention" and self.wanted)


def line(src: Sources, code: str) -> ModuleLine:
    """The row of ``code`` on the platform of ``src``."""
    module = src.registry[code]
    definition = module.definition
    status = src.snapshot.rows.get(code, ModuleStatus())
    operation, step = src.moving(code)
    standing = _standing(src, module, status, operation=operation, step=step)
    report = src.report(code)
    kind = Kind.OPTIONAL if definition is None else definition.kind
    has_config = definition is not None and bool(definition.config_schema or definition.default_config)
    return ModuleLine(
        code=code,
        name=texts.module_name(src.registry, code),
        description=definition.description if definition else _("Its definition cannot be read."),
        version=definition.version if definition else "",
        kind=kind,
        icon=texts.module_icon(src.registry, code),
        wanted=status.wanted,
        state=status.state,
        look=standing.look,
        word=standing.word,
        detail=standing.detail,
        progress=standing.progress,
        ways=standing.ways,
        health=report.status,
        health_text=_health_text(report),
        requires=_neighbours(src, src.needs[code]),
        required_by=_neighbours(src, src.needed_by[code]),
        switch=switch_of(src, code, status) if src.may_toggle and kind is not Kind.CORE else None,
        operation_url=None if operation is None else url_for("pages.operation", operation_id=operation.id),
        url=src.url(code),
        row_url=src.url(code, "row"),
        config_url=src.url(code, "config") if has_config and src.may_configure else None,
    )


def _neighbours(src: Sources, codes: frozenset[str]) -> tuple[Neighbour, ...]:
    return tuple(Neighbour(code, src.snapshot.is_open(code), src.url(code)) for code in sorted(codes))


def _health_text(report: HealthView) -> str:
    if report.status in (HealthStatus.DEGRADED, HealthStatus.UNHEALTHY) and report.message:
        return report.message
    return texts.health(report.status)


def _standing(
    src: Sources,
    module: InstalledModule,
    status: ModuleStatus,
    *,
    operation: OperationView | None,
    step: StepView | None,
) -> Standing:
    if module.quarantine:
        return Standing("attention", _("Quarantined"), module.quarantine)
    if status.state is ModuleState.FAILED:
        return _failed(src, status, operation, step)
    if status.state in (ModuleState.ENABLING, ModuleState.DISABLING):
        return _busy(src, status.state, operation, step)
    if src.snapshot.is_open(module.code):
        return _open(src, module.code)
    return _closed(src, module, status)


def _open(src: Sources, code: str) -> Standing:
    config = src.snapshot.config.get(code)
    if config is not None and config.problems:
        return Standing("attention", _("On, needs configuration"), ", ".join(sorted(config.problems)))
    return Standing("on", _("On"))


def _closed(src: Sources, module: InstalledModule, status: ModuleStatus) -> Standing:
    notice = src.unavailable.get(module.code)
    if notice is not None and (status.wanted or module.is_core):
        return Standing("attention", _("On, but cannot run"), notice.message)
    if status.wanted:
        missing = [each for each in sorted(src.needs[module.code]) if not src.snapshot.is_open(each)]
        names = ", ".join(texts.module_name(src.registry, each) for each in missing)
        return Standing("waiting", _("On, waiting for %(modules)s", modules=names) if names else _("On, waiting"))
    if status.state is ModuleState.ENABLED:
        return Standing("waiting", _("Off, clean-up pending"))
    return Standing("off", _("Off") if notice is None else _("Off, cannot be switched on yet"))


def _failed(src: Sources, status: ModuleStatus, operation: OperationView | None, step: StepView | None) -> Standing:
    word = _("Enabling failed") if status.wanted else _("Off, clean-up failed")
    detail = step.error.message if step is not None and step.error is not None else ""
    return Standing("failed", word, detail, ways=_ways(src, operation))


def _ways(src: Sources, operation: OperationView | None) -> tuple[Way, ...]:
    if operation is None or operation.is_open or not src.may_manage:
        return ()
    decide = {
        name: url_for("pages.operation_decide", operation_id=operation.id, decision=name) for name in ("retry", "keep")
    }
    return (
        Way("retry", _("Retry"), decide["retry"]),
        Way("undo", _("Undo"), url_for("pages.operation_undo", operation_id=operation.id), method="get"),
        Way("keep", _("Keep"), decide["keep"]),
    )


def _busy(src: Sources, state: ModuleState, operation: OperationView | None, step: StepView | None) -> Standing:
    word = _("Enabling…") if state is ModuleState.ENABLING else _("Disabling…")
    if operation is None or step is None:
        return Standing("busy", word)
    if step.state is StepState.PENDING and step.next_try_at is not None and step.error is not None:
        wait = format_span(step.next_try_at - src.now)
        return Standing(
            "busy", word, _("%(error)s. Next try %(when)s", error=step.error.message.rstrip("."), when=wait)
        )
    ahead = operation.current_step
    if step.state is StepState.PENDING and ahead is not None and ahead.module != step.module:
        return Standing("busy", word, _("after %(module)s", module=texts.module_name(src.registry, ahead.module)))
    return Standing("busy", word, progress_text(step), progress=progress_of(step))


def progress_of(step: StepView) -> Progress | None:
    """How far the hook of ``step`` is, once it says so."""
    if not step.progress_total or step.progress_done is None:
        return None
    return Progress(step.progress_done, step.progress_total)


def progress_text(step: StepView) -> str:
    """What the hook of ``step`` says about its progress."""
    found = progress_of(step)
    if found is None:
        return step.progress_text
    counted = _("%(done)s of %(total)s", done=found.done, total=found.total)
    return f"{counted} · {step.progress_text}" if step.progress_text else counted
