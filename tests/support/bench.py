"""A platform with misbehaving modules and runners that are real processes."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from flask import Flask
from sqlalchemy import select

from console import jobs
from console.domain.actor import SYSTEM
from console.domain.plan_types import ChangeRequest, ModuleStatus
from console.domain.words import OperationState
from console.jobs.companion import start_runner
from console.services import operations, platforms
from console.services.locked import status_of
from console.services.operation_views import OperationView, StepView
from console.services.runtime import Runtime
from console.storage.tables import AuditEntry, ModuleRow, Runner
from console.storage.uow import read_session, unit_of_work
from tests.support.waiting import until

HOSTILE = Path(__file__).parent / "hostile"
QUICK: dict[str, object] = {
    "hook_timeout_s": 20.0,
    "hook_attempts": 3,
    "retry_base_s": 0.05,
    "retry_max_s": 0.2,
    "lease_s": 20.0,
    "heartbeat_s": 0.5,
    "poll_s": 0.2,
    "health_every_s": 3600.0,
}
"""Settings that make trouble short; each test shortens what it is about."""


@dataclass(slots=True)
class Bench:
    """One application with a platform, and what tests ask of it."""

    app: Flask
    platform_id: int = 0

    @property
    def rt(self) -> Runtime:
        """The application's runtime."""
        found = self.app.extensions["console"]
        assert isinstance(found, Runtime)
        return found

    def add_platform(self, slug: str) -> int:
        """The id of a new platform; its core modules are settled by the next runner."""
        with self.app.app_context(), unit_of_work() as uow:
            return platforms.create(uow, self.rt, slug, slug.title(), actor=SYSTEM, now=self.rt.clock()).id

    def request(self, platform_id: int | None = None, **want: bool) -> int:
        """The id of the operation that switches modules."""
        with self.app.app_context(), unit_of_work() as uow:
            accepted = operations.accept(
                uow, self.rt, platform_id or self.platform_id, ChangeRequest(want), actor=SYSTEM, now=self.rt.clock()
            )
            assert accepted is not None
            return accepted.id

    def operation(self, operation_id: int) -> OperationView:
        """The operation as it is now."""
        with self.app.app_context():
            return operations.get(read_session(), operation_id)

    def step(self, operation_id: int, code: str) -> StepView:
        """The step of one module as it is now."""
        return next(step for step in self.operation(operation_id).steps if step.module == code)

    def ended(self, operation_id: int) -> OperationView:
        """The operation once nothing of it is left to do."""
        until(lambda: not self.operation(operation_id).is_open, what=lambda: self.operation(operation_id))
        return self.operation(operation_id)

    def succeeded(self, operation_id: int) -> OperationView:
        """The operation once it has ended well."""
        view = self.ended(operation_id)
        assert view.state is OperationState.SUCCEEDED, view
        return view

    def failed(self, operation_id: int) -> StepView:
        """The step that stopped the operation."""
        view = self.ended(operation_id)
        assert view.state is OperationState.FAILED, view
        assert view.failed_step is not None
        return view.failed_step

    def status(self, code: str, platform_id: int | None = None) -> ModuleStatus:
        """The row of a module as it is now."""
        with self.app.app_context():
            row = read_session().get(ModuleRow, (platform_id or self.platform_id, code))
            return ModuleStatus() if row is None else status_of(row)

    def successes(self, code: str) -> int:
        """How often the success of a step of that module was recorded."""
        found = select(AuditEntry).where(AuditEntry.target == code, AuditEntry.action == "steps.succeeded")
        with self.app.app_context():
            return len(read_session().scalars(found).all())

    def has_runner(self) -> bool:
        """Whether a runner takes messages at the moment."""
        with self.app.app_context():
            return jobs.alive(read_session(), self.rt.clock())

    def runners(self) -> int:
        """How many runners have said that they live."""
        with self.app.app_context():
            return len(read_session().scalars(select(Runner.id)).all())

    @contextmanager
    def runner(self, *, workers: int = 2, kind: str = "worker") -> Iterator[int]:
        """A runner for as long as the block lasts; its process id."""
        with self.app.app_context():
            pid = start_runner(self.app, kind=kind, workers=workers)
        try:
            yield pid
        finally:
            end(pid)


def is_running(pid: int) -> bool:
    """Whether there is such a process and it has not ended."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def end(pid: int) -> int | None:
    """End a child by SIGTERM; its exit code, None when it was gone already."""
    try:
        os.kill(pid, signal.SIGTERM)
        return exited(pid)
    except (ProcessLookupError, ChildProcessError):
        return None


def exited(pid: int) -> int:
    """The exit code of a child, once it has ended."""
    return until(lambda: _exit_code(pid))[0]


def _exit_code(pid: int) -> tuple[int] | None:
    found, status = os.waitpid(pid, os.WNOHANG)
    return (os.waitstatus_to_exitcode(status),) if found else None
