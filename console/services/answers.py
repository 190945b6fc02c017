"""Answers to vendors' requests for modules; what comes on answers its requests in the transaction that opens it."""

from __future__ import annotations

from collections.abc import Collection
from typing import Literal

from sqlalchemy import Select, select

from console.domain.actor import Actor
from console.services import audit
from console.services.locked import LockedPlatform
from console.storage.tables import ModuleRequest, Vendor

Answer = Literal["granted", "declined", "withdrawn"]


def grant_open(held: LockedPlatform, codes: Collection[str], *, actor: Actor) -> int:
    """Answer every open request for one of these modules with yes, because they are on; how many those were."""
    waiting = (ModuleRequest.platform_id == held.id, ModuleRequest.answered_at.is_(None))
    asked = select(ModuleRequest, Vendor).join(Vendor, Vendor.id == ModuleRequest.vendor_id)
    with held.session.no_autoflush:  # nothing that waits to be written is about requests but the answers themselves
        rows = held.session.execute(asked.where(*waiting).order_by(ModuleRequest.id)).all()
    granted = [(each, vendor) for each, vendor in rows if each.answered_at is None and each.module in codes]
    for found, vendor in granted:
        record(held, found, "granted", slug=vendor.slug, actor=actor)
    return len(granted)


def with_vendor() -> Select[ModuleRequest, Vendor]:
    """Requests with who asked, as they are now."""
    joined = select(ModuleRequest, Vendor).join(Vendor, Vendor.id == ModuleRequest.vendor_id)
    return joined.execution_options(populate_existing=True)


def record(
    held: LockedPlatform, found: ModuleRequest, answer: Answer, *, slug: str, actor: Actor, note: str = ""
) -> None:
    """Write the answer and its audit entry."""
    found.answer, found.answer_note = answer, note
    found.answered_by, found.answered_at = actor.name, held.now
    audit.record(
        held.uow,
        actor,
        action=f"requests.{answer}",
        target=found.module,
        now=held.now,
        platform_id=held.id,
        reason=note,
        before={"vendor": slug, "answer": None},
        after={"vendor": slug, "answer": answer},
    )
