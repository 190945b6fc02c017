"""Runs health checks: once per module and round, in a worker, under a deadline of their own."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from console.domain.definition import ModuleDefinition
from console.domain.health import Report, failure, read_report
from console.domain.words import HealthStatus
from console.jobs.board import Work, WorkKind
from console.jobs.periodic import open_platforms
from console.jobs.state import jobs_of, runtime_of
from console.jobs.work import record
from console.services import health
from console.services.runtime import Message, Runtime
from console.storage.tenancy import scope, system_scope
from console.storage.uow import UnitOfWork

if TYPE_CHECKING:
    from flask import Flask

_ROUND = "health:round"
_JITTER = 0.1


def start_round(app: Flask) -> bool:
    """Ask for a check of every module that has one, if the last round is long enough ago; whether it was."""
    rt = runtime_of(app)
    spread = random.uniform(1 - _JITTER, 1 + _JITTER)  # noqa: S311  # spreads rounds, guards nothing
    now_s = rt.clock().timestamp()
    if not jobs_of(app).storage.take_turn(_ROUND, now_s=now_s, until_s=now_s + rt.settings.health_every_s * spread):
        return False

    def ask(uow: UnitOfWork, _now: datetime) -> None:
        for message in _round(uow, rt):
            rt.messenger.send(uow.session, message)

    record(app, ask, within_s=rt.settings.lease_s)
    return True


def _round(uow: UnitOfWork, rt: Runtime) -> Iterator[Message]:
    for definition in rt.registry.live():
        if definition.health_check is None:
            continue
        if definition.health_scope == "instance":
            yield Message("health", 0, definition.code)
        else:
            for platform_id in open_platforms(uow.session, rt, definition.code):
                yield Message("health", platform_id, definition.code)


def check_module(app: Flask, code: str, *, platform_id: int = 0) -> None:
    """Run the health check of one module and store what it says.

    Args:
        platform_id: The platform whose data it sees; 0 for a report that all platforms share.
    """
    rt = runtime_of(app)
    definition = next((each for each in rt.registry.live() if each.code == code), None)
    if definition is None or definition.health_check is None:
        return
    report = _check(app, definition, definition.health_check, platform_id=platform_id)
    _store(app, code, report, platform_id=platform_id)


def _check(app: Flask, definition: ModuleDefinition, check: Callable[[], object], *, platform_id: int) -> Report:
    slot = jobs_of(app).slot
    work = Work(WorkKind.HEALTH, platform_id, name=definition.code)
    try:
        with app.app_context(), scope(platform_id=platform_id) if platform_id else system_scope():
            slot.occupy(work, runtime_of(app).settings.health_timeout_s)
            return read_report(check())
    except BaseException as error:  # whatever a module raises is its failure
        return failure(error)
    finally:
        slot.clear()


def store_lost(app: Flask, code: str, *, platform_id: int, message: str) -> None:
    """Store that the check of a module took its worker with it, or was stopped."""
    _store(app, code, Report(HealthStatus.UNHEALTHY, message), platform_id=platform_id)


def _store(app: Flask, code: str, report: Report, *, platform_id: int) -> None:
    def store(uow: UnitOfWork, now: datetime) -> None:
        health.store(uow, code, report, platform_id=platform_id, now=now)

    record(app, store, within_s=runtime_of(app).settings.lease_s)
