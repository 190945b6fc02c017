"""An operation as people read it: steps with their states, what went wrong, and the ways out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from flask import url_for

from console.domain.registry import Registry
from console.domain.words import Action, OperationKind, OperationState, StepState
from console.services.operation_views import SUPERSEDED, WITHOUT_HOOK, OperationView, StepView
from console.web.admin import texts
from console.web.admin.operation_log import LogRow, log_row
from console.web.admin.standing import progress_text
from console.web.babel import format_length, format_span, ngettext
from console.web.babel import gettext as _
from console.web.forms import inputs_for

NOTICEABLE = timedelta(seconds=0.1)


@dataclass(frozen=True, slots=True)
class Decision:
    """A way out of an operation's state, as a button."""

    name: str
    label: str
    icon: str
    hint: str
    url: str
    method: str = "post"


@dataclass(frozen=True, slots=True)
class StepRow:
    """One step as the page shows it."""

    position: int
    module: str
    icon: str
    title: str
    reason: str
    state: str
    word: str
    done: int
    total: int
    facts: tuple[str, ...]
    error_class: str
    error_message: str
    error_field: str
    traceback: str
    field_url: str | None
    force_url: str | None
    log: tuple[LogRow, ...]


@dataclass(frozen=True, slots=True)
class OperationPage:
    """An operation as the page shows it."""

    id: int
    title: str
    kind: str
    state: str
    word: str
    actor: str
    source: str
    note: str
    created_at: datetime
    took: str
    summary: str
    at: str
    done: int
    total: int
    explanation: str
    moving: bool
    platform: str
    url: str
    row_url: str
    undoes_url: str | None
    ways: tuple[Decision, ...]
    steps: tuple[StepRow, ...]


def operation_page(registry: Registry, view: OperationView, *, now: datetime, may_manage: bool) -> OperationPage:
    """The page of ``view``.

    Args:
        may_manage: Whether the person may decide about it; only then tracebacks are shown.
    """
    address = partial(url_for, platform=view.platform)
    step = view.current_step if view.is_open else None
    return OperationPage(
        id=view.id,
        title=operation_title(registry, view),
        kind=texts.operation_kind(view.kind),
        state=view.state.value,
        word=texts.operation_state(view.state),
        actor=texts.actor(view.actor),
        source=texts.source(view.source),
        note=view.note,
        created_at=view.created_at,
        took=_took(view),
        summary=ngettext("%(num)s module", "%(num)s modules", len(view.steps)),
        at="" if step is None else _at(registry, step),
        done=(step.progress_done or 0) if step is not None else 0,
        total=(step.progress_total or 0) if step is not None else 0,
        explanation=_explanation(view),
        moving=view.is_open,
        platform=view.platform,
        url=address("pages.operation", operation_id=view.id),
        row_url=address("pages.operation_row", operation_id=view.id),
        undoes_url=None if view.undoes_id is None else address("pages.operation", operation_id=view.undoes_id),
        ways=tuple(_ways(view)),
        steps=tuple(_row(registry, view, step, now=now, may_manage=may_manage) for step in view.steps),
    )


def operation_title(registry: Registry, view: OperationView) -> str:
    """What the operation was asked for, in one line."""
    if view.kind is OperationKind.CREATE:
        return _("Create platform")
    if view.kind is OperationKind.UNDO:
        return _("Undo operation %(id)s", id=view.undoes_id)
    asked = [step for step in view.steps if step.reason == "requested"] or list(view.steps[:1])
    if not asked:
        return _("Nothing")
    names = ", ".join(texts.module_name(registry, step.module) for step in asked[:3])
    return texts.action_title(asked[0].action, names + ("…" if len(asked) > 3 else ""))


def _took(view: OperationView) -> str:
    """How long it took from its first step to its end."""
    if view.started_at is None or view.finished_at is None:
        return ""
    took = view.finished_at - view.started_at
    return format_length(took) if took >= NOTICEABLE else ""


def _at(registry: Registry, step: StepView) -> str:
    """Which step an open operation is at, and how far."""
    told = progress_text(step)
    name = texts.module_name(registry, step.module)
    return f"{name}: {told}" if told else name


