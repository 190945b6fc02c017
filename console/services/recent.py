"""What somebody did lately, from the newest entries of the audit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from console.storage.tables import AuditEntry, Platform

WINDOW = 2000
"""So many entries are looked at, whoever wrote them: what is recent costs the same however long the audit is."""
FAMILIES = ("modules.", "config.", "operations.")


@dataclass(frozen=True, slots=True)
class Deed:
    """One thing that somebody did on a platform that still lives."""

    at: datetime
    action: str
    target: str
    reason: str
    operation_id: int | None
    platform_id: int
    platform: str
    platform_name: str


def deeds(session: Session, actor: str, *, limit: int = 60) -> list[Deed]:
    """What ``actor`` lately did to modules, configurations and operations, newest first; one statement."""
    newest = select(func.max(AuditEntry.id)).scalar_subquery()
    entry = (AuditEntry.at, AuditEntry.action, AuditEntry.target, AuditEntry.reason, AuditEntry.operation_id)
    found = (
        select(*entry, Platform.id, Platform.slug, Platform.name)
        .join(Platform, Platform.id == AuditEntry.platform_id)
        .where(AuditEntry.id > newest - WINDOW, AuditEntry.actor == actor, Platform.archived_at.is_(None))
        .where(or_(*(AuditEntry.action.startswith(family) for family in FAMILIES)))
        .order_by(AuditEntry.id.desc())
        .limit(limit)
    )
    return [Deed(*row) for row in session.execute(found)]
