"""Create media and vendor themes.

Revision ID: cms_003
Revises: cms_002
Create Date: 2026-02-04

"""

from alembic import op
import sqlalchemy as sa

revision = "cms_003"
down_revision = "cms_002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "cms_media",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("vendor_id", sa.Integer(), sa.ForeignKey("vendors.id"), nullable=False, index=True),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("content_type", sa.String(40), nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_table(
        "cms_vendor_themes",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("vendor_id", sa.Integer(), sa.ForeignKey("vendors.id"), nullable=False, index=True),
        sa.Column("accent", sa.String(7), nullable=False),
        sa.Column("typeface", sa.String(20), nullable=False),
        sa.Column("width", sa.String(20), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint("vendor_id"),
    )


def downgrade() -> None:
    op.drop_table("cms_vendor_themes")
    op.drop_table("cms_media")
