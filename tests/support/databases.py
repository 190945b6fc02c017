"""Migrated databases to copy from, and applications that have storage and nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from flask import Flask
from sqlalchemy.orm import Session

from console.domain.config import LockedConfig
from console.domain.events import EventBus
from console.domain.registry import Registry
from console.loader import load
from console.services import migrations
from console.services.runtime import Message, Runtime
from console.services.secrets import SecretBox
from console.services.snapshots import SnapshotCache
from console.settings import Settings, load_settings
from console.storage import engine
from console.testing.closing import close

__all__ = ["Silent", "Template", "bare_app", "build_template", "close"]


@dataclass(frozen=True, slots=True)
class Template:
    """A migrated database and the key that it belongs to; ``file`` only for SQLite."""

    file: Path
    key: Path


def build_template(folder: Path, *, url: str | None) -> Template:
    """Migrate a database once, for all tests to copy."""
    app = bare_app(load_settings({"data_dir": folder, **({} if url is None else {"database_url": url})}, {}))
    failed = [report for report in migrations.upgrade(app) if report.error is not None]
    assert failed == []
    close(app)
    return Template(folder / "console.db", folder / "secret.key")


def bare_app(settings: Settings, registry: Registry | None = None) -> Flask:
    """An application with an engine and a runtime but no pages and no jobs.

    Args:
        registry: The modules; those that the settings let the loader find when omitted.
    """
    app = Flask("bare", static_folder=None)
    engine.configure(app, settings)
    bus = EventBus()
    app.extensions["console"] = Runtime(
        settings=settings,
        registry=load(settings, bus).registry if registry is None else registry,
        bus=bus,
        secrets=SecretBox(settings.secret_key_file),
        locked=LockedConfig(),
        snapshots=SnapshotCache(),
        messenger=Silent(),
        clock=lambda: datetime.now(UTC),
    )
    return app


class Silent:
    """Wakes nobody."""

    def send(self, session: Session, message: Message, *, delay_s: float = 0.0) -> None:
        """Forget the message."""
