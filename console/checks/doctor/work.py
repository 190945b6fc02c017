"""DOC03x: background work."""

from __future__ import annotations

from sqlalchemy import func, select

from console.checks.doctor.patient import Check, Patient
from console.domain.diagnosis import Answer, fine, warning
from console.domain.words import DeliveryState
from console.jobs.liveness import alive
from console.storage.tables import Delivery, TaskRun


def _runners(it: Patient) -> Answer:
    if alive(it.tables(), it.now):
        return fine("A runner is alive.")
    return warning("No runner is alive: hooks, events and tasks wait.", "Start `serve`, or `worker` beside the web.")


def _given_up(it: Patient) -> Answer:
    session = it.tables()
    counts = [select(func.count()).select_from(kind).where(kind.state == DeliveryState.FAILED) for kind in _KINDS]
    if resting := sum(session.scalar(each) or 0 for each in counts):
        return warning(f"{resting} deliveries and tasks gave up after their last try.", "See `modules given-up`.")
    return fine("Nothing has given up.")


_KINDS = (Delivery, TaskRun)
CHECKS = (
    Check("DOC030", "runners", _runners),
    Check("DOC031", "work that gave up", _given_up),
)
