"""The settings in force, each with where it comes from; secrets are masked."""

from __future__ import annotations

from dataclasses import dataclass

from flask import render_template
from werkzeug.wrappers import Response

from console.blueprint import requires_permission
from console.context import runtime
from console.settings import NAMES, SECRETS, Settings
from console.web.babel import gettext as _
from console.web.instance._blueprint import blueprint


@dataclass(frozen=True, slots=True)
class SettingLine:
    """One setting."""

    name: str
    value: str
    source: str
    word: str

    @property
    def is_set(self) -> bool:
        """Whether somebody set it."""
        return self.source != "default"


MASK = "••••••••"


@blueprint.get("/settings")
@requires_permission("instance.manage")
def settings() -> str | Response:
    """Every effective setting, those that somebody set first."""
    lines = setting_lines(runtime().settings)
    groups = [(_("Set for this instance"), [each for each in lines if each.is_set])]
    groups.append((_("At their default"), [each for each in lines if not each.is_set]))
    return render_template("instance/settings.html", groups=[group for group in groups if group[1]])


def setting_lines(settings: Settings) -> list[SettingLine]:
    """The settings in the order of their documentation, secrets masked."""
    words = {
        "default": _("default"),
        "env": _("environment"),
        "file": "console.toml",
        "call": _("command line"),
    }
    sources = settings.sources
    return [
        SettingLine(f"CONSOLE_{name.upper()}", _shown(settings, name), sources[name], words[sources[name]])
        for name in NAMES
    ]


def _shown(settings: Settings, name: str) -> str:
    value = getattr(settings, name)
    if name in SECRETS and "@" in str(value):
        return MASK + "@" + str(value).rpartition("@")[2]
    if isinstance(value, tuple):
        return ", ".join(map(str, value))
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return f"{value:g}" if value < 1_000_000 else str(value)
    return "" if value is None else str(value)
