"""People: accounts, memberships, sessions as rows, API tokens, the claim of the first admin."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, text
from sqlalchemy.orm import Mapped, mapped_column

from console.domain.words import Role
from console.storage.base import Base
from console.storage.types import Json, UTCDateTime, words

_ONE_SCOPE = "platform_id IS NULL OR vendor_id IS NULL"


def _once(name: str, *columns: str, where: str) -> Index:
    return Index(
        f"uq_memberships_{name}", *columns, unique=True, sqlite_where=text(where), postgresql_where=text(where)
    )


class User(Base):
    """An account; ``generation`` grows with everything that a cached copy of its grants must notice."""

    __tablename__ = "users"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(200), default="")
    password_hash: Mapped[str | None] = mapped_column(String(255))
    generation: Mapped[int] = mapped_column(default=1)
    is_active: Mapped[bool] = mapped_column(default=True)
    locale: Mapped[str | None] = mapped_column(String(16))
    timezone: Mapped[str | None] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime())


class Membership(Base):
    """A role of a user: on the instance (no scope), on a platform, or at a vendor."""

    __tablename__ = "memberships"
    __table_args__ = (
        # NULL equals nothing in a unique constraint: each of the three scopes has a rule of its own.
        _once("instance", "user_id", "role", where="platform_id IS NULL AND vendor_id IS NULL"),
        _once("platform", "user_id", "role", "platform_id", where="platform_id IS NOT NULL"),
        _once("vendor", "user_id", "role", "vendor_id", where="vendor_id IS NOT NULL"),
        CheckConstraint(_ONE_SCOPE, name="one_scope"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    role: Mapped[Role] = mapped_column(words(Role))
    platform_id: Mapped[int | None] = mapped_column(ForeignKey("platforms.id"), index=True)
    vendor_id: Mapped[int | None] = mapped_column(ForeignKey("vendors.id"), index=True)


class WebSession(Base):
    """A login; the cookie holds an opaque id, the row its SHA-256.

    The id changes when what the account may do has changed since ``generation``; the former one is good for moments
    more, for requests that were on their way. ``proved_at`` is when the person last proved who it is.
    """

    __tablename__ = "sessions"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    csrf_token: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime())
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime(), index=True)
    last_seen_at: Mapped[datetime] = mapped_column(UTCDateTime())
    address: Mapped[str] = mapped_column(String(64), default="")
    agent: Mapped[str] = mapped_column(String(255), default="")
    former_hash: Mapped[bytes | None] = mapped_column(LargeBinary(32), index=True)
    rotated_at: Mapped[datetime | None] = mapped_column(UTCDateTime())
    generation: Mapped[int | None] = mapped_column()
    proved_at: Mapped[datetime | None] = mapped_column(UTCDateTime())


class ApiToken(Base):
    """A bearer token: shown once, stored as SHA-256, scoped to a platform, a vendor or the instance.

    Whose ``user_id`` it bears may take from it what it may do; without one it is the operator's, made on the server.
    """

    __tablename__ = "tokens"
    __table_args__ = (CheckConstraint(_ONE_SCOPE, name="one_scope"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(100))
    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    platform_id: Mapped[int | None] = mapped_column(ForeignKey("platforms.id"), index=True)
    vendor_id: Mapped[int | None] = mapped_column(ForeignKey("vendors.id"), index=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    permissions: Mapped[list[str] | None] = mapped_column(Json)  # None: all that its scope has
    created_at: Mapped[datetime] = mapped_column(UTCDateTime())
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime())
    revoked_at: Mapped[datetime | None] = mapped_column(UTCDateTime())
    last_used_at: Mapped[datetime | None] = mapped_column(UTCDateTime())


class SetupClaim(Base):
    """The one-time link that creates the first admin."""

    __tablename__ = "setup_claims"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime())
    claimed_at: Mapped[datetime | None] = mapped_column(UTCDateTime())
