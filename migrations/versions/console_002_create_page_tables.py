"""Create the tables behind menus, requests for modules and the log of steps.

Revision ID: console_002
Revises: console_001
Create Date: 2026-11-28

"""

import sqlalchemy as sa
from alembic import op

revision = "console_002"
down_revision = "console_001"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "menu_places",
        sa.Column("platform_id", sa.Integer(), sa.ForeignKey("platforms.id"), primary_key=True),
        sa.Column("frontend", sa.String(20), primary_key=True),
        sa.Column("item", sa.String(64), primary_key=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("hidden", sa.Boolean(), nullable=False),
        sa.Column("group_name", sa.String(60), nullable=False),
    )
    op.create_table(
        "module_requests",
        sa.Column("id", KEY, primary_key=True),
        sa.Column("platform_id", sa.Integer(), sa.ForeignKey("platforms.id"), nullable=False),
        sa.Column("vendor_id", sa.Integer(), sa.ForeignKey("vendors.id"), nullable=False),
        sa.Column("module", sa.String(64), nullable=False),
        sa.Column("note", sa.String(500), nullable=False),
        sa.Column("actor", sa.String(254), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("answer", sa.String(20)),
        sa.Column("answer_note", sa.String(500), nullable=False),
        sa.Column("answered_by", sa.String(254)),
        sa.Column("answered_at", TIME),
    )
    op.create_index("ix_module_requests_platform_id_answered_at", "module_requests", ["platform_id", "answered_at"])
    op.create_index("ix_module_requests_vendor_id_module", "module_requests", ["vendor_id", "module"])
    op.create_table(
        "operation_step_lines",
        sa.Column("id", KEY, primary_key=True),
        sa.Column("step_id", KEY, sa.ForeignKey("operation_steps.id"), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("level", sa.String(10), nullable=False),
        sa.Column("text", sa.String(500), nullable=False),
    )
    op.create_index("ix_operation_step_lines_step_id_id", "operation_step_lines", ["step_id", "id"])


def downgrade() -> None:
    op.drop_table("operation_step_lines")
    op.drop_table("module_requests")
    op.drop_table("menu_places")
