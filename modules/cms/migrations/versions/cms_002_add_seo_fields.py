"""Add SEO fields, language and publication; one address per vendor.

Revision ID: cms_002
Revises: cms_001
Create Date: 2026-01-30

"""

from alembic import op
import sqlalchemy as sa

revision = "cms_002"
down_revision = "cms_001"
branch_labels = None
depends_on = None

# Addresses that were given twice keep the oldest page; the others get their id appended.
DISTINCT = """
UPDATE cms_content_pages SET slug = substr(slug, 1, 180) || '-' || id
WHERE id NOT IN (SELECT first_id FROM (SELECT min(id) AS first_id FROM cms_content_pages GROUP BY vendor_id, slug) AS t)
"""


def upgrade() -> None:
    op.add_column("cms_content_pages", sa.Column("language", sa.String(10), nullable=False, server_default="en"))
    op.add_column(
        "cms_content_pages", sa.Column("is_published", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.add_column("cms_content_pages", sa.Column("meta_title", sa.String(70)))
    op.add_column("cms_content_pages", sa.Column("meta_description", sa.String(160)))
    op.execute(DISTINCT)
    op.create_index("uq_cms_content_pages_vendor_id_slug", "cms_content_pages", ["vendor_id", "slug"], unique=True)


def downgrade() -> None:
    op.drop_index("uq_cms_content_pages_vendor_id_slug", "cms_content_pages")
    for column in ("meta_description", "meta_title", "is_published", "language"):
        op.drop_column("cms_content_pages", column)
