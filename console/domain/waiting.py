"""How long somebody waits who was wrong too often: a level that each try raises and that leaks away with time.

Tries are free up to a level; from there each one doubles the wait. The leak decides how many tries an hour are possible
in the long run, the longest wait how soon the owner of an account gets in again.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class Tried(StrEnum):
    """What tries are counted for."""

    ACCOUNT = "account"
    CODE = "code"
    ADDRESS = "address"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Limit:
    """When waiting begins and how it grows.

    Args:
        free: Tries before the first wait.
        first_s: The first wait; each further one is twice as long.
        longest_s: The longest wait.
        leak_s: Seconds after which one try is forgotten.
    """

    free: int
    first_s: float
    longest_s: float
    leak_s: float


LIMITS = {
    Tried.ACCOUNT: Limit(free=5, first_s=2, longest_s=900, leak_s=300),
    Tried.CODE: Limit(free=5, first_s=2, longest_s=900, leak_s=300),
    Tried.ADDRESS: Limit(free=30, first_s=1, longest_s=300, leak_s=20),
    Tried.ALL: Limit(free=300, first_s=1, longest_s=30, leak_s=0.2),
}


@dataclass(frozen=True, slots=True)
class Level:
    """How many tries are remembered as of ``counted_at``, and until when the next one waits."""

    level: float
    counted_at: datetime
    waits_until: datetime | None = None


def wait_s(found: Level | None, now: datetime) -> int:
    """Whole seconds until the next try may come; 0 when it may come now."""
    if found is None or found.waits_until is None:
        return 0
    return max(0, math.ceil((found.waits_until - now).total_seconds()))


def after_try(found: Level | None, now: datetime, *, limit: Limit) -> Level:
    """The level once somebody has tried."""
    level = _leaked(found, now, limit) + 1
    over = level - limit.free
    if over <= 0:
        return Level(level, now)
    doublings = min(over - 1, 40)  # beyond that every limit is the longest
    pause = min(limit.longest_s, limit.first_s * 2.0**doublings)
    return Level(level, now, now + timedelta(seconds=pause))


def after_success(found: Level, now: datetime, *, limit: Limit) -> Level:
    """The level once it turned out that the last try was right: it is not counted, and nobody waits for it."""
    return Level(max(0.0, _leaked(found, now, limit) - 1), now)


def _leaked(found: Level | None, now: datetime, limit: Limit) -> float:
    if found is None:
        return 0.0
    passed_s = max(0.0, (now - found.counted_at).total_seconds())
    return max(0.0, found.level - passed_s / limit.leak_s)
