"""Create orders and number ranges.

Revision ID: orders_001
Revises:
Create Date: 2026-02-03

"""

from alembic import op
import sqlalchemy as sa

revision = "orders_001"
down_revision = None
branch_labels = ("orders",)
depends_on = None


def upgrade() -> None:
    op.create_table(
        "orders_number_ranges",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("vendor_id", sa.Integer(), sa.ForeignKey("vendors.id"), nullable=False, index=True),
        sa.Column("next_number", sa.Integer(), nullable=False),
        sa.UniqueConstraint("vendor_id"),
    )
    op.create_table(
        "orders_orders",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("vendor_id", sa.Integer(), sa.ForeignKey("vendors.id"), nullable=False, index=True),
        sa.Column("number", sa.String(30), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("customer", sa.String(200), nullable=False),
        sa.Column("note", sa.String(500), nullable=False),
        sa.Column("total_cents", sa.Integer(), nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("payment_method_id", sa.Integer(), nullable=False),
        sa.Column("payment_title", sa.String(120), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint("vendor_id", "number"),
        sa.Index(None, "vendor_id", "state"),
    )


def downgrade() -> None:
    op.drop_table("orders_orders")
    op.drop_table("orders_number_ranges")
