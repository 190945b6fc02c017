"""The audit as a list: what the address asks for, entries in words under their days, and the file to take away."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from flask import Response, stream_with_context, url_for
from sqlalchemy.orm import Session

from console.context import runtime
from console.domain.days import day_of
from console.errors import UsageError
from console.services import audit_export, audit_search, audit_verify
from console.services.audit import AuditView
from console.services.audit_export import MEDIA, Form
from console.services.audit_search import AuditQuery
from console.services.audit_verify import Standing
from console.services.paging import Page
from console.web.admin import filters, texts
from console.web.admin.audit_words import FAMILIES, action_text, changes, family_icon, reason_text
from console.web.admin.changes import Change
from console.web.admin.filters import DayFields, Pager
from console.web.babel import timezone

PAGE_SIZE = 50
SOURCES = ("page", "cli", "api", "file", "system")


@dataclass(frozen=True, slots=True)
class AuditLine:
    """One entry as the page shows it."""

    at: datetime
    actor: str
    source: str
    icon: str
    text: str
    reason: str
    changes: tuple[Change, ...]
    operation_id: int | None
    operation_url: str | None
    platform: str | None
    count: int


@dataclass(frozen=True, slots=True)
class AuditDay:
    """The entries of one day, newest first."""

    day: date
    lines: tuple[AuditLine, ...]


@dataclass(frozen=True, slots=True)
class Fields:
    """The filters as the form shows them."""

    q: str
    action: str
    actions: tuple[tuple[str, str], ...]
    target: str
    modules: tuple[tuple[str, str], ...]
    actor: str
    source: str
    sources: tuple[tuple[str, str], ...]
    operation: int | None
    days: DayFields

    @property
    def any(self) -> bool:
        """Whether anything is left out."""
        return any((self.q, self.action, self.operation, self.more))

    @property
    def more(self) -> int:
        """How many of the lesser filters are set."""
        lesser = (self.target, self.actor, self.source, self.days.first, self.days.last)
        return sum(map(bool, lesser))

    @property
    def query(self) -> AuditQuery:
        """What is looked for."""
        return AuditQuery(
            actor=self.actor,
            action=self.action,
            target=self.target,
            source=self.source,
            text=self.q,
            operation_id=self.operation,
            period=self.days.period,
        )


@dataclass(frozen=True, slots=True)
class Listing:
    """The list as the page shows it."""

    fields: Fields
    days: tuple[AuditDay, ...]
    standing: Standing
    pager: Pager
    page_url: str
    csv_url: str
    json_url: str


def audit_lines(entries: Iterable[AuditView], *, slugs: Mapping[int, str] | None = None) -> list[AuditLine]:
    """The entries in words.

    Args:
        slugs: Platform id → slug, on a page of the whole instance; None on a platform's own.
    """
    return [_line(entry, slugs) for entry in entries]


def listing(
    session: Session, platform_id: int | None, *, endpoint: str, slugs: Mapping[int, str] | None = None
) -> Listing:
    """The page of the audit that the address asks for; two statements.

    Args:
        endpoint: The view of the list; that of its file is called the same with ``_export``.
    """
    fields = read_fields()
    page: Page[AuditView] = Page(())
    if not fields.days.error:
        page = audit_search.find(session, platform_id, fields.query, size=PAGE_SIZE, place=filters.place())
    zone = timezone()
    days = groupby(audit_lines(page.rows, slugs=slugs), key=lambda line: day_of(line.at, zone))
    return Listing(
        fields=fields,
        days=tuple(AuditDay(day, tuple(lines)) for day, lines in days),
        standing=audit_verify.standing(session, platform_id),
        pager=filters.pager(endpoint, page),
        page_url=url_for(endpoint),
        csv_url=filters.link(f"{endpoint}_export", form="csv"),
        json_url=filters.link(f"{endpoint}_export", form="json"),
    )


def export(session: Session, platform_id: int | None, form: Form, *, platform: str | None) -> Response:
    """What the address asks for as a file, sent while it is read.

    Args:
        platform: The platform's slug, None for the whole instance.

    Raises:
        UsageError: A day of the filter is none, so that it would be another file than the one that was meant.
    """
    fields = read_fields()
    if fields.days.error:
        raise UsageError(fields.days.error)
    found = audit_search.batches(session, platform_id, fields.query)
    pieces = audit_export.pieces(form, found, platform=platform)
    response = Response(stream_with_context(pieces), mimetype=MEDIA[form])
    today = day_of(runtime().clock(), timezone())
    name = f"audit-{platform or 'instance'}-{today.isoformat()}.{form}"
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response


def read_fields() -> Fields:
    """The filters of the address."""
    operation = filters.text("operation")
    return Fields(
        q=filters.text("q"),
        action=filters.text("action"),
        actions=tuple((name, str(label)) for name, (_icon, label) in FAMILIES.items()),
        target=filters.text("target"),
        modules=tuple((module.code, module.name) for module in runtime().registry.modules()),
        actor=filters.text("actor"),
        source=filters.text("source"),
        sources=tuple((name, texts.source(name)) for name in SOURCES),
        operation=int(operation) if operation.isascii() and operation.isdigit() and len(operation) < 19 else None,
        days=filters.days(),
    )


def _line(entry: AuditView, slugs: Mapping[int, str] | None) -> AuditLine:
    slug = None if slugs is None else entry.platform or None
    return AuditLine(
        at=entry.at,
        actor=texts.actor(entry.actor),
        source=texts.source(entry.source),
        icon=family_icon(entry.action),
        text=action_text(entry.action, entry.target),
        reason=reason_text(entry.reason),
        changes=changes(entry),
        operation_id=entry.operation_id,
        operation_url=_operation_url(entry, slug, here=slugs is None),
        platform=slug,
        count=entry.count,
    )


def _operation_url(entry: AuditView, slug: str | None, *, here: bool) -> str | None:
    if entry.operation_id is None:
        return None
    if here:
        return url_for("pages.operation", operation_id=entry.operation_id)
    return None if slug is None else url_for("pages.operation", operation_id=entry.operation_id, platform=slug)
