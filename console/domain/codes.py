"""Codes that say more about themselves: a feature, permission or limit with a label, and tiers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Self


class _LabelledCode(str):
    """A code that is a plain string everywhere, with a label and a description for people."""

    __slots__ = ("description", "label")
    label: object
    description: object

    def __new__(cls, code: str, label: object = None, description: object = "") -> Self:
        """The code; ``label`` (plain or lazily translated) is made from it when left out."""
        self = super().__new__(cls, code)
        self.label = label if label is not None else code.rpartition(".")[2].replace("_", " ").capitalize()
        self.description = description
        return self


class Feature(_LabelledCode):
    """A feature code, for ``features`` of a definition, that carries its label and description."""

    __slots__ = ()


class Permission(_LabelledCode):
    """A permission code, for ``permissions`` of a definition, that carries its label and description."""

    __slots__ = ()


class Limit(_LabelledCode):
    """A thing that can be counted, for ``limits`` of a definition: ``<module>.<name>``, with label and description.

    A tier says the most of it that a vendor may have, a whole number from 0 on; without one there is no limit.
    """

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Tier:
    """A subscription level of a platform's vendors.

    Args:
        features: The feature codes that a vendor of this tier has.
        limits: Limit code → the most of it; a code that is not in it is not limited.
    """

    code: str
    name: str
    features: frozenset[str] = frozenset()
    limits: Mapping[str, int] = field(default_factory=dict)

    def of(self, features: Iterable[str]) -> frozenset[str]:
        """Those of ``features`` that this tier has."""
        return self.features.intersection(features)
