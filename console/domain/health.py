"""What a health check said, read without trust.

Source: the guide, "Health Checks".
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from console.domain import sentences
from console.domain.said import clean, fit, reason_of
from console.domain.words import HealthStatus
from console.phrases import say

ALLOWED = (HealthStatus.HEALTHY, HealthStatus.DEGRADED, HealthStatus.UNHEALTHY)
SHAPE = '{"status": "healthy" | "degraded" | "unhealthy", "message": str, "details": dict}'


@dataclass(frozen=True, slots=True)
class Report:
    """One report: its status, a sentence for people, facts for machines."""

    status: HealthStatus
    message: str = ""
    details: Mapping[str, object] = field(default_factory=dict)


UNKNOWN = Report(HealthStatus.UNKNOWN)


def read_report(raw: object) -> Report:
    """What the check returned, unchanged; ``unhealthy`` with the reason when it has another shape."""
    if not isinstance(raw, Mapping):
        return _misshapen(f"it returned {type(raw).__name__}")
    status, message, details = raw.get("status"), raw.get("message", ""), raw.get("details", {})
    if status not in ALLOWED:
        return _misshapen(f"its status is {status!r}")
    if not isinstance(message, str):
        return _misshapen(f"its message is a {type(message).__name__}")
    if not isinstance(details, Mapping):
        return _misshapen(f"its details are a {type(details).__name__}")
    try:
        json.dumps(dict(details), allow_nan=False)
    except (TypeError, ValueError) as error:
        return _misshapen(f"its details cannot be written as JSON ({error})")
    return Report(HealthStatus(status), clean(message), {clean(str(key)): fit(each) for key, each in details.items()})


def failure(error: BaseException) -> Report:
    """The report of a check that raised."""
    return Report(HealthStatus.UNHEALTHY, reason_of(error))


def timed_out(timeout_s: float) -> Report:
    """The report of a check that did not answer in time."""
    return Report(HealthStatus.UNHEALTHY, say(sentences.NO_ANSWER, seconds=f"{timeout_s:g}"))


def _misshapen(what: str) -> Report:
    return Report(HealthStatus.UNHEALTHY, clean(say(sentences.CHECK_MISSHAPEN, what=what, shape=SHAPE)))
