"""What modules say becomes something that can be stored, whatever it was."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.domain.journal import classify
from console.domain.said import LONGEST, LONGEST_TRACEBACK, clean, clean_traceback, count, fit, reason_of, seconds
from console.errors import ConfigInvalid, NotReady

TEXTS = st.text(st.characters(exclude_categories=[]))  # lone surrogates too


@given(TEXTS, st.integers(1, 40))
def test_a_clean_text_can_be_stored_and_is_short_enough(text: str, longest: int) -> None:
    found = clean(text, longest=longest)
    assert "\0" not in found.encode().decode()
    assert len(found) <= longest


@given(TEXTS.filter(lambda text: text.isprintable()))
def test_a_text_that_is_fine_stays_as_it_is(text: str) -> None:
    assert clean(text) == text[:LONGEST]
    assert fit({"a": [text, 1, None, True]}) == {"a": [text, 1, None, True]}


def test_of_a_long_traceback_the_end_stays() -> None:
    assert clean_traceback("start" + "x" * LONGEST_TRACEBACK + "end").endswith("end")
    assert clean_traceback("short") == "short"


def test_an_error_that_cannot_speak_is_known_by_its_class() -> None:
    class Mute(Exception):
        def __str__(self) -> str:
            raise RuntimeError

    assert reason_of(Mute()) == "Mute"
    assert classify(Mute()).message == "Mute"


@pytest.mark.parametrize(
    ("asked", "wait_s"),
    [(5, 5.0), (-1, 0.0), (float("nan"), 0.0), (float("inf"), 86400.0), ("soon", 0.0)],
)
def test_nobody_waits_longer_than_a_day(asked: object, wait_s: float) -> None:
    assert classify(NotReady(asked)).retry_after == wait_s  # type: ignore[arg-type]  # modules are not checked


def test_numbers_are_those_of_a_column() -> None:
    assert [count(each) for each in (3, -1, 10**30, float("nan"), "7", 2.9)] == [3, 0, 2**31 - 1, 0, 0, 2]
    assert seconds(True, longest=9.0) == 0.0


def test_a_field_is_a_short_name() -> None:
    assert classify(ConfigInvalid({"k" * 300: "bad"})).field == "k" * 99 + "…"
