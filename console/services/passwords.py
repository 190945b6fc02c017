"""Passwords: argon2id, two at a time in a process, so that a storm of logins costs time and not memory."""

from __future__ import annotations

import secrets
from functools import cache
from threading import BoundedSemaphore
from typing import NewType

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from console.errors import RuleRefused
from console.phrases import say, say_count

AT_ONCE = 2
SHORTEST = 10
LONGEST = 1000  # a longer one only costs time
PasswordHash = NewType("PasswordHash", str)
"""What services take in place of a password, so that nobody hashes while others wait for the database."""
_hasher = PasswordHasher()
_places = BoundedSemaphore(AT_ONCE)


def hash(password: str) -> PasswordHash:
    """The argon2id hash to store. Slow on purpose: call it before a unit of work, not in it.

    Raises:
        RuleRefused: ``password_weak``: too short or too long.
    """
    if not SHORTEST <= len(password) <= LONGEST:
        raise RuleRefused(
            say_count(
                "The password has %(num)s character; at least %(least)s are needed.",
                "The password has %(num)s characters; at least %(least)s are needed.",
                len(password),
                least=SHORTEST,
            ),
            code="password_weak",
            hint=say("Several words are easy to keep and hard to guess."),
        )
    with _places:
        return PasswordHash(_hasher.hash(password))


def verify(stored: str | None, password: str) -> bool:
    """Whether the password fits; without a stored hash the answer is no, after the same work."""
    with _places:
        try:
            _hasher.verify(stored or _of_nobody(), password[:LONGEST])
        except (VerificationError, InvalidHashError):
            return False
    return stored is not None


def generate() -> str:
    """A password for a new login, to be shown once."""
    return secrets.token_urlsafe(12)


@cache
def _of_nobody() -> str:
    return _hasher.hash(secrets.token_urlsafe(16))
