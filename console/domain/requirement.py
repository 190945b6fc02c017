"""What a module needs: another module, perhaps within a range of versions."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache

from packaging.specifiers import InvalidSpecifier, SpecifierSet

CODE = re.compile(r"[a-z][a-z0-9_-]*")


@dataclass(frozen=True, slots=True)
class Requirement:
    """One entry of ``requires``: a code and a PEP 440 specifier, empty when every version will do."""

    code: str
    specifier: str = ""
    _range: SpecifierSet = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_range", SpecifierSet(self.specifier))

    def accepts(self, version: str) -> bool:
        """Whether a module of this version will do; a pre-release counts like any other version."""
        return not self.specifier or self._range.contains(version, prereleases=True)

    def __str__(self) -> str:
        return f"{self.code}{self.specifier}"


@lru_cache(maxsize=1024)
def parse(text: str) -> Requirement:
    """The requirement written as ``payments`` or ``payments>=1.2,<2``.

    Raises:
        ValueError: Says what is wrong with the text and how to write it.
    """
    match = CODE.match(text)
    if match is None:
        raise ValueError(f'{text!r} does not begin with a module code; write "payments" or "payments>=1.2,<2"')
    specifier = text[match.end() :].strip()
    try:
        return Requirement(match.group(), specifier)
    except InvalidSpecifier:
        raise ValueError(
            f"{text!r} has no readable version range after {match.group()!r}; "
            f'write "{match.group()}" or "{match.group()}>=1.2,<2"'
        ) from None
