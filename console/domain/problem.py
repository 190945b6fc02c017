"""What a check finds."""

from __future__ import annotations

from dataclasses import dataclass

from console.phrases import joined


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One finding: a stable id, whose it is, what is wrong, what to do, and where.

    Args:
        id: ``MOD001`` …; listed in the docs.
        module: Code of the module.
        text: What is wrong, one sentence.
        hint: What to do, one sentence, may be empty.
        where: ``file:line`` or empty.
        fatal: Whether the module is quarantined because of it (else it only carries a badge).
    """

    id: str
    module: str
    text: str
    hint: str = ""
    where: str = ""
    fatal: bool = False

    def __str__(self) -> str:
        return str(self.line)

    @property
    def line(self) -> str:
        """The finding on one line: where, id, module, what is wrong and what to do."""
        head = f"{self.where}: " if self.where else ""
        return joined("", (f"{head}{self.id} {self.module}: ", self.sentence))

    @property
    def sentence(self) -> str:
        """What is wrong and what to do, for people."""
        return joined("", (self.text, " (", self.hint, ")")) if self.hint else self.text
