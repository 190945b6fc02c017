"""The audit by what people look for: page by page for reading, and whole, in small pieces, for taking away."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field

from sqlalchemy import ColumnElement, String, cast, or_, select
from sqlalchemy.orm import Session

from console.domain.days import Period
from console.services.audit import AuditView, view_of
from console.services.paging import Page, Place, page_of
from console.storage.tables import AuditEntry
from console.storage.uow import end_read

NEWEST = Place()
BATCH = 500
"""Entries that are in memory at once while all are read."""


@dataclass(frozen=True, slots=True)
class AuditQuery:
    """What is looked for; an empty field means any.

    Args:
        actor: Part of who did it.
        action: One action, or with a trailing ``.`` a family of them.
        target: What it was done to, whole.
        source: The door through which somebody came.
        text: Part of anything that the entry says, before and after included.
        without: Families of actions that are left out.
    """

    actor: str = ""
    action: str = ""
    target: str = ""
    source: str = ""
    text: str = ""
    operation_id: int | None = None
    without: tuple[str, ...] = ()
    period: Period = field(default_factory=Period)


def find(
    session: Session, platform_id: int | None, query: AuditQuery, *, size: int = 50, place: Place = NEWEST
) -> Page[AuditView]:
    """The entries of a platform, of all without one, that ``query`` asks for, newest first; one statement."""
    found = select(AuditEntry).where(*_conditions(platform_id, query))
    page = page_of(session, found, AuditEntry.id, size=size, place=place)
    return Page(tuple(map(view_of, page.rows)), page.newer, page.older)


def changes(session: Session, platform_id: int | None, *, size: int) -> tuple[AuditView, ...]:
    """The newest entries about what somebody changed: neither logins nor the steps that followed."""
    return find(session, platform_id, AuditQuery(without=("sessions.", "steps.")), size=size).rows


def batches(session: Session, platform_id: int | None, query: AuditQuery) -> Iterator[tuple[AuditView, ...]]:
    """All entries that ``query`` asks for, newest first, in pieces; what is written meanwhile is not among them.

    Between two pieces no transaction stays open, so a slow reader holds nothing up.
    """
    place: Place | None = NEWEST
    while place is not None:
        page = find(session, platform_id, query, size=BATCH, place=place)
        end_read()
        if page.rows:
            yield page.rows
        place = page.older


def _conditions(platform_id: int | None, query: AuditQuery) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if platform_id is not None:
        found.append(AuditEntry.platform_id == platform_id)
    if query.actor:
        found.append(AuditEntry.actor.icontains(query.actor, autoescape=True))
    if query.action.endswith("."):
        found.append(AuditEntry.action.startswith(query.action, autoescape=True))
    elif query.action:
        found.append(AuditEntry.action == query.action)
    if query.target:
        found.append(AuditEntry.target == query.target)
    if query.source:
        found.append(AuditEntry.source == query.source)
    found += [~AuditEntry.action.startswith(family, autoescape=True) for family in query.without]
    if query.operation_id is not None:
        found.append(AuditEntry.operation_id == query.operation_id)
    if query.period.since is not None:
        found.append(AuditEntry.at >= query.period.since)
    if query.period.until is not None:
        found.append(AuditEntry.at < query.period.until)
    return [*found, *([_anywhere(query.text)] if query.text else [])]


def _anywhere(text: str) -> ColumnElement[bool]:
    plain = (AuditEntry.actor, AuditEntry.action, AuditEntry.target, AuditEntry.reason, AuditEntry.request_id)
    facts = (cast(AuditEntry.before, String), cast(AuditEntry.after, String))
    stored = {text, json.dumps(text)[1:-1]}  # SQLite keeps letters beyond ASCII as JSON escapes them
    return or_(
        *(column.icontains(text, autoescape=True) for column in plain),
        *(column.icontains(each, autoescape=True) for column in facts for each in sorted(stored)),
    )
