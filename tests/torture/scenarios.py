"""Every scenario by its name, in the order in which they run."""

from __future__ import annotations

from tests.torture.scenario import Scenario

SCENARIOS: dict[str, Scenario] = {}
