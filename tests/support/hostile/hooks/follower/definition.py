"""Requires the gated one."""

from __future__ import annotations

from console.sdk import ModuleDefinition
from tests.support.calls import note


def on_enable(platform_id: int) -> None:
    note("follower.on_enable", platform_id)


def on_disable(platform_id: int) -> None:
    note("follower.on_disable", platform_id)


module = ModuleDefinition(
    code="follower", name="Follower", requires=["gated"], on_enable=on_enable, on_disable=on_disable
)
