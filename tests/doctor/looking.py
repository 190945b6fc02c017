"""One question of the doctor, asked alone."""

from __future__ import annotations

from console.checks.doctor import ALWAYS, DEPLOY, Check, Patient, examine
from console.domain.diagnosis import Diagnosis, Level
from console.settings import Settings, load_settings

EVERY: dict[str, Check] = {check.id: check for check in (*ALWAYS, *DEPLOY)}


def answer(patient: Patient, id: str) -> Diagnosis:
    """What is said to that question; it must be asked."""
    return next(each for each in examine(patient, deploy=True) if each.id == id)


def level(patient: Patient, id: str) -> Level:
    """How bad it is."""
    return answer(patient, id).answer.level


def settings(**given: object) -> Settings:
    """Settings that are nobody's but the test's."""
    return load_settings(given, {})
