"""Passwords: argon2id, two at a time in a process, so that a storm of logins costs time and not memory."""

from __future__ import annotations

import re
import secrets
import unicodedata
from collections.abc import Iterable
from functools import cache
from threading import BoundedSemaphore, Lock
from typing import NewType

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from console.errors import RuleRefused
from console.phrases import say, say_count

AT_ONCE = 2
SHORTEST = 12
LONGEST = 1000  # a longer one only costs time
GUESSES = 10**8
"""How many guesses somebody who knows what people choose may need at least."""
_JUDGED = 72  # characters that the estimate looks at; what is good so far does not get worse
_OWN_PART = 6  # letters and digits that are not of the owner's or the product's name
_OURS = ("module console", "module", "console")
PasswordHash = NewType("PasswordHash", str)
"""What services take in place of a password, so that nobody hashes while others wait for the database."""
_hasher = PasswordHasher()
_places = BoundedSemaphore(AT_ONCE)
_estimating = Lock()  # the library keeps the words of the person in a global


def hash(password: str, *, about: Iterable[str] = ()) -> PasswordHash:
    """The argon2id hash to store. Slow on purpose: call it before a unit of work, not in it.

    What counts is length, and that nobody would guess it soon: no mixture of characters is asked for.

    Args:
        about: What the password must not be made of: the address and the name of its owner.

    Raises:
        RuleRefused: ``password_weak``: too short, too long, or among what people choose.
    """
    text = _normal(password)
    if not SHORTEST <= len(text) <= LONGEST:
        raise RuleRefused(
            say_count(
                "The password has %(num)s character; %(least)s to %(most)s are needed.",
                "The password has %(num)s characters; %(least)s to %(most)s are needed.",
                len(text),
                least=SHORTEST,
                most=LONGEST,
            ),
            code="password_weak",
            hint=say("Several words are easy to keep and hard to guess."),
        )
    if is_guessable(text, about=about):
        raise RuleRefused(
            say("This password is among the first that somebody would try."),
            code="password_weak",
            hint=say("Several words are easy to keep and hard to guess."),
        )
    with _places:
        return PasswordHash(_hasher.hash(text))


def is_guessable(password: str, *, about: Iterable[str] = ()) -> bool:
    """Whether common passwords, words, dates, rows of keys and the words of ``about`` lead to it in a few guesses."""
    from zxcvbn import zxcvbn  # noqa: PLC0415  # its lists of words take 50 ms, and only who sets a password needs them

    known = {*_OURS, *(word for text in about for word in _words(text.lower()))}
    if _is_made_of(password.lower(), known):
        return True
    with _estimating:
        found = zxcvbn(password[:_JUDGED], user_inputs=sorted(known))
    return int(found["guesses"]) < GUESSES


def _words(text: str) -> list[str]:
    """What a person is called by: an address, its halves, and each name in them."""
    return [word for word in (text, *text.split("@"), *re.split(r"[\W_]+", text)) if len(word) > 2]


def _is_made_of(text: str, known: Iterable[str]) -> bool:
    """Whether hardly anything is left of ``text`` without the known words: a year, or a few signs between."""
    rest = text
    for word in sorted(known, key=len, reverse=True):
        rest = rest.replace(word, "")
    return rest != text and sum(map(str.isalnum, rest)) < _OWN_PART


def _normal(password: str) -> str:
    """The same characters in the same bytes, whatever keyboard they came from."""
    return unicodedata.normalize("NFC", password)


def verify(stored: str | None, password: str) -> bool:
    """Whether the password fits; without a stored hash the answer is no, after the same work."""
    with _places:
        try:
            _hasher.verify(stored or _of_nobody(), _normal(password[: 2 * LONGEST])[:LONGEST])
        except (VerificationError, InvalidHashError):
            return False
    return stored is not None


def generate() -> str:
    """A password for a new login, to be shown once."""
    return secrets.token_urlsafe(12)


@cache
def _of_nobody() -> str:
    return _hasher.hash(secrets.token_urlsafe(16))
