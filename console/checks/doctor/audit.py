"""DOC04x: whether somebody looks after the audit, and what they found."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import func, select

from console.checks.doctor.patient import Check, Patient
from console.domain.diagnosis import Answer, error, fine, warning
from console.services import audit_chain, audit_verify
from console.storage.tables import AuditEntry

OLD = timedelta(days=3)


def _verdict(it: Patient) -> Answer:
    found = audit_verify.standing(it.tables(), None)
    hint = "Run `module-console audit verify`; a runner does it each day."
    if found.findings:
        return error(f"The last look at the audit found {found.findings} places that were meddled with.", hint)
    if found.at is None:
        return warning("Nobody has looked yet whether the audit holds.", hint)
    if it.now - found.at > OLD:
        return warning(f"Nobody has looked whether the audit holds since {found.at:%Y-%m-%d}.", hint)
    return fine(f"It held on {found.at:%Y-%m-%d %H:%M} UTC.")


def _anchor(it: Patient) -> Answer:
    entries = it.tables().scalar(select(func.count()).select_from(AuditEntry)) or 0
    path = audit_chain.anchor_path(it.rt)
    if entries and not path.exists():
        return warning(
            f"{path} is not there: who cuts off the end of the audit is not found out.",
            "It begins again with the next entry; did somebody take it away?",
        )
    return fine(f"{path} goes along with {entries} entries." if entries else "There are no entries yet.")


CHECKS = (
    Check("DOC040", "the audit", _verdict),
    Check("DOC041", "the anchor of the audit", _anchor),
)
