"""A platform as one register, and whether what clients saw can be explained by it.

Each accepted change stands at a revision of its own, so the order in which it happened is known; what is left to show
is that this order fits the model (the rules of dependency), the answers, and the clock of the clients. A history that
passes is linearizable, and each module's own history with it.

Source: Herlihy and Wing, "Linearizability" (1990); the search for an order is not needed, because revisions give it.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate

Steps = frozenset[tuple[str, str]]
EXPLICIT, IMPLIED = "explicit", "implied"
ACCEPTED, NOTHING, STALE = "accepted", "nothing to do", "stale"
BROKEN_RULE, GAPS, UNEXPLAINED = "dependency rules broken", "gaps between revisions", "answers that fit no order"


@dataclass(frozen=True, slots=True)
class State:
    """Which modules are on, and why.

    Args:
        on: Module → ``explicit`` or ``implied``.
    """

    on: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Rules:
    """Enabling enables what is required, disabling disables the dependents."""

    requires: Mapping[str, tuple[str, ...]]

    def needs(self, code: str) -> set[str]:
        """A module with all that it requires."""
        return {code}.union(*(self.needs(each) for each in self.requires[code]))

    def dependents(self, code: str) -> set[str]:
        """A module with all that require it."""
        return {each for each in self.requires if code in self.needs(each)}

    def steps(self, state: State, code: str, *, on: bool) -> Steps:
        """What a switch does in that state; empty when nothing."""
        if not on:
            return frozenset((each, "disable") for each in self.dependents(code) if each in state.on)
        missing = frozenset((each, "enable") for each in self.needs(code) if each not in state.on)
        return frozenset({(code, "configure")}) if state.on.get(code) == IMPLIED else missing

    def after(self, state: State, code: str, *, on: bool) -> State:
        """The state that a switch leaves."""
        if not on:
            gone = self.dependents(code)
            return State({each: why for each, why in state.on.items() if each not in gone})
        return State({**dict.fromkeys(self.needs(code), IMPLIED), **state.on, code: EXPLICIT})

    def broken(self, on: set[str]) -> list[str]:
        """The modules of a set that are on without what they require."""
        return sorted(code for code in on if not on.issuperset(self.requires.get(code, ())))


@dataclass(frozen=True, slots=True)
class Change:
    """A switch and its answer, by the clock of the clients.

    Args:
        revision: Where it stands when it was accepted.
        steps: What it did, when it was accepted.
        shown_at: The revision of the plan that it was accepted or refused by; None when it came without.
        verdict: ``ACCEPTED``, ``NOTHING`` (was to do) or ``STALE``.
    """

    begun_s: float
    ended_s: float
    code: str
    on: bool
    verdict: str
    revision: int = 0
    steps: Steps = frozenset()
    shown_at: int | None = None


@dataclass(frozen=True, slots=True)
class Look:
    """The modules that were on at a revision, as a client saw them."""

    begun_s: float
    ended_s: float
    revision: int
    on: frozenset[str]


def check(
    rules: Rules, changes: Sequence[Change], looks: Sequence[Look], *, first: int, last: int
) -> Iterator[tuple[str, str]]:
    """What cannot be explained, each as a zero and a line.

    Args:
        first: The platform's revision before the first change, with every module off.
        last: Its revision after the last.
    """
    accepted = sorted((each for each in changes if each.verdict == ACCEPTED), key=lambda each: each.revision)
    revisions = [each.revision for each in accepted]
    if revisions != list(range(first + 1, last + 1)):
        yield GAPS, f"{len(revisions)} changes stand between revision {first} and {last}"
        return
    states = [State()]
    for each in accepted:
        planned = rules.steps(states[-1], each.code, on=each.on)
        if planned != each.steps:
            yield UNEXPLAINED, f"{each} should do {sorted(planned)}"
        if each.shown_at is not None and each.steps != rules.steps(
            states[each.shown_at - first], each.code, on=each.on
        ):
            yield UNEXPLAINED, f"{each} is not what was shown"
        states.append(rules.after(states[-1], each.code, on=each.on))
    timeline = _Timeline(first, accepted)
    yield from ((UNEXPLAINED, text) for text in timeline.against_the_clock())
    for look in looks:
        yield from _look(rules, states, timeline, look)
    for each in changes:
        if each.verdict != ACCEPTED and not _fits(rules, states, timeline, each):
            yield UNEXPLAINED, f"{each} fits no moment between its question and its answer"


class _Timeline:
    """When the accepted changes, in their order, were asked for and answered."""

    def __init__(self, first: int, accepted: Sequence[Change]) -> None:
        self.first = first
        self.begun = [each.begun_s for each in accepted]
        self.ended = [each.ended_s for each in accepted]
        self._asked = _furthest(self.begun)
        self._answered = _furthest(self.ended)

    def window(self, begun_s: float, ended_s: float) -> range:
        """The revisions that may have been current between two moments."""
        return range(self.first + self._answered(begun_s), self.first + self._asked(ended_s) + 1)

    def against_the_clock(self) -> Iterator[str]:
        """Changes that were answered before an earlier one was asked for."""
        earliest = float("inf")
        for at in reversed(range(len(self.begun))):
            if earliest < self.begun[at]:
                yield f"revision {self.first + at + 1} was asked for after a later one was answered"
            earliest = min(earliest, self.ended[at])


def _furthest(moments: Sequence[float]) -> Callable[[float], int]:
    """How many changes there were up to the furthest whose moment lies before a given one."""
    order = sorted(range(len(moments)), key=moments.__getitem__)
    sorted_moments = [moments[at] for at in order]
    furthest = [0, *accumulate((at + 1 for at in order), max)]
    return lambda moment: furthest[bisect_left(sorted_moments, moment)]


def _look(rules: Rules, states: Sequence[State], timeline: _Timeline, look: Look) -> Iterator[tuple[str, str]]:
    if broken := rules.broken(set(look.on)):
        yield BROKEN_RULE, f"at revision {look.revision} {broken} are on without what they require"
    if look.revision not in timeline.window(look.begun_s, look.ended_s):
        yield UNEXPLAINED, f"revision {look.revision} was seen when it could not be the current one"
    elif look.on != set(states[look.revision - timeline.first].on):
        yield UNEXPLAINED, f"at revision {look.revision} {sorted(look.on)} were seen on"


def _fits(rules: Rules, states: Sequence[State], timeline: _Timeline, change: Change) -> bool:
    """Whether there was a moment for this answer: nothing was to do, or something had changed since the plan.

    A digest covers also reasons and warnings, so any change of the platform may make a plan stale.
    """
    window = timeline.window(change.begun_s, change.ended_s)
    if change.verdict == STALE:
        return change.shown_at is not None and change.shown_at < window[-1]
    return any(not rules.steps(states[at - timeline.first], change.code, on=change.on) for at in window)
