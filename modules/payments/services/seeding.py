"""What happens on a platform when payments is switched on."""

from __future__ import annotations

from console.sdk import current_step, unit_of_work, utc_now
from modules.payments.services.gateways import CATALOG, ensure_gateway


def seed_gateways(platform_id: int) -> None:
    """Give the platform every gateway of the catalog that it lacks; run twice it does nothing the second time."""
    step = current_step()
    for position, kind in enumerate(CATALOG):
        with unit_of_work() as uow:
            ensure_gateway(uow.session, platform_id, position=position, now=utc_now())
        step.progress(position + 1, len(CATALOG), kind.name)
