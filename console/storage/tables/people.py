"""What proves who somebody is beside the password, and how often somebody was wrong about it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, Double, ForeignKey, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from console.storage.base import Base
from console.storage.types import BigKey, UTCDateTime


class LoginThrottle(Base):
    """How often it was wrong of late for one account, from one address, or at all; ``level`` leaks away with time."""

    __tablename__ = "login_throttles"

    kind: Mapped[str] = mapped_column(String(20), primary_key=True)  # account, code, address, all
    subject: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)  # a keyed hash: people mistype passwords
    level: Mapped[float] = mapped_column(Double)
    counted_at: Mapped[datetime] = mapped_column(UTCDateTime(), index=True)
    waits_until: Mapped[datetime | None] = mapped_column(UTCDateTime())


class TotpSecret(Base):
    """The key of an account's authenticator app, sealed; ``last_step`` is the latest step that a code was taken for."""

    __tablename__ = "totp_secrets"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True, autoincrement=False)
    sealed: Mapped[str] = mapped_column(Text)
    last_step: Mapped[int] = mapped_column(BigInteger, default=0)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime())


class RecoveryCode(Base):
    """A code that stands in once for the authenticator app; the row keeps its SHA-256."""

    __tablename__ = "recovery_codes"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    code_hash: Mapped[bytes] = mapped_column(LargeBinary(32))
    used_at: Mapped[datetime | None] = mapped_column(UTCDateTime())


class Passkey(Base):
    """A key pair of which a device of the account holds the secret half."""

    __tablename__ = "passkeys"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    name: Mapped[str] = mapped_column(String(60))
    credential_id: Mapped[bytes] = mapped_column(LargeBinary(1023), unique=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    uses: Mapped[int] = mapped_column(BigInteger, default=0)  # the device's own counter; 0 when it counts nothing
    created_at: Mapped[datetime] = mapped_column(UTCDateTime())
    last_used_at: Mapped[datetime | None] = mapped_column(UTCDateTime())


class SpentProof(Base):
    """A sealed step of a login that was used; nothing of it works a second time."""

    __tablename__ = "spent_proofs"

    digest: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime(), index=True)
