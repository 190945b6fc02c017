"""Plays the audit of each platform again, and looks at every moment whether a module was live without its requirement.

The entries of a platform stand in the order of its revisions, because each is written under the platform's lock.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from console.domain.words import Action, ModuleState, StepState
from console.storage.tables import AuditEntry, OperationStep
from tests.torture.record import Record

_ON_THE_WAY = {Action.ENABLE: ModuleState.ENABLING.value, Action.DISABLE: ModuleState.DISABLING.value}


@dataclass(slots=True)
class _Seen:
    """A module as the audit has shown it last, and the operation that moved it."""

    wanted: bool = False
    state: str = ModuleState.DISABLED.value
    operation_id: int | None = None

    @property
    def is_live(self) -> bool:
        return self.wanted and self.state == ModuleState.ENABLED.value


@dataclass(slots=True)
class _Platform:
    """One platform on its way through its audit."""

    requires: Mapping[str, tuple[str, ...]]
    steps: Mapping[int, list[OperationStep]]
    modules: dict[str, _Seen] = field(default_factory=dict[str, _Seen])

    def play(self, entry: AuditEntry) -> Iterator[str]:
        """What is wrong after this entry and was not before."""
        if entry.action == "operations.retry":
            self._reopen(entry)
        if not entry.action.startswith(("modules.", "steps.")) or entry.after is None:
            return
        module = self.modules.setdefault(entry.target, _Seen())
        before = module.is_live
        module.wanted, module.state = bool(entry.after["wanted"]), str(entry.after["state"])
        if entry.action in ("modules.enable", "modules.disable"):
            module.operation_id = entry.operation_id
        if entry.action == "steps.failed":
            self._skip_the_rest(entry)
        if module.is_live and not before:
            missing = [code for code in self.requires.get(entry.target, ()) if not self._live(code)]
            if missing:
                yield f"{_where(entry)} became live before {', '.join(missing)}"
        if before and not module.is_live:
            left = [code for code, needs in self.requires.items() if entry.target in needs and self._live(code)]
            if left:
                yield f"{_where(entry)} ended while {', '.join(left)} was live"

    def _live(self, code: str) -> bool:
        return code in self.modules and self.modules[code].is_live

    def _held(self, entry: AuditEntry) -> Iterator[tuple[OperationStep, _Seen]]:
        """The steps of the entry's operation whose modules no later request has taken over."""
        for step in self.steps.get(entry.operation_id or 0, []):
            module = self.modules.get(step.module)
            if module is not None and module.operation_id == entry.operation_id:
                yield step, module

    def _skip_the_rest(self, entry: AuditEntry) -> None:
        """A failure puts back what had not had its turn; that has no entry of its own."""
        for step, module in self._held(entry):
            if module.state == _ON_THE_WAY.get(step.action):
                module.state = step.before_state.value

    def _reopen(self, entry: AuditEntry) -> None:
        """A retry sets on its way what had failed or been skipped."""
        for step, module in self._held(entry):
            done = module.state == {Action.ENABLE: "enabled", Action.DISABLE: "disabled"}.get(step.action)
            if not done or step.state is not StepState.SUCCEEDED:
                module.state = _ON_THE_WAY.get(step.action, module.state)


def inversions(record: Record, requires: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
    """Every moment at which a module was live and one that it requires was not."""
    steps: dict[int, list[OperationStep]] = {}
    for step in record.steps:
        steps.setdefault(step.operation_id, []).append(step)
    platforms: dict[int, _Platform] = {}
    for entry in record.audit:
        if entry.platform_id is not None:
            platform = platforms.setdefault(entry.platform_id, _Platform(requires, steps))
            yield from platform.play(entry)


def _where(entry: AuditEntry) -> str:
    return f"{entry.target} of platform {entry.platform_id} (entry {entry.id})"
