"""DEP03x: what nobody can see from inside, said as far as it is known and no further."""

from __future__ import annotations

from console.checks.doctor.patient import Check, Patient
from console.domain.diagnosis import Answer, error, fine, note, unknown
from console.services import advisories, inventory


def _backups(it: Patient) -> Answer:
    hint = "Copy the database and the key file, each to another place, and try to restore them."
    if it.file is None:
        return note("The console makes no backup of a server; whether somebody does cannot be seen from here.", hint)
    copies = sorted((it.settings.data_dir / "backups").glob("before-upgrade-*.db"))
    newest = f"the newest is {copies[-1].name}" if copies else "there is none yet"
    return note(
        f"The console copies its file before upgrades only ({newest}); other backups cannot be seen from here.", hint
    )


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
