"""Clients that switch modules at random and never wait long, whatever happens to the console meanwhile."""

from __future__ import annotations

import random
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from threading import Event

from tests.torture.api import Answer, Api
from tests.torture.evidence import Ack, Evidence
from tests.torture.tally import Tally

ACKNOWLEDGED, BROKEN = "toggles acknowledged", "answers of 5xx"
_AHEAD = 4
"""How many operations of its own a client leaves open before it waits for the oldest."""
_LOOK_S = 0.1


@dataclass(slots=True)
class Toggler:
    """One client of one platform; the seed decides what it asks for, and in which order.

    Args:
        wanted: How many acknowledgements it wants in all.
    """

    name: str
    platform_id: int
    api: Api
    codes: Sequence[str]
    chance: random.Random
    evidence: Evidence
    tally: Tally
    stop: Event
    wanted: int
    _open: deque[int] = field(default_factory=deque[int])

    def run(self) -> None:
        """Switch until enough is acknowledged."""
        number = acknowledged = 0
        while acknowledged < self.wanted and not self.stop.is_set():
            number += 1
            acknowledged += self._switch(f"{self.name}-{number}")
            if len(self._open) >= _AHEAD:
                self._await(self._open.popleft())

    def _switch(self, note: str) -> bool:
        """One request; whether it was acknowledged with an operation."""
        code, on, shown = self.chance.choice(self.codes), self.chance.random() < 0.6, self.chance.random() < 0.3
        digest = self._digest(code, on=on) if shown else None
        self.evidence.ask(note)
        answer = self.api.switch(code, on=on, note=note, plan=digest)
        self._count(answer)
        self.tally.expect(not answer.is_broken, BROKEN, f"{note}: {answer}")
        operation = answer.operation
        if answer.status == 0:
            self.stop.wait(_LOOK_S)
        if operation is None:
            return False
        operation_id, revision = int(str(operation["id"])), int(str(operation["revision"]))
        self.evidence.acknowledge(Ack(note, self.platform_id, operation_id, revision))
        self._open.append(operation_id)
        return True

    def _digest(self, code: str, *, on: bool) -> str | None:
        """The digest that a person would have been shown, None when nobody answers."""
        answer = self.api.plan(code, on=on)
        self.tally.expect(not answer.is_broken, BROKEN, f"{self.name} plans {code}: {answer}")
        return str(answer.body["digest"]) if answer.is_good else None

    def _await(self, operation_id: int) -> None:
        """Wait for the end of an operation; of those that failed every other one is tried again."""
        again = self.chance.random() < 0.5
        while not self.stop.is_set():
            answer = self.api.operation(operation_id)
            self.tally.expect(not answer.is_broken, BROKEN, f"{self.name} looks at {operation_id}: {answer}")
            state = answer.operation["state"] if answer.operation else None
            if state not in (None, "queued", "running"):
                if state == "failed" and again and self.api.retry(operation_id).is_good:
                    self.tally.meet("failed operations retried")
                return
            self.stop.wait(_LOOK_S)

    def _count(self, answer: Answer) -> None:
        if answer.is_good and answer.operation is not None:
            self.tally.count(ACKNOWLEDGED)
        elif answer.is_good:
            self.tally.meet("nothing to do")
        elif answer.is_busy:
            self.tally.meet("refused as busy")
        else:
            self.tally.meet("without an answer" if answer.status == 0 else f"refused with {answer.status}")
