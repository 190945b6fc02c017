"""A small console for tests of the services: a database, a registry of test modules, a messenger that remembers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from flask import Flask
from sqlalchemy import event, func, select
from sqlalchemy.orm import Session

from console.domain.actor import Actor
from console.domain.config import LockedConfig
from console.domain.definition import ModuleDefinition
from console.domain.events import EventBus
from console.domain.journal import HookOutcome, classify
from console.domain.plan_types import ChangeRequest, ModuleStatus
from console.domain.registry import InstalledModule, build
from console.services import journal, operations, platforms, snapshots
from console.services.journal import ClaimedStep, WaitUntil
from console.services.operation_views import OperationView
from console.services.runtime import Message, Runtime
from console.services.secrets import SecretBox
from console.services.snapshots import SnapshotCache
from console.settings import load_settings
from console.storage import engine
from console.storage.base import Base, db
from console.storage.tables import Platform
from console.storage.uow import UnitOfWork, end_read, read_session, unit_of_work

START = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
ANNA = Actor("anna@example.com", "page", user_id=None, request_id="r-1")


@dataclass
class Remembering:
    """A messenger that keeps what was sent; the tables are the truth in these tests too."""

    sent: list[tuple[Message, float]] = field(default_factory=list)

    def send(self, session: Session, message: Message, *, delay_s: float = 0.0) -> None:
        self.sent.append((message, delay_s))

    def kinds(self) -> list[str]:
        return [message.kind for message, _ in self.sent]


@dataclass
class Bench:
    """What a test drives: requests, a runner in small steps, and a clock that only the test moves."""

    app: Flask
    rt: Runtime
    messenger: Remembering
    now: datetime = START
    hooks: list[tuple[str, str]] = field(default_factory=list)

    def platform(self, slug: str = "acme") -> int:
        with self.unit() as uow:
            return platforms.create(uow, self.rt, slug, slug.title(), actor=ANNA, now=self.now).id

    @contextmanager
    def unit(self) -> Iterator[UnitOfWork]:
        with unit_of_work() as uow:
            yield uow

    @property
    def session(self) -> Session:
        end_read()
        return read_session()

    def ask(self, platform_id: int, *, digest: str | None = None, note: str = "", **want: bool) -> OperationView | None:
        with self.unit() as uow:
            request = ChangeRequest(want)
            return operations.accept(
                uow, self.rt, platform_id, request, actor=ANNA, now=self.now, digest=digest, note=note
            )

    def accepted(self, platform_id: int, **want: bool) -> OperationView:
        view = self.ask(platform_id, digest=None, note="", **want)
        assert view is not None
        return view

    def claim(self, platform_id: int) -> ClaimedStep | WaitUntil | None:
        with self.unit() as uow:
            return journal.claim_next(uow, self.rt, platform_id, worker="test", now=self.now)

    def claimed(self, platform_id: int) -> ClaimedStep:
        found = self.claim(platform_id)
        assert isinstance(found, ClaimedStep)
        return found

    def succeed(self, claimed: ClaimedStep) -> bool:
        with self.unit() as uow:
            return journal.succeed(uow, self.rt, claimed, self.now)

    def fail(self, claimed: ClaimedStep, error: Exception | HookOutcome) -> bool:
        outcome = error if isinstance(error, HookOutcome) else classify(error)
        with self.unit() as uow:
            return journal.fail(uow, self.rt, claimed, outcome, "Traceback …", self.now)

    def run(self, platform_id: int, *, limit: int = 50) -> None:
        """Run hooks as a runner would, moving the clock over waits, until the platform is at rest."""
        for _ in range(limit):
            found = self.claim(platform_id)
            if found is None:
                return
            if isinstance(found, WaitUntil):
                self.now = found.at
                continue
            self.hooks.append((found.hook, found.module))
            definition = self.rt.registry[found.module].definition
            try:
                getattr(definition, found.hook)(platform_id)
            except Exception as error:
                self.fail(found, error)
            else:
                self.succeed(found)
        raise AssertionError("the platform does not come to rest")

    def operation(self, operation_id: int) -> OperationView:
        return operations.get(self.session, operation_id)

    def states(self, operation_id: int) -> dict[str, str]:
        return {step.module: step.state.value for step in self.operation(operation_id).steps}

    def row(self, platform_id: int, code: str) -> ModuleStatus:
        rows = snapshots.load(self.session, self.rt, platform_id).rows
        return rows.get(code, ModuleStatus())

    def is_open(self, platform_id: int, code: str) -> bool:
        return snapshots.load(self.session, self.rt, platform_id).is_open(code)

    def revision(self, platform_id: int) -> int:
        return self.session.scalars(select(Platform.revision).where(Platform.id == platform_id)).one()

    def needs_migration(self, code: str) -> None:
        """Give the module a migration that nobody has applied."""
        versions = self.rt.registry[code].path / "migrations" / "versions"
        versions.mkdir(parents=True)
        (versions / f"{code}_990_create_table.py").touch()

    def count(self, table: type[Base]) -> int:
        return self.session.scalar(select(func.count()).select_from(table)) or 0

    def pass_s(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


def installed(definitions: Iterable[ModuleDefinition], folder: Path = Path("nowhere")) -> list[InstalledModule]:
    """Test definitions as discovery would give them, each at home in a folder of its name."""
    return [
        InstalledModule(each.code, each, f"testing.{each.label}", folder / each.label, "path") for each in definitions
    ]


def make_bench(database_url: str, folder: Path, definitions: Iterable[ModuleDefinition], **settings: object) -> Bench:
    """A bench on a migrated database."""
    values = {"data_dir": folder, "database_url": database_url, **settings}
    app = Flask("bench")
    effective = load_settings(values, {})
    engine.configure(app, effective)
    messenger = Remembering()
    runtime = Runtime(
        settings=effective,
        registry=build(installed(definitions, folder)),
        bus=EventBus(),
        secrets=SecretBox(effective.secret_key_file),
        locked=LockedConfig(effective.file_modules, effective.file_platforms, effective.env_modules),
        snapshots=SnapshotCache(),
        messenger=messenger,
        clock=lambda: START,
    )
    app.extensions["console"] = runtime
    return Bench(app, runtime, messenger)


def module(code: str, *requires: str, hooks: bool = False, **fields: object) -> ModuleDefinition:
    """A test module; with ``hooks`` both lifecycle hooks do nothing and succeed."""
    if hooks:
        fields = {"on_enable": nothing, "on_disable": nothing, **fields}
    return ModuleDefinition(code=code, name=code.title(), requires=list(requires), **fields)  # type: ignore[arg-type]


def nothing(platform_id: int) -> None:
    """A hook that succeeds."""


def raising(make: Callable[[], Exception]) -> Callable[[int], None]:
    """A hook that raises what ``make`` makes."""

    def hook(platform_id: int) -> None:
        raise make()

    return hook


class Statements:
    """Every statement that goes to the database inside the block."""

    def __enter__(self) -> list[str]:
        self.executed: list[str] = []
        event.listen(db.engine, "before_cursor_execute", self._note)
        return self.executed

    def __exit__(self, *_: object) -> None:
        event.remove(db.engine, "before_cursor_execute", self._note)

    def _note(self, _conn: object, _cursor: object, statement: str, *_: object) -> None:
        self.executed.append(statement)
