"""Health reports: passed on unchanged, anything else is unhealthy with the reason."""

from __future__ import annotations

import pytest

from console.domain.health import UNKNOWN, Report, failure, read_report, timed_out
from console.domain.words import HealthStatus


@pytest.mark.parametrize("status", ["healthy", "degraded", "unhealthy"])
def test_a_report_is_passed_on_unchanged(status: str) -> None:
    raw = {"status": status, "message": "all well", "details": {"stripe": "connected"}}
    assert read_report(raw) == Report(HealthStatus(status), "all well", {"stripe": "connected"})


def test_message_and_details_may_be_left_out() -> None:
    assert read_report({"status": "healthy"}) == Report(HealthStatus.HEALTHY)


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        (None, "it returned NoneType"),
        (True, "it returned bool"),
        ({}, "its status is None"),
        ({"status": "fine"}, "its status is 'fine'"),
        ({"status": "unknown"}, "its status is 'unknown'"),
        ({"status": ["healthy"]}, "its status is ['healthy']"),
        ({"status": "healthy", "message": 3}, "its message is a int"),
        ({"status": "healthy", "details": ["x"]}, "its details are a list"),
        ({"status": "healthy", "details": {"x": object}}, "cannot be written as JSON"),
        ({"status": "healthy", "details": {"x": float("nan")}}, "cannot be written as JSON"),
    ],
)
def test_another_shape_is_unhealthy_and_says_which(raw: object, why: str) -> None:
    report = read_report(raw)
    assert report.status is HealthStatus.UNHEALTHY
    assert why in report.message
    assert report.details == {}


def test_a_check_that_raises_or_hangs_is_unhealthy() -> None:
    assert failure(ValueError("no route")).message == "ValueError: no route"
    assert failure(KeyError()).message == "KeyError"
    assert timed_out(5.0) == Report(HealthStatus.UNHEALTHY, "no answer within 5 s")


def test_without_a_check_the_status_is_unknown() -> None:
    assert UNKNOWN.status is HealthStatus.UNKNOWN
