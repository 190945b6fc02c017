"""What answers what was typed, and how well."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from console.domain.matching import EXACT, INSIDE, PREFIX, WORD, folded, score


@pytest.mark.parametrize(
    ("typed", "texts", "rank"),
    [
        ("orders", ("Orders",), EXACT),
        ("ord", ("Orders",), PREFIX),
        ("ord", ("Past orders",), WORD),
        ("rde", ("Orders",), INSIDE),
        ("pay", ("Orders",), 0),
        ("pay", ("Orders", "payments"), PREFIX),
        ("ete", ("Été",), EXACT),
        ("ÉTÉ", ("ete",), EXACT),
        ("blue  bottle", ("Blue Bottle",), EXACT),
        ("enable ord", ("Enable Orders",), PREFIX),
        ("orders enable", ("Enable Orders",), INSIDE),
        ("orders sales", ("Orders", "sales_reports"), INSIDE),
        ("orders nowhere", ("Orders",), 0),
        ("", ("Orders",), 0),
        (".*", ("Orders",), 0),
    ],
)
def test_the_beginning_counts_most_and_case_and_accents_never(typed: str, texts: tuple[str, ...], rank: int) -> None:
    assert score(typed, texts) == rank


@given(st.text(max_size=30))
@example("\N{SQUARE PA}")
@example("\N{LATIN CAPITAL LETTER I WITH DOT ABOVE}")
def test_folding_twice_is_folding_once(text: str) -> None:
    assert folded(folded(text)) == folded(text)
