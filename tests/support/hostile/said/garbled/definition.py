"""Says what no database takes."""

from __future__ import annotations

from typing import Any

from console.sdk import ModuleDefinition, current_step

GARBAGE = "lone \ud800 and \x00, " + "long " * 10_000


class Mute(Exception):
    """Cannot even say what it is."""

    def __str__(self) -> str:
        raise RuntimeError("no words")


def on_enable(platform_id: int) -> None:
    step = current_step()
    step.progress(10**30, -1, GARBAGE)
    if step.attempt == 1:
        raise Mute
    raise ValueError(GARBAGE)


def health_check() -> dict[str, Any]:
    return {"status": "degraded", "message": GARBAGE, "details": {"a\x00": ["\ud800", {"b": GARBAGE}]}}


module = ModuleDefinition(code="garbled", name="Garbled", on_enable=on_enable, health_check=health_check)
