"""Create the console's tables.

Revision ID: console_001
Revises:
Create Date: 2026-02-02

"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "console_001"
down_revision = None
branch_labels = ("console",)
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    create_tenants()
    create_people()
    create_access()
    create_configuration()
    create_operations()
    create_deliveries()
    create_audit()
    create_queue()
    create_system()


def create_tenants() -> None:
    op.create_table(
        "platforms",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("slug", sa.String(63), nullable=False, unique=True),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("archived_at", TIME),
    )
    op.create_table(
        "vendors",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("platform_id", sa.Integer(), sa.ForeignKey("platforms.id"), nullable=False, index=True),
        sa.Column("slug", sa.String(63), nullable=False, unique=True),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("archived_at", TIME),
    )
    op.create_table(
        "module_states",
        sa.Column("platform_id", sa.Integer(), sa.ForeignKey("platforms.id"), primary_key=True),
        sa.Column("module", sa.String(64), primary_key=True),
        sa.Column("wanted", sa.Boolean(), nullable=False),
        sa.Column("origin", sa.String(20)),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("changed_at", TIME, nullable=False),
        sa.Column("operation_id", KEY),
    )
    op.create_index("ix_module_states_module", "module_states", ["module"])


def create_people() -> None:
    op.create_table(
        "users",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("email", sa.String(254), nullable=False, unique=True),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("password_hash", sa.String(255)),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("locale", sa.String(16)),
        sa.Column("timezone", sa.String(64)),
        sa.Column("created_at", TIME, nullable=False),
    )
    op.create_table(
        "memberships",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("user_id", sa.Integer(), sa.ForeignKey("users.id"), nullable=False, index=True),
        sa.Column("role", sa.String(20), nullable=False),
        sa.Column("platform_id", sa.Integer(), sa.ForeignKey("platforms.id"), index=True),
        sa.Column("vendor_id", sa.Integer(), sa.ForeignKey("vendors.id"), index=True),
        sa.CheckConstraint("platform_id IS NULL OR vendor_id IS NULL", name="one_scope"),
    )
    only = sa.text("platform_id IS NULL AND vendor_id IS NULL")
    op.create_index(
        "uq_memberships_instance",
        "memberships",
        ["user_id", "role"],
        unique=True,
        sqlite_where=only,
        postgresql_where=only,
    )
    only = sa.text("platform_id IS NOT NULL")
    op.create_index(
        "uq_memberships_platform",
        "memberships",
        ["user_id", "role", "platform_id"],
        unique=True,
        sqlite_where=only,
        postgresql_where=only,
    )
    only = sa.text("vendor_id IS NOT NULL")
    op.create_index(
        "uq_memberships_vendor",
        "memberships",
        ["user_id", "role", "vendor_id"],
        unique=True,
        sqlite_where=only,
        postgresql_where=only,
    )
    op.create_table(
        "sessions",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("token_hash", sa.LargeBinary(32), nullable=False, unique=True),
        sa.Column("user_id", sa.Integer(), sa.ForeignKey("users.id"), nullable=False, index=True),
        sa.Column("csrf_token", sa.String(64), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("expires_at", TIME, nullable=False, index=True),
        sa.Column("last_seen_at", TIME, nullable=False),
        sa.Column("address", sa.String(64), nullable=False),
        sa.Column("agent", sa.String(255), nullable=False),
    )


def create_access() -> None:
    op.create_table(
        "tokens",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(32), nullable=False, unique=True),
        sa.Column("platform_id", sa.Integer(), sa.ForeignKey("platforms.id"), index=True),
        sa.Column("vendor_id", sa.Integer(), sa.ForeignKey("vendors.id"), index=True),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("expires_at", TIME, nullable=False),
        sa.Column("revoked_at", TIME),
        sa.Column("last_used_at", TIME),
        sa.CheckConstraint("platform_id IS NULL OR vendor_id IS NULL", name="one_scope"),
    )
    op.create_table(
        "setup_claims",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("token_hash", sa.LargeBinary(32), nullable=False, unique=True),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("claimed_at", TIME),
    )


def create_configuration() -> None:
    op.create_table(
        "module_configs",
        sa.Column("platform_id", sa.Integer(), sa.ForeignKey("platforms.id"), primary_key=True),
        sa.Column("module", sa.String(64), primary_key=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("config_version", sa.Integer(), nullable=False),
        sa.Column("overrides", JSON, nullable=False),
        sa.Column("changed_at", TIME, nullable=False),
    )
    op.create_table(
        "config_revisions",
        sa.Column("id", KEY, primary_key=True),
        sa.Column("platform_id", sa.Integer(), sa.ForeignKey("platforms.id"), nullable=False),
        sa.Column("module", sa.String(64), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("overrides", JSON, nullable=False),
        sa.Column("diff", JSON, nullable=False),
        sa.Column("actor", sa.String(254), nullable=False),
        sa.Column("source", sa.String(20), nullable=False),
        sa.Column("note", sa.String(500), nullable=False),
        sa.Column("restores", sa.Integer()),
        sa.Column("at", TIME, nullable=False),
        sa.UniqueConstraint("platform_id", "module", "revision"),
    )


def create_operations() -> None:
    op.create_table(
        "operations",
        sa.Column("id", KEY, primary_key=True),
        sa.Column("platform_id", sa.Integer(), sa.ForeignKey("platforms.id"), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("request", JSON, nullable=False),
        sa.Column("undoes_id", KEY, sa.ForeignKey("operations.id")),
        sa.Column("note", sa.String(500), nullable=False),
        sa.Column("actor", sa.String(254), nullable=False),
        sa.Column("source", sa.String(20), nullable=False),
        sa.Column("request_id", sa.String(64)),
        sa.Column("created_at", TIME, nullable=False, index=True),
        sa.Column("started_at", TIME),
        sa.Column("finished_at", TIME),
    )
    op.create_index("ix_operations_platform_id_id", "operations", ["platform_id", "id"])
    op.create_index("ix_operations_platform_id_state", "operations", ["platform_id", "state"])
    op.create_table(
        "operation_steps",
        sa.Column("id", KEY, primary_key=True),
        sa.Column("operation_id", KEY, sa.ForeignKey("operations.id"), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("module", sa.String(64), nullable=False),
        sa.Column("action", sa.String(20), nullable=False),
        sa.Column("reason", sa.String(100), nullable=False),
        sa.Column("origin", sa.String(20)),
        sa.Column("hook", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("fence", sa.Integer(), nullable=False),
        sa.Column("worker", sa.String(100)),
        sa.Column("lease_until", TIME),
        sa.Column("next_try_at", TIME),
        sa.Column("waiting_since", TIME),
        sa.Column("progress_done", sa.Integer()),
        sa.Column("progress_total", sa.Integer()),
        sa.Column("progress_text", sa.String(200), nullable=False),
        sa.Column("error_class", sa.String(100)),
        sa.Column("error_message", sa.Text()),
        sa.Column("error_traceback", sa.Text()),
        sa.Column("error_field", sa.String(100)),
        sa.Column("before_wanted", sa.Boolean(), nullable=False),
        sa.Column("before_origin", sa.String(20)),
        sa.Column("before_state", sa.String(20), nullable=False),
        sa.Column("started_at", TIME),
        sa.Column("finished_at", TIME),
        sa.UniqueConstraint("operation_id", "position"),
    )
    op.create_index("ix_operation_steps_state_lease_until", "operation_steps", ["state", "lease_until"])


def create_deliveries() -> None:
    op.create_table(
        "deliveries",
        sa.Column("id", KEY, primary_key=True),
        sa.Column("event", sa.String(20), nullable=False),
        sa.Column("module", sa.String(64), nullable=False),
        sa.Column("platform_id", sa.Integer(), sa.ForeignKey("platforms.id"), nullable=False, index=True),
        sa.Column("subscriber", sa.String(200), nullable=False),
        sa.Column("owner", sa.String(64)),
        sa.Column("operation_id", KEY, sa.ForeignKey("operations.id")),
        sa.Column("actor", sa.String(254), nullable=False),
        sa.Column("data", JSON, nullable=False),
        sa.Column("occurred_at", TIME, nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("fence", sa.Integer(), nullable=False),
        sa.Column("lease_until", TIME),
        sa.Column("next_try_at", TIME),
        sa.Column("error", sa.Text()),
        sa.Column("finished_at", TIME),
    )
    op.create_index("ix_deliveries_state_next_try_at", "deliveries", ["state", "next_try_at"])
    op.create_table(
        "task_runs",
        sa.Column("id", KEY, primary_key=True),
        sa.Column("task", sa.String(200), nullable=False),
        sa.Column("module", sa.String(64)),
        sa.Column("platform_id", sa.Integer(), sa.ForeignKey("platforms.id"), nullable=False, index=True),
        sa.Column("slot", sa.String(32)),
        sa.Column("arguments", JSON, nullable=False),
        sa.Column("after_off", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("fence", sa.Integer(), nullable=False),
        sa.Column("lease_until", TIME),
        sa.Column("next_try_at", TIME),
        sa.Column("error", sa.Text()),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("finished_at", TIME),
        sa.UniqueConstraint("task", "platform_id", "slot"),
    )
    op.create_index("ix_task_runs_state_next_try_at", "task_runs", ["state", "next_try_at"])


def create_audit() -> None:
    op.create_table(
        "audit_entries",
        sa.Column("id", KEY, primary_key=True),
        sa.Column("platform_id", sa.Integer(), sa.ForeignKey("platforms.id")),
        sa.Column("at", TIME, nullable=False),
        sa.Column("actor", sa.String(254), nullable=False),
        sa.Column("source", sa.String(20), nullable=False),
        sa.Column("action", sa.String(64), nullable=False),
        sa.Column("target", sa.String(200), nullable=False),
        sa.Column("reason", sa.String(500), nullable=False),
        sa.Column("request_id", sa.String(64)),
        sa.Column("operation_id", KEY),
        sa.Column("before", JSON),
        sa.Column("after", JSON),
    )
    op.create_index("ix_audit_entries_platform_id_id", "audit_entries", ["platform_id", "id"])


def create_queue() -> None:
    op.create_table(
        "huey_queue",
        sa.Column("id", KEY, primary_key=True),
        sa.Column("queue", sa.String(100), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.Column("priority", sa.Float(), nullable=False),
    )
    op.create_index("ix_huey_queue_queue_priority_id", "huey_queue", ["queue", "priority", "id"])
    op.create_table(
        "huey_schedule",
        sa.Column("id", KEY, primary_key=True),
        sa.Column("queue", sa.String(100), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.Column("due_s", sa.Float(), nullable=False),
    )
    op.create_index("ix_huey_schedule_queue_due_s", "huey_schedule", ["queue", "due_s"])
    op.create_table(
        "huey_kv",
        sa.Column("queue", sa.String(100), primary_key=True),
        sa.Column("key", sa.String(255), primary_key=True),
        sa.Column("value", sa.LargeBinary(), nullable=False),
    )


def create_system() -> None:
    op.create_table(
        "health_reports",
        sa.Column("module", sa.String(64), primary_key=True),
        sa.Column("platform_id", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("details", JSON, nullable=False),
        sa.Column("checked_at", TIME, nullable=False),
    )
    op.create_table(
        "runners",
        sa.Column("id", sa.String(100), primary_key=True),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("started_at", TIME, nullable=False),
        sa.Column("seen_at", TIME, nullable=False),
    )
    op.create_table(
        "migration_ledger",
        sa.Column("revision", sa.String(100), primary_key=True),
        sa.Column("branch", sa.String(64), nullable=False, index=True),
        sa.Column("module", sa.String(64)),
        sa.Column("down_revision", sa.String(100)),
        sa.Column("depends_on", JSON, nullable=False),
        sa.Column("description", sa.String(200), nullable=False),
        sa.Column("applied_at", TIME, nullable=False),
    )
    op.create_table(
        "instance_meta",
        sa.Column("name", sa.String(100), primary_key=True),
        sa.Column("value", sa.Text(), nullable=False),
    )


def downgrade() -> None:
    tables = """
    instance_meta migration_ledger runners health_reports huey_kv huey_schedule huey_queue
    audit_entries task_runs deliveries operation_steps operations config_revisions module_configs
    setup_claims tokens sessions memberships users module_states vendors platforms
    """
    for table in tables.split():
        op.drop_table(table)
