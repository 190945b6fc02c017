"""Create recorded events.

Revision ID: analytics_001
Revises:
Create Date: 2026-02-05

"""

from alembic import op
import sqlalchemy as sa

revision = "analytics_001"
down_revision = None
branch_labels = ("analytics",)
depends_on = None


def upgrade() -> None:
    op.create_table(
        "analytics_events",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("platform_id", sa.Integer(), sa.ForeignKey("platforms.id"), nullable=False, index=True),
        sa.Column("module", sa.String(64), nullable=False),
        sa.Column("event", sa.String(40), nullable=False),
        sa.Column("actor", sa.String(254), nullable=False),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint("platform_id", "module", "event", "occurred_at"),
        sa.Index(None, "platform_id", "occurred_at"),
    )


def downgrade() -> None:
    op.drop_table("analytics_events")
