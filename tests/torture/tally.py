"""What a scenario has counted so far; threads may share one."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from tests.torture.scenario import Figures


@dataclass(slots=True)
class Tally:
    """Counts what was done and what must not happen, and keeps a line for each of the latter.

    Args:
        besides: What may happen or not, as chance will have it.
    """

    done: Counter[str] = field(default_factory=Counter[str])
    zeros: Counter[str] = field(default_factory=Counter[str])
    told: list[str] = field(default_factory=list[str])
    besides: Counter[str] = field(default_factory=Counter[str])
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def count(self, what: str, by: int = 1) -> None:
        """Add to what was done."""
        with self._lock:
            self.done[what] += by

    def meet(self, what: str) -> None:
        """Add to what may happen or not."""
        with self._lock:
            self.besides[what] += 1

    def wrong(self, zero: str, text: object) -> None:
        """Count what must not be, and say where it was."""
        with self._lock:
            self.zeros[zero] += 1
            self.told.append(f"{zero}: {text}")

    def expect(self, held: bool, zero: str, text: object) -> None:
        """Count it as wrong unless it held."""
        if not held:
            self.wrong(zero, text)

    def figures(self, zeros: Iterable[str]) -> Figures:
        """The figures, with every one of ``zeros`` in them."""
        met = [f"besides: {name} {count:,}" for name, count in sorted(self.besides.items())]
        return Figures(dict(self.done), {name: self.zeros[name] for name in zeros}, (*self.told, *met))
