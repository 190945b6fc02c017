"""Give each picture a random name; the number it had in its address goes on leading to it.

Revision ID: cms_004
Revises: cms_003
Create Date: 2026-03-02

"""

from alembic import op
import sqlalchemy as sa

revision = "cms_004"
down_revision = "cms_003"
branch_labels = None
depends_on = None

# 32 hexadecimal digits from the random source that each database has for secrets.
RANDOM = {
    "sqlite": "lower(hex(randomblob(16)))",
    "postgresql": "left(encode(sha256((gen_random_uuid()::text || gen_random_uuid()::text)::bytea), 'hex'), 32)",
}
NAMED = """
UPDATE cms_media SET earlier_name = CAST(id AS VARCHAR(20)), file_name = {random} || CASE content_type
WHEN 'image/png' THEN '.png' WHEN 'image/jpeg' THEN '.jpg' WHEN 'image/gif' THEN '.gif' ELSE '.webp' END
"""


def upgrade() -> None:
    op.add_column("cms_media", sa.Column("file_name", sa.String(40), nullable=False, server_default=""))
    op.add_column("cms_media", sa.Column("earlier_name", sa.String(20)))
    op.execute(NAMED.format(random=RANDOM[op.get_context().dialect.name]))
    op.create_index("ix_cms_media_file_name", "cms_media", ["file_name"], unique=True)


def downgrade() -> None:
    op.drop_index("ix_cms_media_file_name", "cms_media")
    op.drop_column("cms_media", "earlier_name")
    op.drop_column("cms_media", "file_name")
