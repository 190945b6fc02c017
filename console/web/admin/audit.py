"""The audit as people read it: who did what to which platform."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from flask import render_template, request, url_for
from werkzeug.wrappers import Response

from console.blueprint import requires_permission
from console.context import current_platform, runtime
from console.domain.words import FrontendType
from console.services import audit as service
from console.services.audit import AuditView
from console.storage.uow import read_session
from console.web.admin import texts
from console.web.admin._blueprint import blueprint
from console.web.babel import gettext as _
from console.web.babel import lazy_gettext

Answer = str | Response
PAGE_SIZE = 50

FAMILIES = {
    "modules.": ("blocks", lazy_gettext("Modules")),
    "config.": ("sliders-horizontal", lazy_gettext("Configuration")),
    "operations.": ("history", lazy_gettext("Operations")),
    "vendors.": ("store", lazy_gettext("Vendors")),
    "requests.": ("inbox", lazy_gettext("Requests")),
    "menu.": ("list-tree", lazy_gettext("Menus")),
    "users.": ("users", lazy_gettext("People")),
    "platforms.": ("layers", lazy_gettext("Platforms")),
    "tokens.": ("key-round", lazy_gettext("Tokens")),
    "steps.": ("list-checks", lazy_gettext("Steps")),
    "sessions.": ("log-in", lazy_gettext("Logins")),
}


@dataclass(frozen=True, slots=True)
class AuditLine:
    """One entry as the page shows it."""

    at: datetime
    actor: str
    source: str
    icon: str
    text: str
    reason: str
    change: str
    operation_id: int | None
    operation_url: str | None


def audit_lines(entries: Iterable[AuditView], *, link: bool = True) -> list[AuditLine]:
    """The entries in words.

    Args:
        link: Whether to link operations; only inside a platform's pages.
    """
    return [_line(entry, link=link) for entry in entries]


@blueprint.get("/audit")
@requires_permission("audit.view")
def audit() -> Answer:
    """The platform's audit, newest first, by family or by what it was done to."""
    family = request.args.get("action", "")
    target = request.args.get("q", "").strip()
    found = service.listing(
        read_session(),
        current_platform.id,
        limit=PAGE_SIZE + 1,
        before=request.args.get("before", type=int),
        action=family if family in FAMILIES else None,
        target=target or None,
    )
    older = None
    if len(found) > PAGE_SIZE:
        older = url_for("pages.audit", before=found[PAGE_SIZE - 1].id, action=family or None, q=target or None)
    return render_template(
        "admin/audit.html",
        entries=audit_lines(found[:PAGE_SIZE]),
        families=[(name, label) for name, (_icon, label) in FAMILIES.items()],
        family=family,
        target=target,
        older_url=older,
    )


def _line(entry: AuditView, *, link: bool) -> AuditLine:
    family = entry.action.partition(".")[0] + "."
    linked = link and entry.operation_id is not None
    return AuditLine(
        at=entry.at,
        actor=entry.actor,
        source=entry.source,
        icon=FAMILIES.get(family, ("info", ""))[0],
        text=action_text(entry.action, entry.target),
        reason=_reason(entry.reason),
        change=_change(entry.before, entry.after),
        operation_id=entry.operation_id,
        operation_url=url_for("pages.operation", operation_id=entry.operation_id) if linked else None,
    )


def action_text(action: str, target: str) -> str:
    """An action in words; one that has none yet is named as it is stored."""
    name = texts.module_name(runtime().registry, target)
    sentences = {
        "modules.enable": _("%(name)s was asked for", name=name),
        "modules.disable": _("%(name)s was switched off", name=name),
        "modules.configure": _("%(name)s is now on for its own sake", name=name),
        "modules.purge": _("What %(name)s kept was deleted", name=name),
        "steps.succeeded": _("The step for %(name)s is done", name=name),
        "steps.failed": _("The step for %(name)s failed", name=name),
        "steps.skipped": _("The step for %(name)s was skipped", name=name),
        "operations.retry": _("Operation %(name)s was tried again", name=target),
        "operations.undo": _("Operation %(name)s was undone", name=target),
        "operations.keep": _("Operation %(name)s was kept as it is", name=target),
        "operations.cancel": _("Operation %(name)s was cancelled", name=target),
        "operations.force": _("A step was ended without its hook: %(name)s", name=target),
        "config.save": _("Configuration of %(name)s was changed", name=name),
        "config.restore": _("Configuration of %(name)s was restored", name=name),
        "platforms.create": _("Platform %(name)s was created", name=target),
        "platforms.archive": _("Platform %(name)s was archived", name=target),
        "vendors.create": _("Vendor %(name)s was created", name=target),
        "requests.ask": _("A vendor asked for %(name)s", name=name),
        "requests.withdrawn": _("A vendor withdrew its request for %(name)s", name=name),
        "requests.granted": _("A request for %(name)s was granted", name=name),
        "requests.declined": _("A request for %(name)s was declined", name=name),
        "menu.save": _("The menu of admins was arranged")
        if target == FrontendType.ADMIN
        else _("The menu of vendors was arranged"),
        "menu.reset": _("The menu of admins follows the modules again")
        if target == FrontendType.ADMIN
        else _("The menu of vendors follows the modules again"),
        "users.create": _("%(name)s was given a login", name=target),
        "users.grant": _("%(name)s was given a role", name=target),
        "users.revoke": _("A role was taken from %(name)s", name=target),
        "users.disable": _("%(name)s was locked out", name=target),
        "users.passwd": _("The password of %(name)s was changed", name=target),
        "users.profile": _("%(name)s changed the profile", name=target),
        "tokens.create": _("Token %(name)s was made", name=target),
        "tokens.revoke": _("Token %(name)s was revoked", name=target),
        "sessions.start": _("%(name)s logged in", name=target),
    }
    return sentences.get(action, f"{action} {target}")


def _reason(text: str) -> str:
    if text == "requested":
        return ""
    known = text.partition(":")[0] in ("required_by", "requires", "unneeded")
    return texts.reason(runtime().registry, text) if known else text


def _change(before: Mapping[str, object] | None, after: Mapping[str, object] | None) -> str:
    old, new = before or {}, after or {}
    parts = [
        f"{key}: {old.get(key, '∅')} → {new.get(key, '∅')}" if before is not None else f"{key}: {new[key]}"
        for key in dict.fromkeys((*old, *new))
        if old.get(key) != new.get(key)
    ]
    return ", ".join(parts)[:300]
