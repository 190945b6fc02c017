"""Create the tables behind second factors, passkeys and waiting after wrong logins; let sessions change their token.

Revision ID: console_004
Revises: console_003
Create Date: 2026-11-28

"""

import sqlalchemy as sa
from alembic import op

revision = "console_004"
down_revision = "console_003"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("sessions", sa.Column("former_hash", sa.LargeBinary(32)))
    op.add_column("sessions", sa.Column("rotated_at", TIME))
    op.add_column("sessions", sa.Column("generation", sa.Integer()))
    op.add_column("sessions", sa.Column("proved_at", TIME))
    op.create_index("ix_sessions_former_hash", "sessions", ["former_hash"])
    op.create_table(
        "login_throttles",
        sa.Column("kind", sa.String(20), primary_key=True),
        sa.Column("subject", sa.LargeBinary(32), primary_key=True),
        sa.Column("level", sa.Double(), nullable=False),
        sa.Column("counted_at", TIME, nullable=False, index=True),
        sa.Column("waits_until", TIME),
    )
    op.create_table(
        "totp_secrets",
        sa.Column("user_id", sa.Integer(), sa.ForeignKey("users.id"), primary_key=True, autoincrement=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.Column("last_step", sa.BigInteger(), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
    )
    op.create_table(
        "recovery_codes",
        sa.Column("id", KEY, primary_key=True),
        sa.Column("user_id", sa.Integer(), sa.ForeignKey("users.id"), nullable=False, index=True),
        sa.Column("code_hash", sa.LargeBinary(32), nullable=False),
        sa.Column("used_at", TIME),
    )
    op.create_table(
        "passkeys",
        sa.Column("id", KEY, primary_key=True),
        sa.Column("user_id", sa.Integer(), sa.ForeignKey("users.id"), nullable=False, index=True),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("credential_id", sa.LargeBinary(1023), nullable=False, unique=True),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("uses", sa.BigInteger(), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("last_used_at", TIME),
    )
    op.create_table(
        "spent_proofs",
        sa.Column("digest", sa.LargeBinary(32), primary_key=True),
        sa.Column("expires_at", TIME, nullable=False, index=True),
    )


def downgrade() -> None:
    for table in ("spent_proofs", "passkeys", "recovery_codes", "totp_secrets", "login_throttles"):
        op.drop_table(table)
    op.drop_index("ix_sessions_former_hash", "sessions")
    for column in ("proved_at", "generation", "rotated_at", "former_hash"):
        op.drop_column("sessions", column)
