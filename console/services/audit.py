"""The audit: who did what to which platform, in the transaction of what was done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from sqlalchemy import select
from sqlalchemy.orm import Session

from console.domain.actor import Actor
from console.services import audit_chain
from console.services.operation_views import time_json
from console.storage.tables import AuditEntry
from console.storage.uow import UnitOfWork

Facts = Mapping[str, object]
TARGET = 200  # characters that the column holds


@dataclass(frozen=True, slots=True)
class AuditView:
    """One entry of the audit."""

    id: int
    platform_id: int | None
    platform: str
    at: datetime
    actor: str
    source: str
    action: str
    target: str
    reason: str
    request_id: str | None
    operation_id: int | None
    before: Facts | None
    after: Facts | None
    count: int


def record(
    uow: UnitOfWork,
    actor: Actor,
    *,
    action: str,
    target: str,
    now: datetime,
    platform_id: int | None = None,
    reason: str = "",
    operation_id: int | None = None,
    before: Facts | None = None,
    after: Facts | None = None,
    once: Sequence[str] | None = None,
) -> None:
    """Write one entry into the open unit of work; it is there when that is committed, and without it nothing is.

    Args:
        action: ``modules.enable``, ``config.save``, ``users.create`` …
        target: What it was done to: a code, a slug, an e-mail address.
        reason: The note that the actor gave, or the plan's reason.
        before: The facts before, secrets masked.
        after: The facts after, secrets masked.
        once: Facts by which the same is counted, not written again, within one minute; None writes each time.
    """
    if not uow.entries:
        uow.before_commit(partial(audit_chain.seal, uow))
    uow.entries.append(
        AuditEntry(
            platform_id=platform_id,
            at=now,
            actor=actor.name,
            source=actor.source,
            action=action,
            target=target[:TARGET],
            reason=reason[:500],
            request_id=actor.request_id,
            operation_id=operation_id,
            before=None if before is None else dict(before),
            after=None if after is None else dict(after),
            once=None if once is None else audit_chain.once((actor.name, action, target, *once), now),
            count=1,
            count_seal="",
        )
    )


def listing(
    session: Session,
    platform_id: int | None,
    *,
    limit: int = 50,
    before: int | None = None,
    action: str | None = None,
    target: str | None = None,
) -> list[AuditView]:
    """Entries of a platform, newest first; without a platform those of the whole instance.

    Args:
        before: Only entries older than this id, for the next page.
        action: Only this action, or with a trailing ``.`` this family of actions.
        target: Only entries about this.
    """
    found = select(AuditEntry).order_by(AuditEntry.id.desc()).limit(limit)
    if platform_id is not None:
        found = found.where(AuditEntry.platform_id == platform_id)
    if before is not None:
        found = found.where(AuditEntry.id < before)
    if action:
        matches = AuditEntry.action.startswith(action, autoescape=True) if action.endswith(".") else None
        found = found.where(AuditEntry.action == action if matches is None else matches)
    if target:
        found = found.where(AuditEntry.target == target)
    return [view_of(entry) for entry in session.scalars(found)]


def view_of(entry: AuditEntry) -> AuditView:
    """``entry`` as a value."""
    return AuditView(
        id=entry.id,
        platform_id=entry.platform_id,
        platform=entry.platform,
        at=entry.at,
        actor=entry.actor,
        source=entry.source,
        action=entry.action,
        target=entry.target,
        reason=entry.reason,
        request_id=entry.request_id,
        operation_id=entry.operation_id,
        before=entry.before,
        after=entry.after,
        count=entry.count,
    )


def entry_json(view: AuditView) -> dict[str, object]:
    """One entry, as it stands in documents."""
    return {
        "id": str(view.id),
        "at": time_json(view.at),
        "actor": view.actor,
        "source": view.source,
        "action": view.action,
        "target": view.target,
        "reason": view.reason,
        "request_id": view.request_id,
        "operation": None if view.operation_id is None else str(view.operation_id),
        "before": None if view.before is None else dict(view.before),
        "after": None if view.after is None else dict(view.after),
        "count": view.count,
    }
