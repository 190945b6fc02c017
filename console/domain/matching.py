"""How well a text answers what somebody typed: case and accents never matter, the beginning counts most."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

EXACT, PREFIX, WORD, INSIDE = 4, 3, 2, 1


def folded(text: str) -> str:
    """``text`` in lower case and without accents, as it is compared and sorted: ``Été`` is ``ete``."""
    apart = unicodedata.normalize("NFKD", text)  # first: what stands for several letters may hold capital ones
    bare = "".join(letter for letter in apart if not unicodedata.combining(letter))
    return unicodedata.normalize("NFKD", bare.casefold())


def score(words: str, texts: Iterable[str]) -> int:
    """How well the best of ``texts`` answers; 0 when a word of what was typed stands in none of them.

    A text that is what was typed wins over one that begins with it, that over one with a word that does, that over one
    in which it stands anywhere. Several words may be found in several texts.
    """
    known = [folded(text) for text in texts]
    whole = folded(" ".join(words.split()))
    best = max((_of(whole, text) for text in known), default=0)
    if best or " " not in whole:
        return best
    parts = [max((_of(part, text) for text in known), default=0) for part in whole.split()]
    return INSIDE if all(parts) else 0


def _of(typed: str, text: str) -> int:
    if not typed or typed not in text:
        return 0
    if text == typed:
        return EXACT
    if text.startswith(typed):
        return PREFIX
    return WORD if re.search(rf"(?<!\w){re.escape(typed)}", text) else INSIDE
