"""When each module of a platform changed last, and by whom: switched, or configured."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from console.storage.tables import ConfigRevision, ModuleConfig, ModuleRow, Operation


@dataclass(frozen=True, slots=True)
class LastChange:
    """The newest change of one module; ``actor`` is empty when nobody is on record."""

    at: datetime
    actor: str
    what: Literal["switched", "configured"]


def last_changes(session: Session, platform_id: int) -> Mapping[str, LastChange]:
    """Module code → its newest change, for every module that ever changed; two statements."""
    switched = (
        select(ModuleRow.module, ModuleRow.changed_at, Operation.actor)
        .outerjoin(Operation, Operation.id == ModuleRow.operation_id)
        .where(ModuleRow.platform_id == platform_id)
    )
    saved = and_(
        ConfigRevision.platform_id == ModuleConfig.platform_id,
        ConfigRevision.module == ModuleConfig.module,
        ConfigRevision.revision == ModuleConfig.revision,
    )
    configured = (
        select(ModuleConfig.module, ModuleConfig.changed_at, ConfigRevision.actor)
        .outerjoin(ConfigRevision, saved)
        .where(ModuleConfig.platform_id == platform_id)
    )
    found = {code: LastChange(at, actor or "", "switched") for code, at, actor in session.execute(switched)}
    for code, at, actor in session.execute(configured):
        if code not in found or found[code].at < at:
            found[code] = LastChange(at, actor or "", "configured")
    return found
