"""Create content pages table.

Revision ID: cms_001
Revises:
Create Date: 2026-01-27

"""

from alembic import op
import sqlalchemy as sa

revision = "cms_001"
down_revision = None  # Or previous module migration
branch_labels = ("cms",)
depends_on = None


def upgrade() -> None:
    op.create_table(
        "cms_content_pages",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("vendor_id", sa.Integer(), sa.ForeignKey("vendors.id")),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("slug", sa.String(200), nullable=False),
        sa.Column("content", sa.Text()),
        sa.Column("created_at", sa.DateTime(timezone=True)),
        sa.Column("updated_at", sa.DateTime(timezone=True)),
    )


def downgrade() -> None:
    op.drop_table("cms_content_pages")
