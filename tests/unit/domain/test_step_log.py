"""The log of a step: what is masked, and which level a record has."""

from __future__ import annotations

import pytest

from console.domain.step_log import LineLevel, Progress, Said, level_of, masked


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("key is abcd-1234.", "key is ********."),
        ("password=hunter22 for anna", "password=******** for anna"),
        ('{"api_key": "zzz"}', '{"api_key": "********"}'),
        ("Authorization: Bearer eyJhbGciOi", "Authorization: Bearer ********"),
        ("db_password: 's3cr3t'", "db_password: '********'"),
        ("postgresql://console:pw@db/console", "postgresql://console:********@db/console"),
        ("tokens are fine, and so is a key", "tokens are fine, and so is a key"),
        ("3 of 10 gateways", "3 of 10 gateways"),
    ],
)
def test_secrets_are_masked_by_value_and_by_name(text: str, shown: str) -> None:
    assert masked(text, {"abcd-1234", "abc"}) == shown


def test_a_longer_secret_is_masked_before_one_that_it_contains() -> None:
    assert masked("abcd-1234", {"abcd", "abcd-1234"}) == "********"


def test_progress_is_masked_too() -> None:
    said = Said(Progress(1, 2, "with abcd-1234")).masked({"abcd-1234"})
    assert said.progress == Progress(1, 2, "with ********")


LEVELS = ((10, "debug"), (20, "info"), (25, "info"), (35, "warning"), (50, "critical"))


@pytest.mark.parametrize(("number", "level"), LEVELS)
def test_a_level_of_ones_own_counts_as_the_one_below(number: int, level: str) -> None:
    assert level_of(number) is LineLevel(level)
