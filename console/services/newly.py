"""What came on lately: for the page that greets people."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from console.domain.words import Action, StepState
from console.storage.tables import Operation, OperationStep


def newly_on(session: Session, platform_id: int, since: datetime) -> dict[str, datetime]:
    """Module → when it last came on, for those that did since then; some may be off again."""
    found = (
        select(OperationStep.module, func.max(OperationStep.finished_at).label("at"))
        .join(Operation, Operation.id == OperationStep.operation_id)
        .where(
            Operation.platform_id == platform_id,
            OperationStep.action == Action.ENABLE,
            OperationStep.state == StepState.SUCCEEDED,
            OperationStep.finished_at >= since,
        )
        .group_by(OperationStep.module)
    )
    return {row.module: row.at for row in session.execute(found)}
