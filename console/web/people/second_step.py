"""The second step of a login: the password was right, and the account asks for more.

Between the steps there is neither a row nor a session; the page carries a sealed note of who it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from flask import render_template
from sqlalchemy.orm import Session

from console.context import runtime
from console.errors import Unknown
from console.services import factors, sealed, users
from console.storage.tables import User
from console.storage.uow import read_session
from console.web import passkey_site

PURPOSE = "login"


@dataclass(frozen=True, slots=True)
class Step:
    """Whose password was right, and where the login leads."""

    user_id: int
    email: str
    next: str
    sealed: str


def begin(user_id: int, next_path: str) -> Step:
    """The step after a right password."""
    rt = runtime()
    user = users.by_id(read_session(), user_id)
    facts = {"user": user_id, "generation": user.generation, "next": next_path}
    return Step(user_id, user.email, next_path, sealed.seal(rt, PURPOSE, facts, now=rt.clock()))


def read(text: str) -> Step | None:
    """The step that the page carried; None when it is too old, or the account has changed since."""
    rt = runtime()
    facts = sealed.unseal(rt, PURPOSE, text, now=rt.clock())
    if facts is None:
        return None
    user = _unchanged(read_session(), cast("int", facts["user"]), facts["generation"])
    return None if user is None else Step(user.id, user.email, str(facts["next"]), text)


def show(step: Step, *, error: str = "") -> str:
    """The page that asks for what the account has."""
    found = factors.of(read_session(), step.user_id)
    return render_template(
        "auth/code.html",
        step=step,
        next=step.next,
        has_app=found.app_since is not None,
        passkey=passkey_site.ask() if found.passkeys else None,
        error=error,
    )


def _unchanged(session: Session, user_id: int, generation: object) -> User | None:
    try:
        user = users.by_id(session, user_id)
    except Unknown:
        return None
    return user if user.is_active and user.generation == generation else None
