"""Which passwords are taken: long ones that nobody would guess, whatever characters they have."""

from __future__ import annotations

import unicodedata

import pytest

from console.errors import RuleRefused
from console.services import passwords

ABOUT = ("anna.miller@example.com", "Anna Miller")


@pytest.mark.parametrize(
    "password",
    [
        "short",
        "eleven chrs",
        "x" * 1001,
        "passwordpassword",
        "123456789012",
        "qwertyuiop[]",
        "aaaaaaaaaaaaaaaa",
        "iloveyou1234",
        "Password1234!",
        "anna.miller@example.com",
        "AnnaMiller2026",
        "module console",
        "Module-Console-2026",
    ],
)
def test_what_somebody_would_try_first_is_refused(password: str) -> None:
    with pytest.raises(RuleRefused) as refused:
        passwords.hash(password, about=ABOUT)
    assert refused.value.code == "password_weak"
    assert password not in refused.value.sentence


@pytest.mark.parametrize(
    "password",
    [
        "correct horse battery",
        "vier einfache Wörter hier",
        "8f3kq0vmzp1l",
        "五つの簡単な言葉を並べた合言葉",
        "z" * 3 + " k7 " * 249,
    ],
)
def test_length_counts_and_no_mixture_of_characters_is_asked_for(password: str) -> None:
    assert passwords.verify(passwords.hash(password, about=ABOUT), password)


def test_generated_passwords_are_good_ones() -> None:
    assert not any(passwords.is_guessable(passwords.generate()) for _ in range(20))


def test_a_password_fits_from_every_keyboard() -> None:
    composed = unicodedata.normalize("NFC", "éclair à la crème brûlée")
    split = unicodedata.normalize("NFD", composed)
    assert composed != split
    stored = passwords.hash(split)
    assert passwords.verify(stored, composed)
    assert passwords.verify(stored, split)
