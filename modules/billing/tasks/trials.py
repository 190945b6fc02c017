"""Trials end by themselves."""

from __future__ import annotations

from console.sdk import periodic_task, unit_of_work, utc_now
from modules.billing.services.subscriptions import end_trials


@periodic_task(every_s=3600)
def end_due_trials(platform_id: int) -> None:
    """Subscriptions whose trial is over are active; ``platform_id`` is the scope already."""
    with unit_of_work() as uow:
        end_trials(uow.session, now=utc_now())
