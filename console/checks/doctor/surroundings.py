"""DEP03x: what nobody can see from inside, said as far as it is known and no further."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

from console.checks.doctor.patient import Check, Patient
from console.domain.diagnosis import Answer, error, fine, note, unknown
from console.services import advisories, inventory
from console.services.backups import drafts, manifests
from console.storage.clock import this_moment

_OLD = timedelta(days=7)


def _backups(it: Patient) -> Answer:
    hint = "Copy backups and the key file, each to another place, and try to restore them."
    found = max(_made(it.settings.data_dir / drafts.FOLDER), default=None)
    if found is None:
        return note(
            "Nobody has made a backup with `backup create` in this data folder; others cannot be seen from here.",
            f"Make one: `module-console backup create`, each night by cron. {hint}",
        )
    at, path = found
    days = ((it.now if it.app is not None else this_moment()) - at).days
    age = f"{days} days old: that is old" if timedelta(days=days) > _OLD else f"{days} days old"
    return note(f"The newest backup here is {path.name}, {age}; other backups cannot be seen from here.", hint)


def _made(folder: Path) -> list[tuple[datetime, Path]]:
    """When each backup of ``backup create`` was made, as its manifest says."""
    found = []
    for path in drafts.listed(folder):
        with suppress(ValueError):
            manifest = manifests.read_manifest(path)
            if manifest is not None and path.name.startswith(drafts.MADE):
                found.append((datetime.fromisoformat(manifest.created_at), path))
    return found


def _weaknesses(it: Patient) -> Answer:
    packages = tuple(each for each in inventory.installed() if each.name != inventory.CONSOLE)
    hint = "Ask from a machine that may, with the bill of materials: `module-console sbom`."
    if it.is_offline:
        return unknown("Not auditable here: nobody was to be asked (--offline).", hint)
    if not packages:
        return unknown("Not auditable here: the installed packages cannot be listed.", hint)
    try:
        found = advisories.ask(packages, it.advisories)
    except advisories.NotAuditable as reason:
        return unknown(f"Not auditable here: {it.advisories} cannot be asked ({reason}).", hint)
    if found:
        named = "; ".join(f"{name}: {', '.join(ids)}" for name, ids in found.items())
        return error(f"Audited {it.today}: known weaknesses in {named}.", "Upgrade these packages.")
    return fine(f"Audited {it.today}: no known weakness in {len(packages)} packages.")


CHECKS = (
    Check("DEP030", "backups", _backups),
    Check("DEP031", "known weaknesses", _weaknesses),
)
