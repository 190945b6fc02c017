"""What the browser keeps between two steps of a login or a set-up: sealed, so that it can neither read nor change it.

There is no row for a step that nobody may ever finish. A step that must not work twice is spent.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import delete

from console.errors import ConsoleError
from console.services import opaque
from console.services.runtime import Runtime
from console.services.upsert import insert_once
from console.storage.tables import SpentProof
from console.storage.uow import UnitOfWork

LIVES = timedelta(minutes=10)
Facts = Mapping[str, object]


def seal(rt: Runtime, purpose: str, facts: Facts, *, now: datetime) -> str:
    """``facts`` for the next step of ``purpose``."""
    kept = {**facts, "until": (now + LIVES).timestamp(), "once": secrets.token_urlsafe(9)}
    return rt.secrets.seal(json.dumps(kept), context=f"step:{purpose}")


def unseal(rt: Runtime, purpose: str, text: str, *, now: datetime) -> Facts | None:
    """The facts of the step before; None when they are none of ours, of another purpose, or too old."""
    try:
        found: dict[str, object] = json.loads(rt.secrets.open(text, context=f"step:{purpose}"))
    except (ConsoleError, ValueError):
        return None
    until = found["until"]
    return found if isinstance(until, float) and until > now.timestamp() else None


def spend(uow: UnitOfWork, text: str, *, now: datetime) -> bool:
    """Use the step up; False when it was used before."""
    uow.session.execute(delete(SpentProof).where(SpentProof.expires_at <= now))
    return insert_once(uow, SpentProof, {"digest": opaque.digest(text), "expires_at": now + LIVES}, key=["digest"])
