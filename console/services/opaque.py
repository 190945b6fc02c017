"""Opaque tokens: the holder has the text, the database only its SHA-256."""

from __future__ import annotations

import hashlib
import secrets


def fresh() -> str:
    """A new token of 256 random bits, safe in URLs and cookies."""
    return secrets.token_urlsafe(32)


def digest(token: str) -> bytes:
    """What the database keeps of a token; random tokens need no salt."""
    return hashlib.sha256(token.encode()).digest()
