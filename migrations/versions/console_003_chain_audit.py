"""Give the audit entries names of their own and a place in a chain.

Revision ID: console_003
Revises: console_002
Create Date: 2026-11-28

"""

import sqlalchemy as sa
from alembic import op

revision = "console_003"
down_revision = "console_002"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIME = sa.DateTime(timezone=True)
POINTER = "fk_audit_entries_platform_id_platforms"


def before() -> sa.Table:
    """The table as console_001 made it; SQLite makes it anew to lose a constraint, also as a script."""
    return sa.Table(
        "audit_entries",
        sa.MetaData(),
        sa.Column("id", KEY, nullable=False),
        sa.Column("platform_id", sa.Integer(), sa.ForeignKey("platforms.id", name=POINTER)),
        sa.Column("at", TIME, nullable=False),
        sa.Column("actor", sa.String(254), nullable=False),
        sa.Column("source", sa.String(20), nullable=False),
        sa.Column("action", sa.String(64), nullable=False),
        sa.Column("target", sa.String(200), nullable=False),
        sa.Column("reason", sa.String(500), nullable=False),
        sa.Column("request_id", sa.String(64)),
        sa.Column("operation_id", KEY),
        sa.Column("before", sa.JSON()),
        sa.Column("after", sa.JSON()),
        sa.PrimaryKeyConstraint("id", name="pk_audit_entries"),
        sa.Index("ix_audit_entries_platform_id_id", "platform_id", "id"),
    )


def upgrade() -> None:
    op.create_table(
        "audit_chains",
        sa.Column("id", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("platform", sa.String(63), nullable=False),
        sa.Column("place", KEY, nullable=False),
        sa.Column("seal", sa.String(100), nullable=False),
        sa.Column("verified_at", TIME),
        sa.Column("verified_by", sa.String(254), nullable=False),
        sa.Column("findings", sa.Integer(), nullable=False),
    )
    with op.batch_alter_table("audit_entries", copy_from=before()) as table:
        table.drop_constraint(POINTER, type_="foreignkey")
        table.add_column(sa.Column("platform", sa.String(63), nullable=False, server_default=""))
        table.add_column(sa.Column("once", sa.String(64)))
        table.add_column(sa.Column("count", sa.Integer(), nullable=False, server_default="1"))
        table.add_column(sa.Column("count_seal", sa.String(100), nullable=False, server_default=""))
        table.add_column(sa.Column("place", KEY, nullable=False, server_default="0"))
        table.add_column(sa.Column("previous", sa.String(100), nullable=False, server_default=""))
        table.add_column(sa.Column("seal", sa.String(100), nullable=False, server_default=""))
        table.create_unique_constraint("uq_audit_entries_once", ["once"])
    op.execute(
        "UPDATE audit_entries SET platform ="
        " (SELECT slug FROM platforms WHERE platforms.id = audit_entries.platform_id) WHERE platform_id IS NOT NULL"
    )


def downgrade() -> None:
    with op.batch_alter_table("audit_entries") as table:
        table.drop_constraint("uq_audit_entries_once", type_="unique")
        for name in ("seal", "previous", "place", "count_seal", "count", "once", "platform"):
            table.drop_column(name)
        table.create_foreign_key(POINTER, "platforms", ["platform_id"], ["id"])
    op.drop_table("audit_chains")
