"""Ten thousand requests of one tenant for what another has: nothing of it is seen, changed or told apart."""

from __future__ import annotations

import logging
import random

from console.app import create_app
from console.services import migrations
from tests.isolation.crossing import Raid, attempts, marks_of, zeros
from tests.isolation.state import plant, state_of
from tests.isolation.stock import SETTINGS, two_tenants
from tests.support.databases import close
from tests.torture.scenario import Figures, Ground, Scale

COUNTS = {Scale.TEST: 40, Scale.SHORT: 2_000, Scale.FULL: 10_000}
TOLD = 20


class _Heard(logging.Handler):
    """Counts the lines of the log in which a mark stands."""

    def __init__(self, marks: tuple[str, ...]) -> None:
        super().__init__(logging.DEBUG)
        self.marks, self.found = marks, 0

    def emit(self, record: logging.LogRecord) -> None:
        self.found += any(mark in self.format(record) for mark in self.marks)


def isolation(ground: Ground) -> Figures:
    """Plant canaries in all that one tenant has, and ask for it in the other's name by every road."""
    where: dict[str, object] = {"data_dir": ground.folder / "data", "database_url": ground.new_database()}
    app = create_app({**where, **SETTINGS, "insecure_http": True})
    try:
        assert [report for report in migrations.upgrade(app) if report.error is not None] == []
        own, other = two_tenants(app)
        planted, marks, heard = plant(app, other), marks_of(app, other), _Heard(marks_of(app, other))
        before, raid = state_of(app), Raid(app, own, other, marks)
        logging.getLogger().addHandler(heard)
        try:
            for attempt in attempts(app, random.Random(ground.seed), COUNTS[ground.scale]):
                raid.make(attempt)
        finally:
            logging.getLogger().removeHandler(heard)
        after, tally = state_of(app), raid.tally
    finally:
        close(app)
    changed = [name for name in before if before[name] != after[name]]
    wrong = [*tally.leaks, *tally.let_in, *tally.told_apart, *tally.failures, *tally.twins_refused, *changed]
    return Figures(
        done={"columns with canaries": planted, "requests": tally.requests, "twins": tally.twins},
        zeros={**zeros(tally), "lines of the log with something of it": heard.found, "tables changed": len(changed)},
        told=tuple(wrong[:TOLD]),
    )
