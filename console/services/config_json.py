"""Configuration as JSON that may leave the console: secrets are masked in differences and null in documents."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import SecretStr

from console.domain.config import EffectiveConfig
from console.domain.plain import plain

MASK = "********"
Values = Mapping[str, object]


def masked(values: Values, *, secrets: frozenset[str]) -> dict[str, object]:
    """Values as people may see them: JSON, secrets masked."""
    return {key: MASK if key in secrets else plain(value) for key, value in values.items()}


def diff_of(before: Values, after: Values, *, secrets: frozenset[str]) -> dict[str, object]:
    """Key → before and after for what differs; None is "not set", secrets are masked."""
    found: dict[str, object] = {}
    for key in sorted({*before, *after}):
        old, new = before.get(key), after.get(key)
        if (key in before) == (key in after) and old == new:
            continue
        if key in secrets or isinstance(new, SecretStr):
            old, new = (MASK if key in side else None for side in (before, after))
        found[key] = {"before": plain(old), "after": plain(new)}
    return found


def as_json(platform: str, code: str, config: EffectiveConfig, *, revision: int) -> dict[str, object]:
    """The document of ``config list``; a secret's value and default are null."""
    values = {}
    for key, value in config.values.items():
        secret = key in config.secrets
        values[key] = {
            "value": None if secret else plain(value),
            "source": config.sources[key].value,
            "default": None if secret else plain(config.defaults.get(key)),
            "secret": secret,
            "locked": config.is_locked(key),
            "problem": config.problems.get(key),
        }
    return {
        "schema": 1,
        "module": code,
        "platform": platform,
        "revision": revision,
        "values": values,
        "problems": dict(config.problems),
    }
