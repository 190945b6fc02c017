"""How a module stands on the platform: the look, the words, what it waits for, and the ways out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from flask import url_for

from console.domain.plan_types import ModuleStatus
from console.domain.registry import InstalledModule
from console.domain.words import ModuleState, StepState
from console.services.operation_views import OperationView, StepView
from console.web.admin import texts
from console.web.admin.sources import Sources
from console.web.babel import format_span
from console.web.babel import gettext as _

Look = Literal["on", "off", "busy", "failed", "waiting", "cleanup", "config", "quarantined", "migration", "gone"]

DECIDING = "operations.manage"


@dataclass(frozen=True, slots=True)
class Way:
    """A way out of a state, as a button.

    Args:
        needs: The permission without which it is shown, but disabled.
    """

    name: str
    label: str
    url: str
    method: str = "post"
    needs: str = ""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a hook is."""

    done: int
    total: int


@dataclass(frozen=True, slots=True)
class Standing:
    """What a row says about its module.

    Args:
        look: Names shape and colour.
        alarm: Whether somebody should look at it.
    """

    look: Look
    word: str
    detail: str = ""
    alarm: bool = False
    progress: Progress | None = None
    ways: tuple[Way, ...] = ()


def standing(src: Sources, module: InstalledModule, status: ModuleStatus) -> Standing:
    """How ``module`` with the row ``status`` stands on the platform of ``src``."""
    operation, step = src.moving(module.code)
    if module.quarantine:
        way = Way("look", _("See what is wrong"), src.url(module.code), "get")
        return Standing("quarantined", _("Quarantined"), module.quarantine, alarm=True, ways=(way,))
    if status.state is ModuleState.FAILED:
        return _failed(src, status, operation, step)
    if status.state in (ModuleState.ENABLING, ModuleState.DISABLING):
        return _busy(src, status.state, operation, step)
    if src.snapshot.is_open(module.code):
        return _open(src, module.code)
    return _closed(src, module, status, operation=operation)


def _open(src: Sources, code: str) -> Standing:
    config = src.snapshot.config.get(code)
    if config is None or not config.problems:
        return Standing("on", _("On"))
    ways = (Way("configure", _("Configure"), src.url(code, "config"), "get", needs="modules.configure"),)
    keys = ", ".join(sorted(config.problems))
    return Standing("config", _("On, needs configuration"), keys, alarm=True, ways=ways)


def _closed(
    src: Sources, module: InstalledModule, status: ModuleStatus, *, operation: OperationView | None
) -> Standing:
    notice = src.unavailable.get(module.code)
    wanted = status.wanted or module.is_core
    if notice is not None:
        word = _("On, needs migration") if wanted else _("Off, needs migration")
        ways = (Way("migrations", _("See migrations"), src.migrations_url, "get"),) if src.migrations_url else ()
        return Standing("migration", word, notice.message, alarm=wanted, ways=ways)
    if wanted:
        return _waiting(src, module.code, operation)
    if status.state is ModuleState.ENABLED:
        word = _("Off, clean-up pending")
        return Standing("cleanup", word, _stopped_at(src, operation), alarm=True, ways=_decisions(src, operation))
    return Standing("off", _("Off"))


def _waiting(src: Sources, code: str, operation: OperationView | None) -> Standing:
    missing = [each for each in sorted(src.needs[code]) if not src.snapshot.is_open(each)]
    names = ", ".join(texts.module_name(src.registry, each) for each in missing)
    word = _("On, waiting for %(modules)s", modules=names) if names else _("On, waiting")
    ways = _decisions(src, operation) or _neighbours_of(src, missing)
    return Standing("waiting", word, alarm=True, ways=ways)


def _neighbours_of(src: Sources, codes: Sequence[str]) -> tuple[Way, ...]:
    """Where to find out why those are not on; a module that is not installed has no page."""
    installed = [code for code in codes if code in src.registry]
    return tuple(
        Way(f"to-{code}", _("Look at %(module)s", module=texts.module_name(src.registry, code)), src.url(code), "get")
        for code in installed[:2]
    )


def _stopped_at(src: Sources, operation: OperationView | None) -> str:
    failed = None if operation is None else operation.failed_step
    if failed is None:
        return ""
    return _("The operation stopped at %(module)s.", module=texts.module_name(src.registry, failed.module))


def _failed(src: Sources, status: ModuleStatus, operation: OperationView | None, step: StepView | None) -> Standing:
    word = _("Enabling failed") if status.wanted else _("Off, clean-up failed")
    detail = step.error.message if step is not None and step.error is not None else ""
    return Standing("failed", word, detail, alarm=True, ways=_decisions(src, operation))


def _decisions(src: Sources, operation: OperationView | None) -> tuple[Way, ...]:
    """Retry, undo and keep of an operation that failed."""
    if operation is None or operation.is_open:
        return ()
    decide = {
        name: url_for("pages.operation_decide", operation_id=operation.id, decision=name) for name in ("retry", "keep")
    }
    return (
        Way("retry", _("Retry"), decide["retry"], needs=DECIDING),
        Way("undo", _("Undo"), url_for("pages.operation_undo", operation_id=operation.id), "get", needs=DECIDING),
        Way("keep", _("Keep"), decide["keep"], needs=DECIDING),
    )


def _busy(src: Sources, state: ModuleState, operation: OperationView | None, step: StepView | None) -> Standing:
    word = _("Enabling…") if state is ModuleState.ENABLING else _("Disabling…")
    if operation is None or step is None:
        return Standing("busy", word)
    if step.state is StepState.PENDING and step.next_try_at is not None and step.error is not None:
        wait = format_span(step.next_try_at - src.now)
        again = _("%(error)s. Next try %(when)s", error=step.error.message.rstrip("."), when=wait)
        return Standing("busy", word, again)
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
