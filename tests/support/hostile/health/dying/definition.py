"""Has a check that ends its process."""

from __future__ import annotations

import os

from console.sdk import ModuleDefinition
from tests.support.calls import note


def health_check() -> dict[str, object]:
    note("dying.health_check")
    os._exit(3)


module = ModuleDefinition(code="dying", name="Dying", health_check=health_check)
