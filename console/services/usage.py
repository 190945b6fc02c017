"""How much a vendor has of what tiers limit, as the modules themselves count it."""

from __future__ import annotations

import importlib
import importlib.util
import logging
from collections.abc import Mapping

from console.domain.registry import InstalledModule
from console.domain.snapshot import Snapshot
from console.services.runtime import Runtime
from console.storage.tenancy import scope

log = logging.getLogger(__name__)


def of_vendor(rt: Runtime, snapshot: Snapshot, vendor_id: int) -> dict[str, int]:
    """Limit code → how much the vendor has, by the ``usage`` function of the ``api.py`` of modules that are on.

    A module that fails, or does not count, is left out: what it keeps is not known then.
    """
    found: dict[str, int] = {}
    for module in rt.registry.modules():
        if module.definition is not None and module.definition.limits and snapshot.is_open(module.code):
            declared = set(module.definition.limits)
            counted = _ask(module, snapshot.platform_id, vendor_id)
            found |= {code: number for code, number in counted.items() if code in declared}
    return found


def _ask(module: InstalledModule, platform_id: int, vendor_id: int) -> Mapping[str, int]:
    name = f"{module.package}.api"
    try:
        if importlib.util.find_spec(name) is None:
            return {}
        count = getattr(importlib.import_module(name), "usage", None)
        if count is None:
            return {}
        with scope(platform_id=platform_id):
            answer: Mapping[str, int] = count(platform_id=platform_id, vendor_id=vendor_id)
        return {code: int(number) for code, number in answer.items()}
    except Exception:  # what one module does wrong costs its own number only
        log.exception("the usage of module %s cannot be read", module.code)
        return {}
