"""Waiting after wrong tries: free at first, then growing up to a limit, and forgotten with time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.domain.waiting import LIMITS, Level, Limit, Tried, after_success, after_try, wait_s

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
LIMIT = Limit(free=3, first_s=2, longest_s=60, leak_s=300)
ANY = st.sampled_from(list(LIMITS.values()))


def tries(count: int, limit: Limit = LIMIT) -> Level | None:
    """The level after that many tries at one moment."""
    level: Level | None = None
    for _try in range(count):
        level = after_try(level, NOW, limit=limit)
    return level


@pytest.mark.parametrize(("count", "waits"), [(0, 0), (1, 0), (3, 0), (4, 2), (5, 4), (6, 8), (9, 60), (400, 60)])
def test_the_first_tries_are_free_and_then_each_wait_is_twice_as_long_up_to_the_longest(count: int, waits: int) -> None:
    assert wait_s(tries(count), NOW) == waits


def test_a_wait_is_told_in_whole_seconds_and_ends() -> None:
    level = tries(4)
    assert wait_s(level, NOW + timedelta(seconds=0.5)) == 2
    assert wait_s(level, NOW + timedelta(seconds=2)) == 0


def test_what_is_long_ago_is_forgotten_try_by_try() -> None:
    level = tries(4)
    later = NOW + timedelta(seconds=LIMIT.leak_s)
    again = after_try(level, later, limit=LIMIT)
    assert again.level == 4
    assert after_try(level, later + timedelta(days=1), limit=LIMIT).level == 1


@given(limit=ANY, gaps=st.lists(st.floats(0, 4000), max_size=60))
def test_a_level_never_falls_below_nothing_and_no_wait_is_longer_than_the_longest(
    limit: Limit, gaps: list[float]
) -> None:
    now, level = NOW, None
    for gap in gaps:
        now += timedelta(seconds=gap)
        level = after_try(level, now, limit=limit)
        assert level.level > 0
        assert wait_s(level, now) <= limit.longest_s
        assert after_success(level, now, limit=limit).level <= level.level - 1 + 1e-9


@given(limit=ANY, count=st.integers(1, 50))
def test_tries_that_were_right_cost_nothing(limit: Limit, count: int) -> None:
    level: Level | None = None
    for _try in range(count * 10):
        level = after_success(after_try(level, NOW, limit=limit), NOW, limit=limit)
    assert level == Level(0, NOW)


@pytest.mark.parametrize(
    ("kind", "most_a_day"), [(Tried.ACCOUNT, 400), (Tried.CODE, 400), (Tried.ADDRESS, 6_000), (Tried.ALL, 600_000)]
)
def test_who_tries_all_day_gets_only_so_many_tries(kind: Tried, most_a_day: int) -> None:
    limit, now, count = LIMITS[kind], NOW, 0
    level: Level | None = None
    hour = NOW + timedelta(hours=1)
    first = 0
    while now < NOW + timedelta(hours=2):
        level = after_try(level, now, limit=limit)
        count += 1
        first += now < hour
        now += timedelta(seconds=max(0.1, wait_s(level, now)))
    assert (count - first) * 24 <= most_a_day
