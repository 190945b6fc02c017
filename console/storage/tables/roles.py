"""Roles that admins make of permissions, and who holds them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from console.domain.words import FrontendType
from console.storage.base import Base
from console.storage.types import UTCDateTime, words


def _once(name: str, *columns: str, where: str) -> Index:
    return Index(
        f"uq_role_holders_{name}", *columns, unique=True, sqlite_where=text(where), postgresql_where=text(where)
    )


class MadeRole(Base):
    """A role of one platform, for its people or for those of its vendors."""

    __tablename__ = "roles"
    __table_args__ = (UniqueConstraint("platform_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    platform_id: Mapped[int] = mapped_column(ForeignKey("platforms.id"))
    frontend: Mapped[FrontendType] = mapped_column(words(FrontendType))
    name: Mapped[str] = mapped_column(String(60))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime())


class RolePermission(Base):
    """One permission of a role; it stays when the module that declares it goes off or away."""

    __tablename__ = "role_permissions"

    role_id: Mapped[int] = mapped_column(ForeignKey("roles.id"), primary_key=True)
    permission: Mapped[str] = mapped_column(String(128), primary_key=True)


class RoleHolder(Base):
    """Somebody who holds a role: on its platform, or at the vendor that is named."""

    __tablename__ = "role_holders"
    __table_args__ = (
        # NULL equals nothing in a unique constraint: each of the two places has a rule of its own.
        _once("platform", "user_id", "role_id", where="vendor_id IS NULL"),
        _once("vendor", "user_id", "role_id", "vendor_id", where="vendor_id IS NOT NULL"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    role_id: Mapped[int] = mapped_column(ForeignKey("roles.id"), index=True)
    vendor_id: Mapped[int | None] = mapped_column(ForeignKey("vendors.id"), index=True)
