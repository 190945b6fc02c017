"""How failures of hooks are judged and when they are tried again."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.domain.journal import HookOutcome, classify, retry_delay_s
from console.errors import AuthFailed, ConfigInvalid, NotReady


def test_not_ready_waits_as_long_as_it_says() -> None:
    outcome = classify(NotReady(retry_after=12, message="the bank is closed"))
    assert outcome == HookOutcome("not_ready", "the bank is closed", "NotReady", retry_after=12, retryable=True)


def test_a_wrong_configuration_names_the_field_and_is_not_retried() -> None:
    outcome = classify(ConfigInvalid("api_key", "is empty"))
    assert (outcome.kind, outcome.field, outcome.retryable) == ("config_invalid", "api_key", False)


def test_refused_credentials_are_not_retried() -> None:
    assert (classify(AuthFailed()).kind, classify(AuthFailed()).retryable) == ("auth_failed", False)


@pytest.mark.parametrize("error", [RuntimeError("boom"), SystemExit(3), KeyboardInterrupt()])
def test_anything_else_is_retried(error: BaseException) -> None:
    outcome = classify(error)
    assert (outcome.kind, outcome.retryable, outcome.error_class) == ("error", True, type(error).__name__)
    assert outcome.message


@pytest.mark.parametrize(("attempt", "delay"), [(1, 2.0), (2, 6.0), (3, 18.0), (4, 54.0), (6, 300.0), (5000, 300.0)])
def test_the_wait_triples_up_to_the_maximum(attempt: int, delay: float) -> None:
    assert retry_delay_s(attempt, base=2.0, maximum=300.0, jitter=0.5) == delay


@given(attempt=st.integers(1, 100), jitter=st.floats(0, 1))
def test_the_wait_is_spread_by_a_fifth_and_never_above_the_maximum(attempt: int, jitter: float) -> None:
    middle = retry_delay_s(attempt, base=2.0, maximum=300.0, jitter=0.5)
    delay = retry_delay_s(attempt, base=2.0, maximum=300.0, jitter=jitter)
    assert middle * 0.8 - 1e-9 <= delay <= min(300.0, middle * 1.2 + 1e-9)
