"""Addresses that come from outside, made harmless."""

from __future__ import annotations

from urllib.parse import urlsplit


def own_path(text: str | None) -> str:
    """``text`` when it is a path of this console, else the start page; never the way to another site."""
    if not text or not text.startswith("/") or text.startswith(("//", "/\\")) or len(text) > 2000:
        return "/"
    if any(ord(char) < 33 or char == "\\" for char in text):
        return "/"
    parts = urlsplit(text)
    return text if not parts.scheme and not parts.netloc else "/"
