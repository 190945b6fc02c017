"""What a scenario has counted so far."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from tests.torture.scenario import Figures


@contextmanager
def quiet() -> Iterator[None]:
    """What is broken on purpose is not logged."""
    before = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    try:
        yield
    finally:
        logging.disable(before)


@dataclass(slots=True)
class Tally:
    """Counts what was done and what must not happen, and keeps a line for each of the latter."""

    done: Counter[str] = field(default_factory=Counter[str])
    zeros: Counter[str] = field(default_factory=Counter[str])
    told: list[str] = field(default_factory=list[str])

    def wrong(self, zero: str, text: str) -> None:
        """Count what must not be, and say where it was."""
        self.zeros[zero] += 1
        self.told.append(f"{zero}: {text}")

    def expect(self, held: bool, zero: str, text: object) -> None:
        """Count it as wrong unless it held."""
        if not held:
            self.wrong(zero, str(text))

    def figures(self, zeros: Iterable[str]) -> Figures:
        """The figures, with every one of ``zeros`` in them."""
        return Figures(dict(self.done), {name: self.zeros[name] for name in zeros}, tuple(self.told))
