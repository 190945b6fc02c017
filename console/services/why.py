"""Why a module or feature is on or off: every fact behind it, with where the fact comes from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from console.domain.plan_types import OFF
from console.domain.registry import InstalledModule
from console.domain.snapshot import Snapshot
from console.domain.words import ConfigSource, ModuleState
from console.errors import Unknown
from console.services import configs, snapshots
from console.services.runtime import Runtime
from console.services.vendors import by_slug
from console.storage.tables import ModuleRow, Operation


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact and where it comes from.

    Args:
        holds: Whether it speaks for *on*; False alone is enough for *off*.
    """

    text: str
    source: str
    holds: bool


def explain(
    session: Session, rt: Runtime, platform_id: int, code_or_feature: str, vendor: str | None = None
) -> list[Fact]:
    """Every fact behind a module or feature on a platform, or as a vendor of it sees it; off if one does not hold.

    Raises:
        Unknown: Neither a module nor a feature has that name, or there is no such vendor.
    """
    snapshot = snapshots.current(session, rt, platform_id)
    module, feature = _find(rt, code_or_feature)
    facts = (
        [] if feature is None else [Fact(f"the feature {feature} belongs to {module.code}", "definition", holds=True)]
    )
    facts += _of_package(rt, module)
    facts += _of_platform(session, snapshot, module)
    facts += _of_requirements(rt, snapshot, module)
    if feature is not None:
        facts.append(Fact("the platform has no tier, so it has every feature of what is on", "tier", holds=True))
    if vendor is not None:
        facts += _of_vendor(session, snapshot, module, vendor=vendor)
    facts += _of_config(session, rt, snapshot, module)
    return facts


def is_on(facts: list[Fact]) -> bool:
    """What the facts add up to."""
    return all(fact.holds for fact in facts)


def _find(rt: Runtime, name: str) -> tuple[InstalledModule, str | None]:
    if name in rt.registry:
        return rt.registry[name], None
    features: dict[str, InstalledModule] = {}
    for module in rt.registry.modules():
        if module.definition is not None:
            features |= dict.fromkeys(map(str, module.definition.features), module)
    if name not in features:
        raise Unknown("module", name, [*rt.registry, *features])
    return features[name], name


def _of_package(rt: Runtime, module: InstalledModule) -> Iterator[Fact]:
    yield Fact(
        f"{module.code} {module.version} is installed".replace("  ", " "), f"package {module.package}", holds=True
    )
    if module.quarantine is not None:
        yield Fact(f"it is quarantined: {module.quarantine}", "registry", holds=False)
    if module.code in rt.unavailable:
        notice = rt.unavailable[module.code]
        yield Fact(notice.message, notice.code, holds=False)
    if module.code in rt.startup_failures:
        yield Fact(f"its on_startup failed: {rt.startup_failures[module.code]} (it works on)", "start-up", holds=True)
    if module.definition is not None:
        yield Fact(f"its kind is {module.definition.kind.value}", "definition", holds=True)


def _of_platform(session: Session, snapshot: Snapshot, module: InstalledModule) -> Iterator[Fact]:
    if snapshot.archived:
        yield Fact(f"the platform {snapshot.slug} is archived", "platform", holds=False)
    if module.is_core:
        yield Fact("a core module is never off", "definition", holds=True)
        return
    row = snapshot.rows.get(module.code, OFF)
    source = _last_change(session, snapshot.platform_id, module.code)
    if row.wanted:
        yield Fact(f"it is wanted on ({row.origin.value if row.origin else 'explicit'})", source, holds=True)
    else:
        yield Fact("it is wanted off", source, holds=False)
    yield Fact(f"its state is {row.state.value}", source, holds=row.state is ModuleState.ENABLED)


def _last_change(session: Session, platform_id: int, code: str) -> str:
    found = (
        select(Operation.id, Operation.actor)
        .join(ModuleRow, ModuleRow.operation_id == Operation.id)
        .where(ModuleRow.platform_id == platform_id, ModuleRow.module == code)
    )
    row = session.execute(found).one_or_none()
    return "never switched here" if row is None else f"operation {row.id} by {row.actor}"


def _of_requirements(rt: Runtime, snapshot: Snapshot, module: InstalledModule) -> Iterator[Fact]:
    for code in sorted(rt.registry.requires(module.code)):
        open_ = snapshot.is_open(code)
        yield Fact(f"it requires {code}, which is {'on' if open_ else 'not on'}", "definition", holds=open_)


def _of_vendor(session: Session, snapshot: Snapshot, module: InstalledModule, *, vendor: str) -> Iterator[Fact]:
    found = by_slug(session, vendor)
    here = found.platform_id == snapshot.platform_id
    where = f"belongs to {snapshot.slug}" if here else f"does not belong to {snapshot.slug}"
    yield Fact(f"the vendor {vendor} {where}", "vendor", holds=here)
    if found.archived_at is not None:
        yield Fact(f"the vendor {vendor} is archived", "vendor", holds=False)
    if module.definition is not None and module.definition.is_internal:
        yield Fact("an internal module never shows to vendors", "definition", holds=False)


def _of_config(session: Session, rt: Runtime, snapshot: Snapshot, module: InstalledModule) -> Iterator[Fact]:
    """Configuration never switches a module off; what is wrong or locked is worth knowing all the same."""
    if module.definition is None:
        return
    config = configs.read(session, rt, snapshot.platform_id, module.code)
    for key, reason in config.problems.items():
        yield Fact(f"it needs config: {key}: {reason}", "configuration", holds=True)
    for key, source in config.sources.items():
        if source in (ConfigSource.FILE, ConfigSource.ENV):
            yield Fact(f"its setting {key} is locked", source.value, holds=True)
