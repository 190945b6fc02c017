"""Every scenario by its name, in the order in which they run."""

from __future__ import annotations

from tests.torture.audit_tampers import audit_tampers
from tests.torture.faults_cascade import cascade_of_five
from tests.torture.faults_migrations import migration_hit_at_every_statement
from tests.torture.faults_runner import runner_hit_at_every_statement
from tests.torture.faults_statements import request_hit_at_every_statement
from tests.torture.isolation import isolation
from tests.torture.jumps import jumps
from tests.torture.kills import kills
from tests.torture.races import races
from tests.torture.scenario import Scenario

SCENARIOS: dict[str, Scenario] = {
    "kills": kills,
    "jumps": jumps,
    "races": races,
    "cascade": cascade_of_five,
    "statements": request_hit_at_every_statement,
    "runner": runner_hit_at_every_statement,
    "migrations": migration_hit_at_every_statement,
    "tampers": audit_tampers,
    "isolation": isolation,
}
