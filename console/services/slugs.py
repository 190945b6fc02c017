"""Slugs, the names of platforms and vendors in URLs, and the names that people read."""

from __future__ import annotations

import re
from collections.abc import Generator
from contextlib import contextmanager

from sqlalchemy.exc import IntegrityError

from console.errors import RuleRefused, UsageError

LONGEST_NAME = 200
_SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")


def checked(slug: str) -> str:
    """The slug as given.

    Raises:
        UsageError: ``slug_invalid``; says what a slug looks like.
    """
    if not _SLUG.fullmatch(slug):
        error = UsageError(
            f"{slug!r} cannot stand in a URL.",
            hint="Write lower-case letters, digits and '-' between them, 63 characters at most, such as 'acme'.",
        )
        error.code = "slug_invalid"
        raise error
    return slug


def checked_name(text: str, *, longest: int = LONGEST_NAME) -> str:
    """The name without the space around it; empty when there is none.

    Raises:
        UsageError: ``name_invalid``: too long, or with characters that cannot be shown.
    """
    name = text.strip()
    if len(name) > longest or not name.isprintable():
        what = f"has {len(name)} characters" if len(name) > longest else "holds characters that cannot be shown"
        error = UsageError(f"The name {what}.", hint=f"Write one line of text, {longest} characters at most.")
        error.code = "name_invalid"
        raise error
    return name


def taken(kind: str, slug: str) -> RuleRefused:
    """The error of a slug that exists."""
    what = "address" if kind == "user" else "slug"
    return RuleRefused(f"There is a {kind} {slug!r} already.", code=f"{kind}_exists", hint=f"Choose another {what}.")


@contextmanager
def unique(kind: str, slug: str) -> Generator[None]:
    """Turns the database's refusal of a second one, made at the same moment elsewhere, into the error for it."""
    try:
        yield
    except IntegrityError as error:
        raise taken(kind, slug) from error
