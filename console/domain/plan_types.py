"""The values that the planner takes and gives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from console.domain.words import Action, ModuleState, Origin


@dataclass(frozen=True, slots=True)
class ModuleStatus:
    """One row of module state: what is asked for, why, and what is."""

    wanted: bool = False
    origin: Origin | None = None
    state: ModuleState = ModuleState.DISABLED


OFF = ModuleStatus()


@dataclass(frozen=True, slots=True)
class PlatformModules:
    """The module rows of one platform at one revision; a module without a row is off."""

    platform: str
    revision: int
    rows: Mapping[str, ModuleStatus] = field(default_factory=dict)

    def of(self, code: str) -> ModuleStatus:
        """The row of ``code``, or the row of a module that was never switched."""
        return self.rows.get(code, OFF)


@dataclass(frozen=True, slots=True)
class ChangeRequest:
    """What somebody asks for: ``want`` maps codes to on or off.

    Args:
        want: Code → True (on) or False (off).
        cascade: False turns "others are affected" into a block.
        prune: Also switch off what only others needed and nothing needs any more.
        origin: The origin that requested modules get (``default`` and ``core`` when a platform is created).
    """

    want: Mapping[str, bool]
    cascade: bool = True
    prune: bool = False
    origin: Origin = Origin.EXPLICIT


@dataclass(frozen=True, slots=True)
class PlanStep:
    """One change, in order, with its reason: ``requested``, ``required_by:CODE``, ``requires:CODE``, ``unneeded``.

    Args:
        module: Code.
        action: What happens to it.
        reason: Why, in the contract's form.
        origin: What the row's origin becomes.
        hook: Whether a lifecycle hook runs (False also for ``configure``).
    """

    module: str
    action: Action
    reason: str
    origin: Origin
    hook: bool


@dataclass(frozen=True, slots=True)
class Notice:
    """A warning or a block: stable code, the module it is about, what it says and what to do, and a second module."""

    code: str
    module: str
    message: str
    hint: str = ""
    other: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """Exactly what will happen; ``digest`` identifies what was shown.

    The digest covers the request, the steps, the warnings and the blocks, not the revision: a change of unrelated
    modules in between leaves it alone.
    """

    platform: str
    revision: int
    request: ChangeRequest
    steps: tuple[PlanStep, ...]
    warnings: tuple[Notice, ...]
    blocks: tuple[Notice, ...]
    digest: str

    @property
    def blocked(self) -> bool:
        """Whether a rule forbids it."""
        return bool(self.blocks)

    @property
    def affects_others(self) -> bool:
        """Whether modules change that were not asked for."""
        return any(step.reason != "requested" for step in self.steps)

    def __bool__(self) -> bool:
        return bool(self.steps)
