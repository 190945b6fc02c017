"""What runs: the packages that the console needs and has, found as Python finds them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib import metadata

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

CONSOLE = "module-console"


@dataclass(frozen=True, slots=True)
class Package:
    """An installed package.

    Args:
        name: As package indexes write it.
        licence: As the package says it, empty when it does not.
        needs: Names of the packages that it needs and that are there.
    """

    name: str
    version: str
    licence: str
    needs: tuple[str, ...]

    @property
    def purl(self) -> str:
        """Its package URL, which names it anywhere."""
        return f"pkg:pypi/{self.name}@{self.version}"


def installed(roots: Sequence[str] = (CONSOLE,)) -> tuple[Package, ...]:
    """The packages ``roots`` and everything that they need here, sorted by name; what is not installed is left out."""
    found: dict[str, Package] = {}
    asked: dict[str, set[str]] = {}
    waiting: list[tuple[str, frozenset[str]]] = [(canonicalize_name(root), frozenset()) for root in roots]
    while waiting:
        name, extras = waiting.pop()
        known = asked.get(name)
        if known is not None and extras <= known:
            continue
        asked[name] = (known or set()) | extras
        try:
            distribution = metadata.distribution(name)
        except metadata.PackageNotFoundError:
            continue
        needed = list(_needed(distribution, asked[name]))
        waiting += needed
        found[name] = _package(distribution, name, [each for each, _ in needed])
    return tuple(_kept(found[name], found) for name in sorted(found))


def _needed(distribution: metadata.Distribution, extras: set[str]) -> Iterator[tuple[str, frozenset[str]]]:
    for text in distribution.requires or ():
        try:
            wanted = Requirement(text)
        except InvalidRequirement:  # of a package that was built long ago; Python runs it all the same
            continue
        marker = wanted.marker
        if marker is None or any(marker.evaluate({"extra": extra}) for extra in ("", *extras)):
            yield canonicalize_name(wanted.name), frozenset(wanted.extras)


def _package(distribution: metadata.Distribution, name: str, needs: list[str]) -> Package:
    said = distribution.metadata
    licence = next((said[field] for field in ("License-Expression", "License") if field in said), "")
    return Package(name, distribution.version, licence.strip().partition("\n")[0], tuple(sorted(set(needs))))


def _kept(package: Package, there: dict[str, Package]) -> Package:
    needs = tuple(each for each in package.needs if each in there)
    return Package(package.name, package.version, package.licence, needs)
