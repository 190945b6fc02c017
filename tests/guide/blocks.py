"""The Python blocks of the guide, each with the changes that the table of substitutions makes to it."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

DOCS = Path(__file__).parents[2] / "docs" / "development"
FENCE = re.compile(r"^#{2,4} (?P<section>.+?)\s*$|^```python\n(?P<code>.*?)^```", re.M | re.S)


@dataclass(frozen=True, slots=True)
class Block:
    """One block: under which heading it stands, and what it says."""

    section: str
    code: str


@cache
def blocks() -> tuple[Block, ...]:
    """The Python blocks of the guide, in its order."""
    found = []
    section = ""
    for match in FENCE.finditer((DOCS / "original-guide.md").read_text(encoding="utf-8")):
        if match["section"]:
            section = match["section"]
        else:
            found.append(Block(section, match["code"]))
    return tuple(found)


@cache
def table() -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
    """Section and changes of each row, in the table's order."""
    rows = tomllib.loads((DOCS / "original-guide.toml").read_text(encoding="utf-8"))["block"]
    return tuple((row["section"], tuple((old, new) for old, new in row["change"])) for row in rows)


def changed(section: str) -> str:
    """The block under ``section`` as it runs here.

    Raises:
        LookupError: The block has no row, or a change does not fit it.
    """
    block = next((each for each in blocks() if each.section == section), None)
    changes = next((each for name, each in table() if name == section), None)
    if block is None or changes is None:
        raise LookupError(f"{section!r}: the guide has no such block, or the table no such row")
    code = block.code
    for old, new in changes:
        if old not in code:
            raise LookupError(f"{section!r}: the guide does not say {old!r}")
        code = code.replace(old, new)
    return code


def run(section: str, **given: object) -> dict[str, object]:
    """The names that the block leaves behind; ``given`` are the names that it expects to find."""
    names: dict[str, object] = {"__name__": f"guide.{re.sub(r'[^a-z]+', '_', section.lower())}", **given}
    exec(compile(changed(section), f"guide: {section}", "exec", dont_inherit=True), names)
    return names