def _explanation(view: OperationView) -> str:
    if view.state is OperationState.FAILED:
        return _(
            "It stopped at the step that failed. What was done stays done; the rest was not begun. "
            "Retry it, undo it, or keep what there is."
        )
    if view.state is OperationState.QUEUED:
        return _("It waits for its turn: operations of one platform run one after the other.")
    return ""


def _ways(view: OperationView) -> Iterator[Decision]:
    def way(name: str, label: str, *, icon: str, hint: str) -> Decision:
        url = url_for("pages.operation_decide", platform=view.platform, operation_id=view.id, decision=name)
        return Decision(name, label, icon, hint, url)

    undo_url = url_for("pages.operation_undo", platform=view.platform, operation_id=view.id)
    undo = Decision("undo", _("Undo"), "undo-2", _("Back to how its modules were before"), undo_url, method="get")
    if view.state is OperationState.FAILED:
        yield way("retry", _("Retry"), icon="refresh-cw", hint=_("Run the failed step and the rest again"))
        yield undo
        yield way("keep", _("Keep"), icon="check", hint=_("Leave it; what failed or was skipped becomes off"))
    elif view.can_cancel:
        yield way("cancel", _("Cancel"), icon="x", hint=_("Stop before the next step"))
    elif view.state is OperationState.SUCCEEDED and view.can_undo and view.kind is OperationKind.TOGGLE:
        yield undo


def _row(registry: Registry, view: OperationView, step: StepView, *, now: datetime, may_manage: bool) -> StepRow:
    error = step.error
    told = error is not None and error.kind not in (SUPERSEDED, WITHOUT_HOOK)
    waits = step.state is StepState.PENDING and step.next_try_at is not None and view.is_open
    forcible = step.action is Action.DISABLE and (step.state is StepState.FAILED or waits)
    return StepRow(
        position=step.position,
        module=step.module,
        icon=texts.module_icon(registry, step.module),
        title=texts.action_title(step.action, texts.module_name(registry, step.module)),
        reason=texts.reason(registry, step.reason),
        state=step.state.value,
        word=texts.step_state(step.state),
        done=step.progress_done or 0,
        total=step.progress_total or 0,
        facts=tuple(_facts(step, now)),
        error_class=error.kind if error is not None and told else "",
        error_message=error.message if error is not None and told else "",
        error_field=(error.field or "") if error is not None else "",
        traceback=(error.traceback or "") if error is not None and may_manage else "",
        field_url=_field_url(registry, view, step),
        force_url=_force_url(view, step) if forcible else None,
        log=tuple(map(log_row, step.log or ())),
    )


def _facts(step: StepView, now: datetime) -> Iterator[str]:
    if step.superseded:
        yield _("A later request reversed it")
    if step.forced:
        yield _("Ended without its hook")
    if step.state is StepState.RUNNING and progress_text(step):
        yield progress_text(step)
    if step.attempts > 1 or (step.attempts and step.state in (StepState.PENDING, StepState.FAILED)):
        yield ngettext("%(num)s attempt", "%(num)s attempts", step.attempts)
    if step.state is StepState.PENDING and step.next_try_at is not None:
        yield _("next try %(when)s", when=format_span(step.next_try_at - now))
    if step.started_at is not None and step.finished_at is not None and step.hook:
        yield _("took %(time)s", time=format_length(step.finished_at - step.started_at))


def _force_url(view: OperationView, step: StepView) -> str:
    return url_for("pages.operation_force", platform=view.platform, operation_id=view.id, position=step.position)


def _field_url(registry: Registry, view: OperationView, step: StepView) -> str | None:
    """Where the field that a hook found wrong is mended, when the module has such a field."""
    if step.error is None or not step.error.field or step.module not in registry:
        return None
    definition = registry[step.module].definition
    if definition is None or step.error.field not in {each.key for each in inputs_for(definition)}:
        return None
    anchor = f"field-{step.error.field}"
    return url_for("pages.module_config", platform=view.platform, code=step.module, _anchor=anchor)
