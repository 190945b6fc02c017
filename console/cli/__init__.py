"""The command line: every command is imported when it is used, so help works whatever is broken.

``modules_group`` and ``db_group`` are what Flask finds through its entry points; ``console_group`` is
``module-console`` itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from console.cli.groups import console_group, modules_group

if TYPE_CHECKING:
    import click

    db_group: click.Group

__all__ = ["console_group", "db_group", "modules_group"]


def __getattr__(name: str) -> object:
    if name != "db_group":
        raise AttributeError(name)
    from console.cli.flask_db import taught  # imports Alembic, which only `flask` itself needs that early

    return taught()
