"""Requests for modules: a vendor asks, an admin answers, and what comes on is granted by itself."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from console.domain.actor import Actor
from console.errors import Conflict, RuleRefused, Unknown, UsageError
from console.phrases import say, say_count
from console.services import answers, audit
from console.services.answers import Answer
from console.services.locked import lock
from console.services.operation_views import time_json
from console.services.operations import must_be_alive
from console.services.runtime import Runtime
from console.services.views import VendorView
from console.storage.tables import ModuleRequest, Vendor
from console.storage.uow import UnitOfWork

NOTE_LIMIT = 500


@dataclass(frozen=True, slots=True)
class RequestView:
    """A request with who asked, and the answer once there is one."""

    id: int
    vendor: VendorView
    module: str
    note: str
    actor: str
    created_at: datetime
    answer: Answer | None
    answer_note: str
    answered_by: str | None
    answered_at: datetime | None

    @property
    def is_open(self) -> bool:
        """Whether nobody has answered yet."""
        return self.answered_at is None


def can_be_asked_for(rt: Runtime, code: str) -> bool:
    """Whether vendors may know of the module and it could come on: installed, in order and not internal."""
    if code not in rt.registry or not rt.registry[code].live:
        return False
    definition = rt.registry[code].definition
    return definition is not None and not definition.is_internal


def ask(uow: UnitOfWork, rt: Runtime, vendor: VendorView, code: str, *, note: str, actor: Actor, now: datetime) -> bool:
    """Ask for a module in the vendor's name; False when the vendor asks already, and nothing was written.

    Raises:
        Unknown: There is no such module for vendors; nothing is suggested.
        RuleRefused: ``module_is_on``, ``platform_archived``.
        UsageError: The note is too long.
    """
    if not can_be_asked_for(rt, code):
        raise Unknown("module", code)
    held = lock(uow, rt, vendor.platform_id, now)
    must_be_alive(held)
    if code in held.open_codes():
        raise RuleRefused(
            say("%(module)s is on.", module=rt.registry[code].name),
            code="module_is_on",
            hint=say("Use it."),
            module=code,
        )
    note = _note(note)
    if _open_of(uow.session, vendor.id, code) is not None:
        return False
    made = ModuleRequest(
        platform_id=held.id, vendor_id=vendor.id, module=code, note=note, actor=actor.name, created_at=now
    )
    uow.session.add(made)
    after: dict[str, object] = {"vendor": vendor.slug}
    audit.record(uow, actor, action="requests.ask", target=code, now=now, platform_id=held.id, reason=note, after=after)
    return True


def withdraw(uow: UnitOfWork, rt: Runtime, vendor: VendorView, code: str, *, actor: Actor, now: datetime) -> bool:
    """Take the vendor's open request for the module back; False when there is none."""
    held = lock(uow, rt, vendor.platform_id, now)
    found = _open_of(uow.session, vendor.id, code)
    if found is None:
        return False
    answers.record(held, found, "withdrawn", slug=vendor.slug, actor=actor)
    return True


def decline(
    uow: UnitOfWork, rt: Runtime, platform_id: int, request_id: int, *, note: str, actor: Actor, now: datetime
) -> None:
    """Answer a request with no, and why.

    Raises:
        Unknown: The platform has no such request.
        UsageError: ``note_missing``, or the note is too long.
        Conflict: ``request_answered``: somebody else was faster.
    """
    held = lock(uow, rt, platform_id, now)
    note = _note(note)
    if not note:
        error = UsageError(say("Say why, so that the vendor knows."), hint=say("The vendor reads this note."))
        error.code = "note_missing"
        raise error
    mine = (ModuleRequest.id == request_id, ModuleRequest.platform_id == platform_id)
    row = uow.session.execute(answers.with_vendor().where(*mine)).one_or_none()
    if row is None:
        raise Unknown("request", str(request_id))
    found, vendor = row
    if found.answered_at is not None:
        text = say("This request was answered in the meantime.")
        raise Conflict(text, code="request_answered", answer=found.answer)
    answers.record(held, found, "declined", slug=vendor.slug, actor=actor, note=note)


def of_vendor(session: Session, vendor_id: int) -> dict[str, RequestView]:
    """Module → the vendor's newest request for it."""
    found = answers.with_vendor().where(ModuleRequest.vendor_id == vendor_id).order_by(ModuleRequest.id)
    return {view.module: view for view in _views(session, found)}


def open_of(session: Session, platform_id: int) -> list[RequestView]:
    """The requests of a platform that wait for an answer, oldest first."""
    waiting = (ModuleRequest.platform_id == platform_id, ModuleRequest.answered_at.is_(None))
    return list(_views(session, answers.with_vendor().where(*waiting).order_by(ModuleRequest.id)))


def answered(session: Session, platform_id: int, *, limit: int, before: int | None = None) -> list[RequestView]:
    """The requests of a platform that have an answer, newest first, older than the id ``before``."""
    found = answers.with_vendor().where(
        ModuleRequest.platform_id == platform_id, ModuleRequest.answered_at.is_not(None)
    )
    if before is not None:
        found = found.where(ModuleRequest.id < before)
    return list(_views(session, found.order_by(ModuleRequest.id.desc()).limit(limit)))


def platforms_that_wait(session: Session) -> list[int]:
    """Ids of the platforms with open requests."""
    found = select(ModuleRequest.platform_id).where(ModuleRequest.answered_at.is_(None)).distinct()
    return list(session.scalars(found.order_by(ModuleRequest.platform_id)))


def _views(session: Session, found: Select[ModuleRequest, Vendor]) -> Iterable[RequestView]:
    for row, vendor in session.execute(found):
        yield RequestView(
            id=row.id,
            vendor=VendorView(vendor.id, vendor.slug, vendor.name, vendor.platform_id, vendor.created_at),
            module=row.module,
            note=row.note,
            actor=row.actor,
            created_at=row.created_at,
            answer=cast("Answer | None", row.answer),
            answer_note=row.answer_note,
            answered_by=row.answered_by,
            answered_at=row.answered_at,
        )


def _open_of(session: Session, vendor_id: int, code: str) -> ModuleRequest | None:
    mine = (ModuleRequest.vendor_id == vendor_id, ModuleRequest.module == code, ModuleRequest.answered_at.is_(None))
    return session.scalars(select(ModuleRequest).where(*mine).execution_options(populate_existing=True)).first()


def _note(text: str) -> str:
    """The note as it is kept: its lines without what cannot be printed."""
    lines = ("".join(char for char in line if char.isprintable()).rstrip() for line in text.strip().splitlines())
    note = "\n".join(lines)
    if len(note) > NOTE_LIMIT:
        text = say_count("The note has %(num)s character.", "The note has %(num)s characters.", len(note))
        raise UsageError(text, hint=say("Write at most %(limit)s.", limit=NOTE_LIMIT))
    return note


def request_json(view: RequestView) -> dict[str, object]:
    """One request, as it stands in documents."""
    return {
        "id": str(view.id),
        "vendor": view.vendor.slug,
        "module": view.module,
        "note": view.note,
        "actor": view.actor,
        "created_at": time_json(view.created_at),
        "answer": view.answer,
        "answer_note": view.answer_note,
        "answered_by": view.answered_by,
        "answered_at": None if view.answered_at is None else time_json(view.answered_at),
    }
