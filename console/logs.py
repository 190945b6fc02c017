"""Log lines on stderr: text for people, or one JSON document a line for programs."""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime

from console.settings import Settings

# What they say at INFO is their own housekeeping; the console says itself what matters to its operator.
TALKATIVE = ("alembic", "huey")
TEXT = "%(asctime)s %(levelname)s %(name)s %(message)s"


class JsonLines(logging.Formatter):
    """A record as one line of JSON: ``time`` (ISO 8601, UTC), ``level``, ``logger``, ``message``, ``error`` if any."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        document = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            document["error"] = self.formatException(record.exc_info)
        return json.dumps(document, ensure_ascii=False)


def to_stderr(settings: Settings) -> None:
    """From here on this process logs as the settings say, unless somebody set logging up before."""
    root = logging.getLogger()
    if root.handlers:
        return
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines() if settings.log_format == "json" else logging.Formatter(TEXT))
    root.addHandler(handler)
    root.setLevel(settings.log_level)
    if settings.log_level == "INFO":
        for name in TALKATIVE:
            logging.getLogger(name).setLevel(logging.WARNING)
