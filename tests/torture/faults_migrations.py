"""A migration that is killed, or meets a fault, at its N-th statement: run again it ends as a clean install does.

Whatever N is, a branch is there as a whole or not at all. After a fault the same process tries again, after a kill
another one; either time one upgrade brings all the rest.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import NoReturn

from flask import Flask

from console.domain.events import EventBus
from console.domain.registry import Registry, build
from console.errors import Busy
from console.loader import load
from console.services import migrations, schema
from console.settings import Settings, load_settings
from console.storage.base import db
from tests.support.databases import bare_app, close
from tests.torture.faults_driver import Fault, Trouble, faults_of, killed, watch
from tests.torture.faults_dump import schema_of
from tests.torture.scenario import Figures, Ground, Scale
from tests.torture.tally import Tally

KILLS = {Scale.TEST: 2, Scale.SHORT: 40, Scale.FULL: 1000}
FAULTS = {Scale.TEST: 1, Scale.SHORT: 10, Scale.FULL: 1000}
"""At how many of its statements an upgrade is hit; none has as many as the last."""

HALF, OTHER = "half a branch", "not as a clean install"
BLAMED = "a module blamed for it"
Schema = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Yard:
    """Where upgrades take place, and what they lead to.

    Args:
        whole: The schema before anything, after the console's branch, and after each module's; the last is all.
        length: How many statements a clean install has.
    """

    ground: Ground
    registry: Registry
    whole: tuple[Schema, ...]
    length: int

    def points(self, many: int) -> list[int]:
        """Numbers of statements, spread evenly; the seed decides where they begin."""
        stride = max(1, self.length // many)
        return list(range(self.ground.seed % stride + 1, self.length + 1, stride))


def migration_hit_at_every_statement(ground: Ground) -> Figures:
    """Upgrades of an empty database that are killed at their N-th statement, and others that meet each fault there."""
    tally = Tally()
    yard = _yard(ground)
    for at in yard.points(KILLS[ground.scale]):
        _kill(yard, tally, at)
    for at in yard.points(FAULTS[ground.scale]):
        for name in _chosen(ground):
            _fault(yard, tally, name, at)
    return tally.figures((HALF, OTHER, BLAMED))


def _chosen(ground: Ground) -> list[str]:
    """The faults to be met: all of them, or the one that the seed chooses."""
    names = list(faults_of(ground.database, ""))
    return [names[ground.seed % len(names)]] if ground.scale is Scale.TEST else names


def _kill(yard: Yard, tally: Tally, at: int) -> None:
    """A process dies; the next one finishes."""
    url = yard.ground.new_database()
    where = f"killed at statement {at} of {yard.length}"
    tally.done["kills"] += _in_child(partial(_upgrade, yard, url, killed, at)) == -signal.SIGKILL
    tally.expect(schema_of(url) in yard.whole, HALF, where)
    again = _in_child(partial(_upgrade, yard, url))
    tally.expect(again == 0 and schema_of(url) == yard.whole[-1], OTHER, f"{where}, then exit {again}")


def _fault(yard: Yard, tally: Tally, name: str, at: int) -> None:
    """The upgrade is refused, or done; the same application finishes it."""
    url = yard.ground.new_database()
    where = f"{name} at statement {at} of {yard.length}"
    with _application(yard.ground, url, yard.registry) as (app, trouble):
        trouble.begin(faults_of(yard.ground.database, url)[name], at)
        try:
            failed = [report for report in migrations.upgrade(app) if report.error is not None]
            tally.expect(not failed, BLAMED, f"{where}: {failed}")
        except Busy:
            tally.done["refused"] += 1
        trouble.end()
        tally.done["faults met"] += trouble.met
        tally.expect(schema_of(url) in yard.whole, HALF, where)
        migrations.upgrade(app)
        tally.expect(schema_of(url) == yard.whole[-1], OTHER, where)


# --- upgrades --------------------------------------------------------------------------------------------------------


def _yard(ground: Ground) -> Yard:
    """One clean install, looked at after each of its branches, and one to count statements."""
    url = ground.new_database()
    registry = load(_settings(ground, url), EventBus()).registry
    whole = [schema_of(url)]
    with _application(ground, url, build([])) as (app, _):
        migrations.upgrade(app)
        whole.append(schema_of(url))
    with _application(ground, url, registry) as (app, _):
        for module in registry.modules():
            if not any(schema.revision_files(schema.versions_of(module))):
                continue
            migrations.upgrade(app, only=module.code)
            whole.append(schema_of(url))
    with _application(ground, ground.new_database(), registry) as (app, trouble):
        trouble.begin(killed, 0)
        migrations.upgrade(app)
    return Yard(ground, registry, tuple(whole), trouble.end())


def _settings(ground: Ground, url: str) -> Settings:
    return load_settings({"data_dir": ground.folder, "database_url": url, "busy_timeout_s": 0.3}, {})


@contextmanager
def _application(ground: Ground, url: str, registry: Registry) -> Iterator[tuple[Flask, Trouble]]:
    app = bare_app(_settings(ground, url), registry)
    with app.app_context():
        trouble = watch(db.engine)
    yield app, trouble
    close(app)


def _upgrade(yard: Yard, url: str, fault: Fault | None = None, at: int = 0) -> None:
    with _application(yard.ground, url, yard.registry) as (app, trouble):
        if fault is not None:
            trouble.begin(fault, at)
        failed = [report for report in migrations.upgrade(app) if report.error is not None]
        if failed:
            raise AssertionError(failed)


def _in_child(body: Callable[[], None]) -> int:
    """The exit code of a process that does ``body``; the negative signal when it was killed."""
    sys.stdout.flush()
    sys.stderr.flush()
    pid = os.fork()
    if pid == 0:
        _be_child(body)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def _be_child(body: Callable[[], None]) -> NoReturn:
    code = 1
    try:
        body()
        code = 0
    finally:
        os._exit(code)
