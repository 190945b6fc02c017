"""No road leads from one tenant to another: a sample of the requests that ``./run torture`` makes by the thousand."""

from __future__ import annotations

import logging
import random

import pytest

from tests.isolation.conftest import Both
from tests.isolation.crossing import Raid, attempts, marks_of, zeros
from tests.isolation.endpoints import by_owner, endpoints, is_well
from tests.isolation.state import CANARY, plant, state_of
from tests.isolation.trial import taken_back

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
SAMPLE, SEED = 300, 20_261_129


def test_a_sample_of_requests_finds_nothing_of_the_other_tenant(both: Both, caplog: pytest.LogCaptureFixture) -> None:
    app, own, other = both
    assert plant(app, other) > 40
    marks = marks_of(app, other)
    answers = [by_owner(each, other) for each in endpoints(app) if each.method == "GET"]
    assert sum(CANARY in answer.text for answer in answers) > 40, "its owner sees the canaries"
    for endpoint in endpoints(app):
        with taken_back(app):
            assert is_well(by_owner(endpoint, own)), f"the twin of {endpoint} has to succeed"
    before = state_of(app)
    raid = Raid(app, own, other, marks)
    with caplog.at_level(logging.DEBUG):
        caplog.clear()
        for attempt in attempts(app, random.Random(SEED), SAMPLE):
            raid.make(attempt)
    assert {name: count for name, count in zeros(raid.tally).items() if count} == {}, raid.tally
    assert [mark for mark in marks if mark in caplog.text] == []
    assert (raid.tally.requests, raid.tally.twins) == (SAMPLE, SAMPLE)
    after = state_of(app)
    assert [name for name in before if before[name] != after[name]] == []
