"""DOC00x: the application itself."""

from __future__ import annotations

from console.checks.doctor.patient import Check, Patient
from console.domain.diagnosis import Answer, error, fine, warning


def _application(it: Patient) -> Answer:
    if it.app is None:
        return error(
            it.trouble or "The application cannot be loaded.", "Mend that first; little else can be looked at."
        )
    return fine(f"It loads, with {len(it.rt.registry.modules())} modules.")


def _modules(it: Patient) -> Answer:
    broken = {each.code: each.quarantine for each in it.rt.registry.modules() if each.quarantine is not None}
    if broken:
        named = "; ".join(f"{code}: {reason}" for code, reason in broken.items())
        return warning(f"Off the air because they are broken: {named}", "Mend or uninstall them.")
    if it.settings.safe_mode:
        return warning("Safe mode: only core modules are started.", "Unset CONSOLE_SAFE_MODE when the trouble is over.")
    return fine("No module is broken.")


CHECKS = (
    Check("DOC001", "the application", _application),
    Check("DOC002", "the modules", _modules),
)
