"""Slugs, the names of platforms and vendors in URLs, and the names that people read."""

from __future__ import annotations

import re
from collections.abc import Generator
from contextlib import contextmanager

from sqlalchemy.exc import IntegrityError

from console.errors import RuleRefused, UsageError
from console.phrases import mark, say, say_count

_TAKEN = {
    "platform": mark("There is a platform %(name)s already."),
    "vendor": mark("There is a vendor %(name)s already."),
    "user": mark("There is a user %(name)s already."),
}
LONGEST_NAME = 200
_SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")


def checked(slug: str) -> str:
    """The slug as given.

    Raises:
        UsageError: ``slug_invalid``; says what a slug looks like.
    """
    if not _SLUG.fullmatch(slug):
        error = UsageError(
            say("%(slug)s cannot stand in a URL.", slug=repr(slug)),
            hint=say("Write lower-case letters, digits and '-' between them, 63 characters at most, such as 'acme'."),
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
        text = say("The name holds characters that cannot be shown.")
        if len(name) > longest:
            text = say_count("The name has %(num)s character.", "The name has %(num)s characters.", len(name))
        error = UsageError(text, hint=say("Write one line of text, %(longest)s characters at most.", longest=longest))
        error.code = "name_invalid"
        raise error
    return name


def taken(kind: str, slug: str) -> RuleRefused:
    """The error of a slug that exists."""
    hint = say("Choose another address.") if kind == "user" else say("Choose another slug.")
    return RuleRefused(say(_TAKEN[kind], name=repr(slug)), code=f"{kind}_exists", hint=hint)


@contextmanager
def unique(kind: str, slug: str) -> Generator[None]:
    """Turns the database's refusal of a second one, made at the same moment elsewhere, into the error for it."""
    try:
        yield
    except IntegrityError as error:
        raise taken(kind, slug) from error
