"""Who asks for a change, and through which door."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Actor:
    """The author of a change as journal and audit keep it; the name outlives the account.

    Args:
        name: E-mail address, ``token:NAME``, ``cli:USER`` or ``system``.
        source: ``page``, ``cli``, ``api``, ``file`` or ``system``.
        user_id: The account, when there is one.
        request_id: Ties the change to a request's log lines.
    """

    name: str
    source: str
    user_id: int | None = None
    request_id: str | None = None


SYSTEM = Actor(name="system", source="system")
