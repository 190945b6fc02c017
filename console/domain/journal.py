"""How a failed hook is judged, and when it is tried again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from console.domain.said import clean, seconds, text_of
from console.errors import AuthFailed, ConfigInvalid, NotReady

SPREAD = 0.2
FACTOR = 3.0
LONGEST_NAME = 100
LONGEST_WAIT_S = 86400.0


@dataclass(frozen=True, slots=True)
class HookOutcome:
    """What an exception out of a hook means for its step.

    Args:
        kind: ``not_ready`` waits without using an attempt; ``config_invalid`` and ``auth_failed`` need a person.
        message: For the page, without the traceback.
        error_class: Name of the exception's class.
        field: The configuration key to mend.
        retry_after: Seconds until the next try, when the hook said so.
        retryable: Whether it is tried again by itself.
    """

    kind: Literal["not_ready", "config_invalid", "auth_failed", "error"]
    message: str
    error_class: str = ""
    field: str | None = None
    retry_after: float | None = None
    retryable: bool = False


def classify(error: BaseException) -> HookOutcome:
    """The outcome of a hook that raised ``error``."""
    name = clean(type(error).__name__, longest=LONGEST_NAME)
    text = text_of(error) or name
    if isinstance(error, NotReady):
        wait_s = seconds(error.retry_after, longest=LONGEST_WAIT_S)
        return HookOutcome("not_ready", text, name, retry_after=wait_s, retryable=True)
    if isinstance(error, ConfigInvalid):
        field = next(iter(error.errors), None)
        return HookOutcome("config_invalid", text, name, field=field and clean(str(field), longest=LONGEST_NAME))
    if isinstance(error, AuthFailed):
        return HookOutcome("auth_failed", text, name)
    return HookOutcome("error", text, name, retryable=True)


def retry_delay_s(attempt: int, *, base: float, maximum: float, jitter: float) -> float:
    """Seconds to wait after failed attempt ``attempt``: base · 3ⁿ⁻¹, ±20 %, never above ``maximum``.

    Args:
        attempt: The attempt that failed, from 1.
        base: Seconds after the first.
        maximum: The longest wait in seconds.
        jitter: A random number from 0 to 1; it spreads simultaneous failures.
    """
    exponent = min(attempt - 1, 40)  # 3⁴⁰ is beyond every maximum and still a float
    delay = min(maximum, base * FACTOR**exponent)
    return min(maximum, delay * (1 - SPREAD + 2 * SPREAD * jitter))
