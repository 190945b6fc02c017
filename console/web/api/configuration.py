"""A module's configuration: read, changed, its history, an earlier revision restored."""

from __future__ import annotations

from flask import Response, jsonify
from pydantic import BaseModel, ConfigDict, Field

from console.blueprint import requires_permission
from console.context import current, current_platform, runtime
from console.described import described
from console.inputs import read_json
from console.services import config_history, config_json, configs
from console.services.operation_views import time_json
from console.storage.uow import current_uow, read_session
from console.web.api import shapes
from console.web.api._blueprint import answer, blueprint, must_match


class ConfigChange(BaseModel):
    """Which keys change, and which go back to their default.

    Attributes:
        revision: The config revision that the client saw; without it the last writer wins.
    """

    model_config = ConfigDict(extra="forbid")

    values: dict[str, object] = Field(default_factory=dict)
    unset: list[str] = Field(default_factory=list)
    revision: int | None = None
    note: str = Field(default="", max_length=500)


class ConfigRestore(BaseModel):
    """Which revision comes back."""

    model_config = ConfigDict(extra="forbid")

    restore: int
    revision: int | None = None
    note: str = Field(default="", max_length=500)


@blueprint.get("/admin/modules/<code>/config")
@requires_permission("modules.view")
@described(shapes.ConfigDocument)
def module_config(code: str) -> Response:
    """The configuration in force, each value with its source; secrets are null."""
    return _shown(code)


@blueprint.patch("/admin/modules/<code>/config")
@requires_permission("modules.configure")
@described(shapes.ConfigDocument, takes=ConfigChange, matches=True)
def module_config_save(code: str) -> Response:
    """Change some keys; 422 names every key that the schema rejects, and nothing is stored."""
    wish = read_json(ConfigChange)
    rt = runtime()
    _must_match(code)
    configs.save(
        current_uow(),
        rt,
        current_platform.id,
        code,
        wish.values,
        unset=wish.unset,
        expected_revision=wish.revision,
        actor=current().actor,
        now=rt.clock(),
        note=wish.note,
    )
    return _shown(code)


@blueprint.get("/admin/modules/<code>/config/history")
@requires_permission("modules.view")
@described(shapes.ConfigHistoryDocument)
def module_config_history(code: str) -> Response:
    """What was saved, newest first, secrets masked."""
    found = config_history.history(read_session(), current_platform.id, runtime().registry[code].code)
    revisions = [
        {
            "revision": each.revision,
            "at": time_json(each.at),
            "actor": each.actor,
            "source": each.source,
            "note": each.note,
            "restores": each.restores,
            "diff": dict(each.diff),
        }
        for each in found
    ]
    return jsonify({"schema": 1, "module": code, "platform": current_platform.slug, "revisions": revisions})


@blueprint.post("/admin/modules/<code>/config/restore")
@requires_permission("modules.configure")
@described(shapes.ConfigDocument, takes=ConfigRestore, matches=True)
def module_config_restore(code: str) -> Response:
    """Bring an earlier revision back, as a new one."""
    wish = read_json(ConfigRestore)
    rt = runtime()
    _must_match(code)
    config_history.restore(
        current_uow(),
        rt,
        current_platform.id,
        code,
        wish.restore,
        expected_revision=wish.revision,
        actor=current().actor,
        now=rt.clock(),
        note=wish.note,
    )
    return _shown(code)


def _must_match(code: str) -> None:
    uow = current_uow()
    uow.lock_platform(current_platform.id)
    must_match(configs.revision_of(uow.session, current_platform.id, code))


def _shown(code: str) -> Response:
    session, rt, platform = read_session(), runtime(), current_platform
    found = configs.read(session, rt, platform.id, code)
    revision = configs.revision_of(session, platform.id, code)
    return answer(config_json.as_json(platform.slug, code, found, revision=revision))
