"""One sentence about an operation in the corner of the page, with the way back when there is one."""

from __future__ import annotations

from dataclasses import dataclass

from flask import url_for
from sqlalchemy.orm import Session

from console.context import current, current_platform, runtime
from console.domain.words import Action, OperationKind, OperationState
from console.errors import Conflict, RuleRefused, Unknown
from console.services import operations, recovery
from console.services.operation_views import OperationView
from console.web.admin import texts
from console.web.babel import gettext as _


@dataclass(frozen=True, slots=True)
class Toast:
    """What is said of an operation.

    Args:
        look: ``success``, ``info`` while it runs, ``error`` when it failed.
        operation_id: Names the toast: a later one about the same operation replaces it.
        url: The operation's page.
        undo_url: Where it is taken back; None when that cannot be done by one click.
        undo_digest: The plan that this click accepts.
        home: Id of the control that gets the focus of a toast that this one replaces.
        replaces: The operation that it takes back, whose toast goes.
    """

    text: str
    look: str = "success"
    operation_id: int | None = None
    url: str | None = None
    undo_url: str | None = None
    undo_digest: str = ""
    home: str = ""
    replaces: int | None = None


def about_operation(session: Session, view: OperationView) -> Toast:
    """What is to be said of ``view`` as it stands; one that succeeded can be taken back."""
    url = url_for("pages.operation", operation_id=view.id)
    home = f"switch-{view.steps[0].module}" if view.steps else ""
    if view.state is OperationState.FAILED:
        return Toast(_failed_text(view), "error", view.id, url, home=home)
    if view.is_open:
        return Toast(_text(view), "info", view.id, url, home=home, replaces=view.undoes_id)
    undo = _undo_digest(session, view)
    undo_url = url_for("pages.operation_undo", operation_id=view.id) if undo else None
    return Toast(_text(view), "success", view.id, url, undo_url, undo or "", home, view.undoes_id)


def of_row(session: Session, code: str) -> Toast | None:
    """What is to be said of the operation that moved a module last, once all of it has come to rest."""
    view = operations.latest_of(session, current_platform.id, code)
    return None if view is None or view.is_open else about_operation(session, view)


def of_address(session: Session, operation_id: int | None) -> Toast | None:
    """The toast after a redirect: only for an operation of this platform, and never text from the URL."""
    if operation_id is None:
        return None
    try:
        view = operations.get(session, operation_id)
    except Unknown:
        return None
    return about_operation(session, view) if view.platform_id == current_platform.id else None


def _undo_digest(session: Session, view: OperationView) -> str | None:
    """The plan that takes ``view`` back, when the person may, and nothing stands in the way."""
    grants = current().grants
    may_manage = grants is not None and grants.allows("operations.manage", platform_id=view.platform_id)
    if not may_manage or view.kind is not OperationKind.TOGGLE or not view.can_undo:
        return None
    try:
        return recovery.undo_plan(session, runtime(), view.id).digest
    except (Conflict, RuleRefused):
        return None  # a later operation or a rule stands in the way; the operation's page says which


def _text(view: OperationView) -> str:
    """One sentence: what was asked for, and how many modules came along."""
    asked = [step for step in view.steps if step.reason == "requested"] or list(view.steps)
    names = ", ".join(texts.module_name(runtime().registry, step.module) for step in asked)
    turned_on = asked[0].action is not Action.DISABLE
    others = len(view.steps) - len(asked)
    if view.state in (OperationState.CANCELLED, OperationState.KEPT, OperationState.UNDONE):
        return f"{names}: {texts.operation_state(view.state)}"
    if len({step.action is Action.DISABLE for step in asked}) > 1:
        sentence = _("Changing %(modules)s", modules=names) if view.is_open else _("%(modules)s changed", modules=names)
    elif view.is_open:
        sentence = _("Enabling %(modules)s", modules=names) if turned_on else _("Disabling %(modules)s", modules=names)
    elif len(asked) > 1:
        sentence = _("%(modules)s are on", modules=names) if turned_on else _("%(modules)s are off", modules=names)
    else:
        sentence = _("%(modules)s is on", modules=names) if turned_on else _("%(modules)s is off", modules=names)
    return _("%(sentence)s, and %(count)s more", sentence=sentence, count=others) if others else sentence


def _failed_text(view: OperationView) -> str:
    step = view.failed_step
    if step is None:
        return texts.operation_state(view.state)
    title = texts.action_title(step.action, texts.module_name(runtime().registry, step.module))
    reason = step.error.message if step.error is not None else ""
    return _("%(step)s failed: %(reason)s", step=title, reason=reason)
