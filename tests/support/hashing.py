"""Hashing a password takes a twentieth of a second on purpose: nobody may wait for the database meanwhile."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from argon2 import PasswordHasher
from flask import has_app_context

from console.services import passwords
from console.services.passwords import PasswordHash
from console.storage.session import UNIT
from console.storage.uow import read_session


def cheap(password: str) -> PasswordHash:
    """A hash that is checked like any other and takes no time, for tests that are about something else."""
    return PasswordHash(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(password))


def forbid_in_units(monkeypatch: pytest.MonkeyPatch) -> None:
    """From here on a hash inside a unit of work fails the test."""
    real = passwords.hash

    def outside(password: str, *, about: Iterable[str] = ()) -> PasswordHash:
        assert not (has_app_context() and UNIT in read_session().info), "a unit of work is open"
        return real(password, about=about)

    monkeypatch.setattr(passwords, "hash", outside)
