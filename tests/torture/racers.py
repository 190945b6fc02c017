"""Clients that switch by the plan that they were shown, and keep what they saw and when."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import cast

from tests.torture.api import Answer, Api
from tests.torture.register import ACCEPTED, NOTHING, STALE, Change, Look
from tests.torture.tally import Tally

BROKEN, UNANSWERED = "answers of 5xx", "requests without an answer"
BUSY = "busy"


@dataclass(frozen=True, slots=True)
class Shown:
    """A plan as a client was shown it."""

    digest: str
    revision: int


@dataclass(slots=True)
class Racer:
    """One client of a platform, with its part of the history."""

    api: Api
    tally: Tally
    changes: list[Change] = field(default_factory=list[Change])
    looks: list[Look] = field(default_factory=list[Look])

    def plan(self, code: str, *, on: bool) -> Shown | None:
        """What a switch would do; None when the console is busy."""
        answer = self._judged(self.api.plan(code, on=on))
        return Shown(str(answer.body["digest"]), _int(answer.body["revision"])) if answer.is_good else None

    def switch(self, code: str, *, on: bool, shown: Shown | None = None) -> str:
        """Switch, by the plan if one was shown; the verdict."""
        begun_s = time.monotonic()
        answer = self._judged(self.api.switch(code, on=on, note="race", plan=None if shown is None else shown.digest))
        ended_s = time.monotonic()
        if answer.is_busy:
            self.tally.meet("refused as busy")
            return BUSY
        operation = answer.operation
        verdict = STALE if answer.status == 409 else ACCEPTED if operation is not None else NOTHING
        self.tally.expect(verdict is not STALE or _is_stale(answer), BROKEN, f"{code}: {answer}")
        self.changes.append(
            Change(
                begun_s,
                ended_s,
                code,
                on,
                verdict,
                revision=0 if operation is None else _int(operation["revision"]),
                steps=frozenset() if operation is None else _steps(operation["steps"]),
                shown_at=None if shown is None else shown.revision,
            )
        )
        self.tally.meet(f"answered: {verdict}")
        return verdict

    def look(self) -> frozenset[str]:
        """The modules that are on, as the console says now."""
        begun_s = time.monotonic()
        answer = self._judged(self.api.look())
        if not answer.is_good:
            return frozenset()
        rows = cast("list[dict[str, object]]", answer.body["modules"])
        on = frozenset(str(row["code"]) for row in rows if row["wanted"] and row["kind"] == "optional")
        self.looks.append(Look(begun_s, time.monotonic(), _int(answer.body["revision"]), on))
        return on

    def _judged(self, answer: Answer) -> Answer:
        self.tally.expect(not answer.is_broken, BROKEN, answer)
        self.tally.expect(answer.status != 0, UNANSWERED, "the connection broke")
        return answer


def _is_stale(answer: Answer) -> bool:
    error = answer.body.get("error")
    return isinstance(error, dict) and error.get("code") == "plan_stale"


def _steps(steps: object) -> frozenset[tuple[str, str]]:
    found = cast("list[dict[str, str]]", steps)
    return frozenset((step["module"], step["action"]) for step in found)


def _int(value: object) -> int:
    return int(str(value))
