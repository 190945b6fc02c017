"""Alembic's environment; everything is in the console, so that commands and start-up do the same."""

from __future__ import annotations

from alembic import context

from console.services.migrations.environment import run

run(context)  # type: ignore[arg-type]  # the proxy has the methods of the environment
