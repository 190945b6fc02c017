"""What ``migrations/env.py`` runs: Alembic configured for the connection, or the output, that it is given."""

from __future__ import annotations

import sys
from contextlib import redirect_stdout
from typing import Any, Literal

from alembic.autogenerate.api import AutogenContext
from alembic.runtime.environment import EnvironmentContext
from flask import current_app
from sqlalchemy import Enum, String

from console.services.migrations.exclusive import branch_transaction, exclusive
from console.services.migrations.ledger import recorder
from console.services.migrations.scan import scan
from console.services.migrations.scripts import labels_of
from console.services.runtime import Runtime
from console.storage.base import Base, db
from console.storage.tenancy import system_scope
from console.storage.types import UTCDateTime

RECORD, ONLY, OUTPUT = "console_record", "console_only", "console_output"  # in the configuration's attributes
REVISION_LENGTH = 100


def run(context: EnvironmentContext) -> None:
    """Run the migrations that Alembic was asked for."""
    given = context.config.attributes
    options: dict[str, Any] = {
        **current_app.extensions["migrate"].configure_args,
        "target_metadata": Base.metadata,
        "on_version_apply": given.get(RECORD) or _recorder(),
        "include_object": given.get(ONLY),
        "render_item": _render,
        "transactional_ddl": True,
    }
    if context.is_offline_mode():
        dialect, output = db.engine.dialect.name, given.get(OUTPUT)
        context.configure(dialect_name=dialect, literal_binds=True, output_buffer=output, **options)
        with context.begin_transaction():
            _run(context)
    elif (connection := given.get("connection")) is not None:
        context.configure(connection=connection, **options)
        _run(context)
    else:
        with system_scope(), exclusive(db.engine), branch_transaction(db.engine, label=None, labels=()) as own:
            context.configure(connection=own, **options)
            _run(context)


def _run(context: EnvironmentContext) -> None:
    """Alembic gives revision ids 32 characters; codes of modules may be longer than that."""
    context.get_context()._version.c.version_num.type = String(REVISION_LENGTH)
    with redirect_stdout(sys.stderr):  # what a migration prints is talk
        context.run_migrations()


def _recorder() -> object:
    """For Alembic's own commands, which set nothing."""
    rt: Runtime = current_app.extensions["console"]
    return recorder(labels_of(scan(rt.registry)), rt.clock())


def _render(kind: str, item: object, _context: AutogenContext) -> str | Literal[False]:
    """The console's own types are written as the plain ones that they are in the database."""
    if kind != "type":
        return False
    if isinstance(item, UTCDateTime):
        return "sa.DateTime(timezone=True)"
    if isinstance(item, Enum) and not item.native_enum:
        return f"sa.String(length={item.length})"
    return False
