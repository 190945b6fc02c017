"""What a scenario of the torture is: it breaks the product on purpose and counts what was lost."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path


class Scale(StrEnum):
    """How much of it: seconds in the test suite, ten minutes by default, about half an hour a database in full."""

    TEST = "test"
    SHORT = "short"
    FULL = "full"


@dataclass(frozen=True, slots=True)
class Ground:
    """Where a scenario takes place.

    Args:
        folder: An empty folder of its own.
        new_database: Makes an empty database of the scenario's own and returns its URL; on SQLite a file in
            ``folder``, on Postgres a database of the throw-away server.
        database: ``sqlite`` or ``postgres``.
        seed: Decides everything that is left to chance.
    """

    folder: Path
    new_database: Callable[[], str]
    database: str
    seed: int
    scale: Scale


@dataclass(frozen=True, slots=True)
class Figures:
    """What a scenario did and what it found.

    Args:
        done: How much was done; a scenario that did nothing proves nothing, so each must be above 0.
        zeros: What must never happen, and how often it did.
        told: Further facts, such as what exactly went wrong, one line each.
    """

    done: Mapping[str, int]
    zeros: Mapping[str, int]
    told: tuple[str, ...] = field(default=())

    @property
    def holds(self) -> bool:
        """Whether everything was done and nothing was lost."""
        return all(count > 0 for count in self.done.values()) and not any(self.zeros.values())


Scenario = Callable[[Ground], Figures]
