"""The settings in force, each with where it comes from; secrets are masked."""

from __future__ import annotations

from dataclasses import dataclass

from flask import render_template
from werkzeug.wrappers import Response

from console.blueprint import requires_permission
from console.context import runtime
from console.settings import NAMES, SECRETS, Settings
from console.web.instance._blueprint import blueprint


@dataclass(frozen=True, slots=True)
class SettingLine:
    """One setting."""

    name: str
    value: str
    source: str


MASK = "••••••••"


@blueprint.get("/settings")
@requires_permission("instance.manage")
def settings() -> str | Response:
    """Every effective setting."""
    return render_template("instance/settings.html", lines=setting_lines(runtime().settings))


def setting_lines(settings: Settings) -> list[SettingLine]:
    """The settings in the order of their documentation, secrets masked."""
    return [SettingLine(f"CONSOLE_{name.upper()}", _shown(settings, name), settings.sources[name]) for name in NAMES]


def _shown(settings: Settings, name: str) -> str:
    value = getattr(settings, name)
    if name in SECRETS and "@" in str(value):
        return MASK + "@" + str(value).rpartition("@")[2]
    if isinstance(value, tuple):
        return ", ".join(map(str, value))
    return "" if value is None else str(value)
