"""Requirements as a graph: one order that never wobbles, closures as bit sets, cycles by their whole path.

A set of modules is an ``int`` whose bit *i* stands for the module at place *i* of the order; joining two sets is one
machine operation, so a plan costs the same in a graph of ten modules or ten thousand.
"""

from __future__ import annotations

import heapq
from collections.abc import Collection, Iterable, Iterator, Mapping

Edges = Mapping[str, Collection[str]]


class Graph:
    """Codes in dependency order, with what each needs and what needs it, itself included.

    Args:
        edges: Code → codes that it requires; all of them keys too, and without cycles.
        after: Code → codes that it prefers to follow; never stronger than a requirement.
    """

    __slots__ = ("index", "needed_by", "needs", "order")

    def __init__(self, edges: Edges, after: Edges | None = None) -> None:
        self.order = tuple(ordered(edges, after or {}))
        self.index = {code: place for place, code in enumerate(self.order)}
        self.needs = [0] * len(self.order)
        self.needed_by = [1 << place for place in range(len(self.order))]
        for place, code in enumerate(self.order):
            bits = 1 << place
            for need in edges[code]:
                bits |= self.needs[self.index[need]]
            self.needs[place] = bits
        for place in range(len(self.order) - 1, -1, -1):
            for need in edges[self.order[place]]:
                self.needed_by[self.index[need]] |= self.needed_by[place]

    def bits(self, codes: Iterable[str]) -> int:
        """The set of ``codes``; those that are not in the graph are left out."""
        index = self.index
        found = 0
        for code in codes:
            place = index.get(code)
            if place is not None:
                found |= 1 << place
        return found

    def closure(self, bits: int) -> int:
        """The set with everything that its members need."""
        return self._union(bits, self.needs)

    def dependents(self, bits: int) -> int:
        """The set with everything that needs one of its members."""
        return self._union(bits, self.needed_by)

    def codes(self, bits: int) -> Iterator[str]:
        """The members of the set in dependency order."""
        while bits:
            low = bits & -bits
            yield self.order[low.bit_length() - 1]
            bits ^= low

    def _union(self, bits: int, sets: list[int]) -> int:
        found = 0
        while bits:
            low = bits & -bits
            bits ^= low
            if not found & low:
                found |= sets[low.bit_length() - 1]
        return found


def ordered(edges: Edges, after: Edges) -> Iterator[str]:
    """All codes, requirements first, then preferences, then by code.

    A preference yields only to requirements and, in a circle of preferences, to the smallest code.

    Raises:
        ValueError: The requirements have a cycle; ``cycles`` names it.
    """
    followers: dict[str, list[str]] = {code: [] for code in edges}
    fans: dict[str, list[str]] = {code: [] for code in edges}
    needs: dict[str, int] = {}
    wishes: dict[str, int] = {}
    for code in edges:
        needs[code] = len(edges[code])
        wanted = [each for each in after.get(code, ()) if each in edges]
        wishes[code] = len(wanted)
        for need in edges[code]:
            followers[need].append(code)
        for wish in wanted:
            fans[wish].append(code)
    free = [code for code in edges if not needs[code] and not wishes[code]]
    reluctant = [code for code in edges if not needs[code] and wishes[code]]
    heapq.heapify(free)
    heapq.heapify(reluctant)
    placed: set[str] = set()
    while free or reluctant:
        code = heapq.heappop(free or reluctant)
        if code in placed:
            continue
        placed.add(code)
        yield code
        for follower in followers[code]:
            needs[follower] -= 1
            if not needs[follower]:
                heapq.heappush(reluctant if wishes[follower] else free, follower)
        for fan in fans[code]:
            wishes[fan] -= 1
            if not wishes[fan] and not needs[fan] and fan not in placed:
                heapq.heappush(free, fan)
    if len(placed) < len(edges):
        raise ValueError("the requirements have a cycle")


def cycles(edges: Edges) -> dict[str, tuple[str, ...]]:
    """Code → the shortest way from it back to itself, for every code that stands in a cycle; ends included."""
    rest = _without_ends(edges)
    return {code: path for code in sorted(rest) if (path := _way_back(code, rest))}


def _without_ends(edges: Edges) -> Edges:
    """The part of the graph in which everything both needs something and is needed: where cycles can be."""
    rest = {code: set(needs) & edges.keys() for code, needs in edges.items()}
    while True:
        needed = {need for needs in rest.values() for need in needs}
        kept = {code: needs for code, needs in rest.items() if needs and code in needed}
        if len(kept) == len(rest):
            return kept
        rest = {code: needs & kept.keys() for code, needs in kept.items()}


def _way_back(start: str, edges: Edges) -> tuple[str, ...] | None:
    came_from: dict[str, str] = {}
    todo = [start]
    for code in todo:  # grows while it is read: breadth first
        for need in sorted(edges[code]):
            if need == start:
                return (*_walk(came_from, start, code), start)
            if need not in came_from:
                came_from[need] = code
                todo.append(need)
    return None


def _walk(came_from: Mapping[str, str], start: str, end: str) -> list[str]:
    path = [end]
    while path[-1] != start:
        path.append(came_from[path[-1]])
    return path[::-1]
