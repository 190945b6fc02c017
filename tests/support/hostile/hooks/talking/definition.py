"""Logs what it does, its key too, waits at the gate, and then says more than anybody wants to read."""

from __future__ import annotations

import logging
import time

from pydantic import BaseModel, SecretStr

from console.sdk import ModuleDefinition, current_step, db, module_service
from tests.support.calls import gate, note

log = logging.getLogger(__name__)


class Config(BaseModel):
    api_key: SecretStr = SecretStr("sk-4242-very-secret")


def on_enable(platform_id: int) -> None:
    step = current_step()
    key = module_service.get_module_config(db, platform_id, "talking")["api_key"].get_secret_value()
    log.warning("asking the gateway with %s", key)
    step.progress(1, 2, "half way")
    note("talking.on_enable", platform_id, attempt=step.attempt, key=step.idempotency_key)
    while not gate().exists():
        time.sleep(0.02)
    for number in range(300):
        log.warning("line %d %s", number, "x" * 600)
    raise RuntimeError(f"refused: {key}")


module = ModuleDefinition(code="talking", name="Talking", config_schema=Config, on_enable=on_enable)
