"""The log of a step in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from console.domain.step_log import LineLevel, LogLine
from console.web.babel import gettext as _


@dataclass(frozen=True, slots=True)
class LogRow:
    """A line of a step's log as the page shows it."""

    at: datetime
    level: str
    word: str
    text: str
    hint: str


def log_row(line: LogLine) -> LogRow:
    """``line`` as the page shows it; which worker began a try is only a hint."""
    words = {
        LineLevel.WARNING: _("Warning"),
        LineLevel.ERROR: _("Error"),
        LineLevel.CRITICAL: _("Critical"),
        LineLevel.STARTED: _("Attempt %(number)s began", number=line.attempt),
        LineLevel.WAITING: _("Not ready, it will be tried again"),
        LineLevel.FAILED: _("Attempt %(number)s failed", number=line.attempt),
        LineLevel.DONE: _("Done"),
    }
    began = line.level is LineLevel.STARTED
    text, hint = ("", line.text) if began else (line.text, "")
    return LogRow(line.at, line.level.value, words.get(line.level, ""), text, hint)
