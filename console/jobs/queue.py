"""Huey as the console uses it: six messages that wake, with integers and short strings only.

Huey wakes, schedules and retries; the truth is in the tables, so a message lost or doubled changes nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from huey import Huey
from huey.serializer import SignedSerializer

from console.jobs.audit_watch import watch
from console.jobs.background import deliver, run_task
from console.jobs.health import check_module
from console.jobs.state import Jobs, jobs_of, runtime_of
from console.jobs.steps import run_platform
from console.jobs.storage import SqlHueyStorage
from console.jobs.sweep import sweep
from console.jobs.wake import poke
from console.storage.base import db

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask
    from huey.api import TaskWrapper

QUEUE = "console"


def make_jobs(app: Flask) -> Jobs:
    """Huey on the application's engine, and its messages by kind."""
    rt = runtime_of(app)
    folder = rt.settings.data_dir / "run"
    with app.app_context():
        engine = db.engine
    huey: Huey = Huey(
        QUEUE,
        results=False,
        serializer=SignedSerializer(secret=rt.secrets.derive("huey"), salt=QUEUE),
        storage_class=SqlHueyStorage,
        engine=engine,
        on_enqueue=lambda: poke(folder, "queue"),
        clock=lambda: rt.clock().timestamp(),
        priority_of=lambda data: huey.deserialize_task(data).priority or 0.0,
    )
    return Jobs(huey=huey, storage=huey.storage, folder=folder, messages=_messages(app, huey))


def _messages(app: Flask, huey: Huey) -> dict[str, TaskWrapper]:
    def platform(platform_id: int, _name: str = "") -> None:
        run_platform(app, platform_id, jobs_of(app).worker)

    def delivery(delivery_id: int, _name: str = "") -> None:
        deliver(app, delivery_id)

    def task(run_id: int, _name: str = "") -> None:
        run_task(app, run_id)

    def health(platform_id: int, code: str) -> None:
        check_module(app, code, platform_id=platform_id)

    def look(_id: int = 0, worker: str = "") -> None:
        sweep(app, lost=worker)

    def audit(_id: int = 0, _name: str = "") -> None:
        watch(app)

    handlers: dict[str, Callable[..., None]] = {
        "platform": platform,
        "delivery": delivery,
        "task": task,
        "health": health,
        "sweep": look,
        "audit": audit,
    }
    return {kind: huey.task(name=f"console_{kind}")(handler) for kind, handler in handlers.items()}
