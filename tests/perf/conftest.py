from __future__ import annotations

from tests.services.conftest import make

__all__ = ["make"]
