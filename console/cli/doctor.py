"""``doctor``: what is wrong with this console, and whether it may stand on the internet."""

from __future__ import annotations

import click

from console.cli.base import Cli, command
from console.domain.diagnosis import Diagnosis, Level
from console.errors import ConsoleError
from console.settings import load_settings

DEPLOY = click.Option(["--deploy"], is_flag=True, help="Also what matters before others log in.")
STRICT = click.Option(["--strict"], is_flag=True, help="A warning is exit code 1, too.")
OFFLINE = click.Option(["--offline"], is_flag=True, help="Ask nobody outside about known weaknesses.")


@command("doctor", DEPLOY, STRICT, OFFLINE, platform=False)
def doctor(cli: Cli, *, deploy: bool, strict: bool, offline: bool) -> int:
    """Look at everything and change nothing; exit 1 when something is wrong, whatever cannot be loaded."""
    found = _examined(cli, deploy=deploy, offline=offline)
    wrong = {Level.ERROR, Level.WARNING} if strict else {Level.ERROR}
    holds = not any(each.answer.level in wrong for each in found)
    if cli.talk.json:
        cli.talk.document({"schema": 1, "holds": holds, "deploy": deploy, "checks": [_as_json(each) for each in found]})
    else:
        cli.talk.table(("id", "level", "about", "what there is"), map(_row, found))
        cli.talk.say(_summary(found))
    return 0 if holds else 1


def _examined(cli: Cli, *, deploy: bool, offline: bool) -> list[Diagnosis]:
    from console.checks.doctor import Patient, examine, unreadable

    try:
        patient = Patient(cli.rt.settings, cli.app, is_offline=offline)
    except ConsoleError as error:
        trouble = f"{error.message} {error.hint or ''}".strip()
        try:
            patient = Patient(load_settings(), trouble=trouble, is_offline=offline)
        except ConsoleError:
            return [*unreadable(trouble, deploy=deploy)]
    return [*examine(patient, deploy=deploy)]


def _as_json(found: Diagnosis) -> dict[str, object]:
    answer = found.answer
    return {
        "id": found.id,
        "about": found.about,
        "level": answer.level.value,
        "message": answer.text,
        "hint": answer.hint or None,
    }


def _row(found: Diagnosis) -> tuple[object, ...]:
    answer = found.answer
    return found.id, answer.level.value, found.about, f"{answer.text} {answer.hint}".strip()


def _summary(found: list[Diagnosis]) -> str:
    counts = {level: sum(each.answer.level is level for each in found) for level in Level}
    return ", ".join(f"{count} {level.value}" for level, count in counts.items() if count)
