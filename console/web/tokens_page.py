"""API tokens as pages show them, and making one from a form; for a platform with its vendors, and for the instance."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from flask import request

from console.context import current, runtime
from console.domain.permissions import NOBODY
from console.errors import UsageError
from console.phrases import say
from console.services import tokens
from console.services.tokens import Creator, TokenView
from console.storage.uow import unit_of_work
from console.web.babel import gettext as _

DAYS = (30, 90, 365)


@dataclass(frozen=True, slots=True)
class TokenLine:
    """A token in the list.

    Args:
        state: ``good``, ``revoked``, ``ended`` or ``orphan``.
        permissions: None: whatever its scope has.
    """

    id: int
    name: str
    scope: str
    permissions: tuple[str, ...] | None
    creator: str | None
    state: str
    created_at: datetime
    expires_at: datetime
    last_used_at: datetime | None


@dataclass(frozen=True, slots=True)
class NewToken:
    """A token that was just made; its text is shown this once."""

    name: str
    secret: str


@dataclass(frozen=True, slots=True)
class Scope:
    """What a token is for."""

    platform_id: int | None = None
    vendor_id: int | None = None


def lines(found: Collection[TokenView]) -> list[TokenLine]:
    """Tokens as lines; those that are good first."""
    return sorted(map(_line, found), key=lambda each: each.state != "good")


def _line(token: TokenView) -> TokenLine:
    return TokenLine(
        id=token.id,
        name=token.name,
        scope=token.scope if token.scope is not None else _("The whole instance"),
        permissions=token.permissions,
        creator=token.creator,
        state=_state(token),
        created_at=token.created_at,
        expires_at=token.expires_at,
        last_used_at=token.last_used_at,
    )


def _state(token: TokenView) -> str:
    if token.revoked_at is not None:
        return "revoked"
    if token.is_orphan:
        return "orphan"
    return "good" if token.is_good(runtime().clock()) else "ended"


def create(scope: Scope) -> NewToken:
    """Make the token that the request describes.

    Raises:
        UsageError: It has no name, or no permission was chosen, or its life is none of those that are offered.
        Forbidden: It would be allowed what whoever asks may not give.
    """
    here, rt = current(), runtime()
    assert here.user is not None
    typed = request.form
    permissions = None if typed.get("all") else frozenset(typed.getlist("permission"))
    if permissions is not None and not permissions:
        raise UsageError(say("A token without permissions can do nothing."), hint=say("Choose at least one."))
    days = typed.get("days", type=int)
    if days not in DAYS:
        raise UsageError(say("Choose how long the token lives."), hint=say("Load the page again."))
    with unit_of_work() as uow:
        made, secret = tokens.create(
            uow,
            typed.get("name", ""),
            expires_days=days,
            platform_id=scope.platform_id,
            vendor_id=scope.vendor_id,
            permissions=permissions,
            creator=Creator(here.user.id, here.grants or NOBODY),
            actor=here.actor,
            now=rt.clock(),
        )
    return NewToken(made.name, secret)
