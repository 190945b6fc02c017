"""``doctor``: whether a console runs as it should, and whether it may stand on the internet; one family a file.

Ids are stable: DOC00x the application, DOC01x files, DOC02x the database, DOC03x background work, DOC04x the audit,
DEP00x the network, DEP01x people, DEP02x the machine, DEP03x what is around the console.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import nullcontext

from sqlalchemy.exc import SQLAlchemyError

from console.checks.doctor import audit, database, files, loading, machine, network, people, surroundings, work
from console.checks.doctor.patient import Check, NotThere, Patient
from console.domain.diagnosis import Answer, Diagnosis, error, unknown
from console.errors import ConsoleError

__all__ = ["ALWAYS", "DEPLOY", "Check", "Patient", "examine", "unreadable"]

ALWAYS: tuple[Check, ...] = (*loading.CHECKS, *files.CHECKS, *database.CHECKS, *work.CHECKS, *audit.CHECKS)
DEPLOY: tuple[Check, ...] = (*network.CHECKS, *people.CHECKS, *machine.CHECKS, *surroundings.CHECKS)


def examine(patient: Patient, *, deploy: bool = False) -> Iterator[Diagnosis]:
    """An answer for each check, in the order of their ids; what cannot be looked at is ``unknown``.

    Args:
        deploy: Also whether it may stand on the internet.
    """
    with nullcontext() if patient.app is None else patient.app.app_context():
        for check in _checks(deploy=deploy):
            yield Diagnosis(check.id, check.about, _answer(check, patient))


def unreadable(trouble: str, *, deploy: bool = False) -> Iterator[Diagnosis]:
    """The answers when not even the settings can be read.

    Args:
        trouble: What is wrong with them.
    """
    first, *rest = _checks(deploy=deploy)
    yield Diagnosis(first.id, first.about, error(trouble, "Mend that first; nothing else can be looked at."))
    for check in rest:
        yield Diagnosis(check.id, check.about, unknown("Not looked at: the settings cannot be read."))


def _checks(*, deploy: bool) -> tuple[Check, ...]:
    return (*ALWAYS, *DEPLOY) if deploy else ALWAYS


def _answer(check: Check, patient: Patient) -> Answer:
    try:
        return check.look(patient)
    except NotThere as missing:
        return unknown(f"Not looked at: {missing}")
    except ConsoleError as failure:
        return unknown(f"Not looked at: {failure.message}", failure.hint or "")
    except (OSError, SQLAlchemyError) as failure:
        return unknown(f"Not looked at: {type(failure).__name__}: {failure}")
