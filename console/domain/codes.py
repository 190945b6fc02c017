"""Codes that say more about themselves: a feature or permission with a label, and tiers that hold features."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class Tier:
    """A subscription level: the feature codes that a platform of this tier has."""

    code: str
    name: str
    features: frozenset[str] = frozenset()

    def of(self, features: Iterable[str]) -> frozenset[str]:
        """Those of ``features`` that this tier has."""
        return self.features.intersection(features)
