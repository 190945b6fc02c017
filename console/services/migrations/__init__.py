"""Migrations of the console and of every installed module, each a branch of its own.

Alembic takes a quarter of a second to import, so it waits here until one of these is called.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from flask import Flask

from console.services.schema import console_at_head, unavailable

if TYPE_CHECKING:
    from console.services.migrations.run import BranchReport
    from console.services.migrations.standing import BranchStatus

__all__ = ["console_at_head", "new_revision", "status", "unavailable", "upgrade", "upgrade_sql"]


def upgrade(app: Flask, *, only: str | None = None) -> list[BranchReport]:
    """Bring the console's branch and every installed module's (or ``only`` one's) to their heads; see ``run``."""
    from console.services.migrations import run  # noqa: PLC0415  # see above

    return run.upgrade(app, only=only)


def upgrade_sql(app: Flask, *, only: str | None = None) -> str:
    """The statements that ``upgrade`` would run now; changes nothing."""
    from console.services.migrations import run  # noqa: PLC0415  # see above

    return run.upgrade_sql(app, only=only)


def status(app: Flask) -> list[BranchStatus]:
    """How every branch stands, those of removed packages included; see ``standing``."""
    from console.services.migrations import standing  # noqa: PLC0415  # see above

    return standing.status(app)


def new_revision(app: Flask, code: str, message: str) -> Path:
    """Write a module's next migration, compared with its tables; the new file. See ``revise``."""
    from console.services.migrations import revise  # noqa: PLC0415  # see above

    return revise.new_revision(app, code, message)
