"""The composition root: builds the application in one visible order and writes nothing."""

from __future__ import annotations

import gc
import logging
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path

from flask import Flask

from console import jobs, web
from console.domain.config import LockedConfig
from console.domain.config_names import Misnamed, misnamed
from console.domain.events import module_event_bus
from console.domain.registry import Registry
from console.errors import SettingsError
from console.loader import load
from console.mount import mount
from console.paths import data_folder
from console.services.runtime import Runtime
from console.services.secrets import load_secret_box
from console.services.snapshots import SnapshotCache
from console.settings import Settings, load_settings
from console.storage import engine
from console.storage.base import db
from console.storage.clock import clock_of
from console.web import templating

log = logging.getLogger("console")


def create_app(settings: Settings | Mapping[str, object] | None = None) -> Flask:
    """The console as a Flask application, with every module that could be loaded.

    Args:
        settings: Ready settings, or values by field name that win over the environment.

    Raises:
        SettingsError: A setting is unknown or cannot be used.
        CannotStart: Strict mode found a problem, or a folder is missing.
    """
    effective = settings if isinstance(settings, Settings) else load_settings(settings)
    logging.getLogger("console").setLevel(effective.log_level)
    app = web.ConsoleFlask("console", static_folder=None, template_folder=None)
    app.root_path = str(data_folder("templates").parent)
    app.json.sort_keys = False  # type: ignore[attr-defined]  # Flask's default provider has it
    engine.configure(app, effective)
    loaded = load(effective, module_event_bus)
    with app.app_context():
        clock = clock_of(db.engine)
    runtime = _runtime(effective, loaded.registry, clock)
    misnamed = _refuse_misnamed(runtime)
    app.extensions["console"] = runtime
    templating.install(app, template_folders(loaded.registry))
    web.init_app(app, runtime)
    loaded = mount(app, loaded)
    runtime.endpoints = frozenset(app.view_functions)
    runtime.registry = loaded.registry.with_entries(runtime.endpoints)
    jobs.init_app(app, runtime)
    for problem in (*runtime.registry.problems, *misnamed):
        log.warning("%s", problem)
    gc.freeze()
    return app


def _runtime(settings: Settings, registry: Registry, clock: Callable[[], datetime]) -> Runtime:
    return Runtime(
        settings=settings,
        registry=registry,
        bus=module_event_bus,
        secrets=load_secret_box(settings.secret_key_file),
        locked=LockedConfig(settings.file_modules, settings.file_platforms, settings.env_modules),
        snapshots=SnapshotCache(),
        messenger=jobs.messenger(),
        clock=clock,
    )


def _refuse_misnamed(rt: Runtime) -> list[Misnamed]:
    """What is set for modules that are not here, which is no reason not to start.

    Raises:
        SettingsError: A value is set for a key that its module lacks; in strict mode, or for a module that is not here.
    """
    found = misnamed(rt.locked, rt.registry)
    refused = [each for each in found if each.is_refused or rt.settings.strict]
    if refused:
        raise SettingsError(" ".join(map(str, refused)), hint="Mend the name, or take it out.")
    return found


def template_folders(registry: Registry) -> dict[str, Path]:
    """Code → template folder of every live module that has one."""
    found: dict[str, Path] = {}
    for module in registry.modules():
        if module.live and module.definition is not None:
            folder = module.path / (module.definition.templates_path or "templates")
            if folder.is_dir():
                found[module.code] = folder
    return found
