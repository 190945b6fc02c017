"""Create roles that admins make and tiers of platforms; let tokens know whose they are and what they may.

Revision ID: console_005
Revises: console_004
Create Date: 2026-11-28

"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "console_005"
down_revision = "console_004"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    _roles()
    _tiers()
    _overrides()
    with op.batch_alter_table("tokens", copy_from=_tokens_before()) as tokens:
        tokens.add_column(sa.Column("user_id", sa.Integer()))
        tokens.add_column(sa.Column("permissions", sa.JSON().with_variant(JSONB(), "postgresql")))
        tokens.create_foreign_key("fk_tokens_user_id_users", "users", ["user_id"], ["id"])
        tokens.create_index("ix_tokens_user_id", ["user_id"])


def _tokens_before() -> sa.Table:
    """The table as console_001 made it; SQLite makes it anew to gain a reference, also as a script."""
    return sa.Table(
        "tokens",
        sa.MetaData(),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(32), nullable=False),
        sa.Column("platform_id", sa.Integer(), sa.ForeignKey("platforms.id", name="fk_tokens_platform_id_platforms")),
        sa.Column("vendor_id", sa.Integer(), sa.ForeignKey("vendors.id", name="fk_tokens_vendor_id_vendors")),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("expires_at", TIME, nullable=False),
        sa.Column("revoked_at", TIME),
        sa.Column("last_used_at", TIME),
        sa.PrimaryKeyConstraint("id", name="pk_tokens"),
        sa.UniqueConstraint("token_hash", name="uq_tokens_token_hash"),
        sa.CheckConstraint("platform_id IS NULL OR vendor_id IS NULL", name="ck_tokens_one_scope"),
        sa.Index("ix_tokens_platform_id", "platform_id"),
        sa.Index("ix_tokens_vendor_id", "vendor_id"),
    )


def _roles() -> None:
    op.create_table(
        "roles",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("platform_id", sa.Integer(), sa.ForeignKey("platforms.id"), nullable=False),
        sa.Column("frontend", sa.String(20), nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.UniqueConstraint("platform_id", "name"),
    )
    op.create_table(
        "role_permissions",
        sa.Column("role_id", sa.Integer(), sa.ForeignKey("roles.id"), primary_key=True),
        sa.Column("permission", sa.String(128), primary_key=True),
    )
    op.create_table(
        "role_holders",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("user_id", sa.Integer(), sa.ForeignKey("users.id"), nullable=False, index=True),
        sa.Column("role_id", sa.Integer(), sa.ForeignKey("roles.id"), nullable=False, index=True),
        sa.Column("vendor_id", sa.Integer(), sa.ForeignKey("vendors.id"), index=True),
    )
    for name, columns, where in (
        ("platform", ["user_id", "role_id"], sa.text("vendor_id IS NULL")),
        ("vendor", ["user_id", "role_id", "vendor_id"], sa.text("vendor_id IS NOT NULL")),
    ):
        op.create_index(
            f"uq_role_holders_{name}", "role_holders", columns, unique=True, sqlite_where=where, postgresql_where=where
        )


def _tiers() -> None:
    op.create_table(
        "tiers",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("platform_id", sa.Integer(), sa.ForeignKey("platforms.id"), nullable=False),
        sa.Column("code", sa.String(63), nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.UniqueConstraint("platform_id", "code"),
    )
    op.create_table(
        "tier_features",
        sa.Column("tier_id", sa.Integer(), sa.ForeignKey("tiers.id"), primary_key=True),
        sa.Column("feature", sa.String(128), primary_key=True),
    )
    op.create_table(
        "tier_limits",
        sa.Column("tier_id", sa.Integer(), sa.ForeignKey("tiers.id"), primary_key=True),
        sa.Column("limit_code", sa.String(128), primary_key=True),
        sa.Column("value", sa.BigInteger(), nullable=False),
    )
    op.create_table(
        "vendor_tiers",
        sa.Column("vendor_id", sa.Integer(), sa.ForeignKey("vendors.id"), primary_key=True),
        sa.Column("tier_id", sa.Integer(), sa.ForeignKey("tiers.id"), nullable=False, index=True),
    )


def _overrides() -> None:
    op.create_table(
        "feature_overrides",
        sa.Column("vendor_id", sa.Integer(), sa.ForeignKey("vendors.id"), primary_key=True),
        sa.Column("feature", sa.String(128), primary_key=True),
        sa.Column("is_on", sa.Boolean(), nullable=False),
        sa.Column("until", TIME),
        sa.Column("note", sa.String(500), nullable=False),
        sa.Column("actor", sa.String(254), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
    )


def downgrade() -> None:
    with op.batch_alter_table("tokens") as tokens:
        tokens.drop_index("ix_tokens_user_id")
        tokens.drop_column("permissions")
        tokens.drop_column("user_id")
    tables = "feature_overrides vendor_tiers tier_limits tier_features tiers role_holders role_permissions roles"
    for table in tables.split():
        op.drop_table(table)
