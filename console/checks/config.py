"""Configuration: the defaults satisfy the schema."""

from __future__ import annotations

from collections.abc import Iterator

from console.domain.config import check_defaults
from console.domain.problem import Problem
from console.domain.registry import InstalledModule, Registry


def check(registry: Registry, module: InstalledModule) -> Iterator[Problem]:
    """MOD010: ``default_config`` holds a key or value that the schema rejects."""
    if module.definition is None:
        return
    for text in check_defaults(module.definition):
        yield Problem(
            "MOD010", module.code, text, hint="Mend default_config or the schema.", where=str(module.path), fatal=True
        )
