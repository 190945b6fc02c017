"""What happens on a platform when orders is switched on."""

from __future__ import annotations

from console.sdk import current_step, unit_of_work, vendors_of
from modules.orders.services.numbers import ensure_range


def seed_number_ranges(platform_id: int) -> None:
    """Give each vendor of the platform its number range; vendors that have one, or come later, are fine too."""
    step = current_step()
    vendors = vendors_of(platform_id)
    for done, vendor in enumerate(vendors, 1):
        with unit_of_work() as uow:
            ensure_range(uow.session, vendor.id)
        step.progress(done, len(vendors), vendor.name)
