"""A console with a chain of five modules, and a look at all modules inside every transaction that commits."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from sqlalchemy import event, select
from sqlalchemy.orm import Session

from console.app import create_app
from console.domain.words import ModuleState
from console.services import migrations
from console.storage.session import ConsoleSession
from console.storage.tables import ModuleRow
from tests.support.bench import HOSTILE, QUICK, Bench
from tests.support.calls import VARIABLE, note
from tests.support.databases import close
from tests.support.links import LINKS
from tests.torture.scenario import Ground

DEADLINE_S = 3.0


def bench_on(stack: ExitStack, ground: Ground, **settings: object) -> Bench:
    """A console with the chain of five, until the stack closes; a hook is tried once."""
    before = os.environ.get(VARIABLE)
    os.environ[VARIABLE] = str(ground.folder / "calls")
    stack.callback(_set_back, before)
    trouble = {"hook_attempts": 1, "hook_timeout_s": DEADLINE_S, "modules_path": [str(HOSTILE / "cascade")]}
    where = {"data_dir": ground.folder, "database_url": ground.new_database(), "busy_timeout_s": 30.0}
    app = create_app({**where, **QUICK, **trouble, **settings})
    stack.callback(close, app)
    migrations.upgrade(app)
    return Bench(app)


def _set_back(before: str | None) -> None:
    if before is None:
        del os.environ[VARIABLE]
    else:
        os.environ[VARIABLE] = before


@contextmanager
def commits_watched() -> Iterator[None]:
    """Whoever commits, also in a process that is forked inside the block, looks at all modules first."""
    event.listen(ConsoleSession, "before_commit", _look)
    try:
        yield
    finally:
        event.remove(ConsoleSession, "before_commit", _look)


def _look(session: Session) -> None:
    session.flush()
    found = select(ModuleRow.platform_id, ModuleRow.module).where(
        ModuleRow.wanted, ModuleRow.state == ModuleState.ENABLED
    )
    live = {(platform_id, code) for platform_id, code in session.execute(found)}
    for platform_id, code in live:
        if code in LINKS[1:] and (platform_id, LINKS[LINKS.index(code) - 1]) not in live:
            note(f"broken.{code}", platform_id)
    note("commit")
