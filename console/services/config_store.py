"""Reads stored overrides so that a damaged row is a finding, never an exception; seals and opens their secrets."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from pydantic import SecretStr
from sqlalchemy import Text, cast, select
from sqlalchemy.orm import Session

from console.domain.config import SEALED, sealed_text
from console.domain.reasons import WHOLE, Fault, Reason
from console.errors import WrongKey
from console.services.runtime import Runtime
from console.services.secrets import SecretUnreadable, key_id_of
from console.storage.tables import ModuleConfig

__all__ = ["DAMAGED", "NOTHING", "UNREADABLE", "WHOLE", "Stored", "load", "lost", "opened", "resealed", "sealed"]

DAMAGED = Reason(
    Fault("The stored settings cannot be read, so the defaults are in force. Save or restore them to mend this.")
)
UNREADABLE = Reason(Fault("The stored secret cannot be opened with this instance's key. Enter it again."))
Values = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Stored:
    """The overrides of one module on one platform as they lie in the database.

    Args:
        revision: The module's own config revision; 0 when nothing was ever saved.
        overrides: Key → JSON value, secrets sealed.
        damaged: Whether the row could not be read.
    """

    revision: int = 0
    overrides: Values = field(default_factory=dict)
    damaged: bool = False
    changed_at: datetime | None = None


NOTHING = Stored()


def load(session: Session, platform_id: int, code: str | None = None) -> dict[str, Stored]:
    """Code → stored overrides of a platform, or of one module of it; one statement."""
    raw = cast(ModuleConfig.overrides, Text).label("raw")
    found = select(ModuleConfig.module, ModuleConfig.revision, ModuleConfig.changed_at, raw).where(
        ModuleConfig.platform_id == platform_id
    )
    if code is not None:
        found = found.where(ModuleConfig.module == code)
    return {row.module: _stored(row.revision, row.raw, row.changed_at) for row in session.execute(found)}


def _stored(revision: int, raw: str | None, changed_at: datetime | None) -> Stored:
    try:
        overrides = json.loads(raw or "")
    except ValueError:
        return Stored(revision, damaged=True, changed_at=changed_at)
    if not isinstance(overrides, dict):
        return Stored(revision, damaged=True, changed_at=changed_at)
    return Stored(revision, overrides, changed_at=changed_at)


def sealed(rt: Runtime, platform_id: int, code: str, *, overrides: Values) -> dict[str, object]:
    """The overrides as they are stored: an open ``SecretStr`` becomes a sealed text, the rest stays."""
    stored: dict[str, object] = {}
    for key, value in overrides.items():
        if isinstance(value, SecretStr):
            text = rt.secrets.seal(value.get_secret_value(), context=_place(platform_id, code, key))
            stored[key] = {SEALED: text}
        else:
            stored[key] = value
    return stored


def lost(rt: Runtime, platform_id: int, code: str, *, stored: Stored) -> dict[str, str]:
    """Key → reason for what cannot be read: each secret that does not open, or the whole row."""
    found: dict[str, str] = {WHOLE: DAMAGED} if stored.damaged else {}
    for key, value in stored.overrides.items():
        text = sealed_text(value)
        if text is not None and opened(rt, platform_id, code, key=key, sealed_secret=text) is None:
            found[key] = UNREADABLE
    return found


def opened(rt: Runtime, platform_id: int, code: str, *, key: str, sealed_secret: str) -> str | None:
    """The secret, None when it cannot be opened: another key sealed it, or it was changed or moved."""
    try:
        return rt.secrets.open(sealed_secret, context=_place(platform_id, code, key))
    except (SecretUnreadable, WrongKey):
        return None


def resealed(rt: Runtime, platform_id: int, code: str, raw: str | None) -> tuple[dict[str, object], int]:
    """Stored overrides with every secret sealed by the current key, and how many were not.

    What cannot be read or opened stays as it lies there: it is a finding of the module's page, and no reason to stop.
    """
    stored = dict(_stored(0, raw, None).overrides)
    changed = 0
    for key, value in stored.items():
        text = sealed_text(value)
        if text is None or key_id_of(text) == rt.secrets.key_id:
            continue
        secret = opened(rt, platform_id, code, key=key, sealed_secret=text)
        if secret is not None:
            stored[key] = {SEALED: rt.secrets.seal(secret, context=_place(platform_id, code, key))}
            changed += 1
    return stored, changed


def _place(platform_id: int, code: str, key: str) -> str:
    """What a sealed secret is bound to; moved to another place it does not open."""
    return f"config:{platform_id}:{code}:{key}"
