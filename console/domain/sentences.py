"""Sentences that the product writes into tables, and that pages say again in the language of whoever reads them.

A table holds the English text, as the API and the command line show it. ``recall`` finds which one it was; what
modules and people wrote is none of these and stays as it is.
"""

from __future__ import annotations

import re
from functools import lru_cache

from console.errors import CREDENTIALS_REFUSED, NOT_READY, UNUSABLE_VALUE
from console.phrases import mark, say

FAILED_BEFORE = mark("%(module)s failed before its turn")
CANCELLED_BY = mark("cancelled by %(name)s")
REVERSED = mark("a later request reversed it")
REVERSED_BY = mark("operation %(id)s reversed it")
WORKER_WAS_LOST = mark("The worker was lost while it ran.")
REQUIREMENT_IS_OFF = mark("%(module)s requires %(others)s, which is not on.")
NOT_INSTALLED_HERE = mark("%(module)s is not installed here, or is quarantined.")
NEEDS_MIGRATION = mark("%(module)s needs migration: %(revisions)s is not applied.")
NOT_VALID = mark("The configuration is not valid: %(faults)s")
HOOK_TIMED_OUT = mark("The hook did not end in time and was stopped.")
HOOK_DIED = mark("The hook ended its process.")
CHECK_TIMED_OUT = mark("the health check did not end in time and was stopped")
CHECK_DIED = mark("the health check ended its process")
SUBSCRIBER_TIMED_OUT = mark("the subscriber did not end in time and was stopped")
SUBSCRIBER_DIED = mark("the subscriber ended its process")
TASK_TIMED_OUT = mark("the task did not end in time and was stopped")
TASK_DIED = mark("the task ended its process")
NO_ANSWER = mark("no answer within %(seconds)s s")
CHECK_MISSHAPEN = mark("the health check is written wrongly: %(what)s; it returns %(shape)s")

KEPT = (
    *(FAILED_BEFORE, CANCELLED_BY, REVERSED, REVERSED_BY, WORKER_WAS_LOST, REQUIREMENT_IS_OFF, NOT_INSTALLED_HERE),
    *(NEEDS_MIGRATION, NOT_VALID, HOOK_TIMED_OUT, HOOK_DIED, CHECK_TIMED_OUT, CHECK_DIED, SUBSCRIBER_TIMED_OUT),
    *(SUBSCRIBER_DIED, TASK_TIMED_OUT, TASK_DIED, NO_ANSWER, CHECK_MISSHAPEN),
    *(NOT_READY, CREDENTIALS_REFUSED, UNUSABLE_VALUE),
)
_FACT = re.compile(r"%\\\((\w+)\\\)s")


@lru_cache(maxsize=1024)
def recall(text: str) -> str:
    """The sentence that ``text`` was when it was stored; ``text`` itself when it is none of ours."""
    for template, pattern in _patterns():
        found = pattern.fullmatch(text)
        if found is not None:
            return say(template, **found.groupdict())
    return text


@lru_cache(maxsize=1)
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((template, re.compile(_pattern(template), re.DOTALL)) for template in KEPT)


def _pattern(template: str) -> str:
    return _FACT.sub(lambda found: f"(?P<{found[1]}>.+?)", re.escape(template))
