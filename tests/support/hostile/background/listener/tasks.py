"""What it does in the background."""

from __future__ import annotations

import os

from console.sdk import periodic_task, task
from tests.support.calls import calls, note


@task
def remember(platform_id: int, *, name: str) -> None:
    note(f"task.{name}", platform_id)


@task()
def give_up(platform_id: int) -> None:
    note("task.give_up", platform_id)
    raise RuntimeError("too hard")


@task
def vanish(platform_id: int) -> None:
    note("task.vanish", platform_id)
    if len(calls("task.vanish")) < 2:
        os._exit(0)


@periodic_task(every_s=3600)
def hourly(platform_id: int) -> None:
    note("task.hourly", platform_id)
