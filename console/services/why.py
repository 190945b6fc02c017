"""Why a module or feature is on or off: every fact behind it, with where the fact comes from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from console.domain.plan_types import OFF
from console.domain.registry import InstalledModule
from console.domain.snapshot import Snapshot
from console.domain.tiers import Override
from console.domain.words import ConfigSource, Kind, ModuleState, Origin
from console.errors import Unknown
from console.phrases import mark, say
from console.services import configs, snapshots
from console.services.operation_views import time_json
from console.services.runtime import Runtime
from console.services.vendors import by_slug
from console.storage.tables import ModuleRow, Operation

DEFINITION = say("definition")
TIER = say("tier")
_PLACES = {ConfigSource.FILE: say("file"), ConfigSource.ENV: say("env")}
_KINDS = {
    Kind.CORE: say("its kind is core"),
    Kind.OPTIONAL: say("its kind is optional"),
    Kind.INTERNAL: say("its kind is internal"),
}
_WANTED = {
    Origin.EXPLICIT: say("it is wanted on (explicit)"),
    Origin.IMPLIED: say("it is wanted on (implied)"),
    Origin.DEFAULT: say("it is wanted on (default)"),
    Origin.CORE: say("it is wanted on (core)"),
}
_STATES = {
    ModuleState.DISABLED: say("its state is disabled"),
    ModuleState.ENABLING: say("its state is enabling"),
    ModuleState.ENABLED: say("its state is enabled"),
    ModuleState.DISABLING: say("its state is disabling"),
    ModuleState.FAILED: say("its state is failed"),
}


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact and where it comes from.

    Args:
        holds: Whether it speaks for *on*; False alone is enough for *off*.
    """

    text: str
    source: str
    holds: bool = True


def explain(
    session: Session, rt: Runtime, platform_id: int, code_or_feature: str, vendor: str | None = None
) -> list[Fact]:
    """Every fact behind a module or feature on a platform, or as a vendor of it sees it; off if one does not hold.

    Raises:
        Unknown: Neither a module nor a feature has that name, or there is no such vendor.
    """
    snapshot = snapshots.current(session, rt, platform_id)
    module, feature = _find(rt, code_or_feature)
    facts: list[Fact] = []
    if feature is not None:
        owner = say("the feature %(feature)s belongs to %(module)s", feature=feature, module=module.code)
        facts.append(Fact(owner, DEFINITION))
    facts += _of_package(rt, module)
    facts += _of_platform(session, snapshot, module)
    facts += _of_requirements(rt, snapshot, module)
    if vendor is not None:
        facts += _of_vendor(session, snapshot, module, vendor=vendor)
    if feature is not None:
        facts += _of_tier(session, snapshot, feature, vendor=vendor, now=rt.clock())
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
        say("%(module)s is installed", module=f"{module.code} {module.version}".strip()),
        say("package %(package)s", package=module.package),
    )
    if module.quarantine is not None:
        yield Fact(say("it is quarantined: %(reason)s", reason=module.quarantine), say("registry"), holds=False)
    if module.code in rt.unavailable:
        notice = rt.unavailable[module.code]
        yield Fact(notice.message, say("migrations"), holds=False)
    if module.code in rt.startup_failures:
        failure = say("its on_startup failed: %(error)s (it works on)", error=rt.startup_failures[module.code])
        yield Fact(failure, say("start-up"))
    if module.definition is not None:
        yield Fact(_KINDS[module.definition.kind], DEFINITION)


def _of_platform(session: Session, snapshot: Snapshot, module: InstalledModule) -> Iterator[Fact]:
    if snapshot.archived:
        yield Fact(say("the platform %(platform)s is archived", platform=snapshot.slug), say("platform"), holds=False)
    if module.is_core:
        yield Fact(say("a core module is never off"), DEFINITION)
        return
    row = snapshot.rows.get(module.code, OFF)
    source = _last_change(session, snapshot.platform_id, module.code)
    if row.wanted:
        yield Fact(_WANTED[row.origin or Origin.EXPLICIT], source)
    else:
        yield Fact(say("it is wanted off"), source, holds=False)
    yield Fact(_STATES[row.state], source, holds=row.state is ModuleState.ENABLED)


def _last_change(session: Session, platform_id: int, code: str) -> str:
    found = (
        select(Operation.id, Operation.actor)
        .join(ModuleRow, ModuleRow.operation_id == Operation.id)
        .where(ModuleRow.platform_id == platform_id, ModuleRow.module == code)
    )
    row = session.execute(found).one_or_none()
    if row is None:
        return say("never switched here")
    return say("operation %(id)s by %(actor)s", id=row.id, actor=row.actor)


def _of_requirements(rt: Runtime, snapshot: Snapshot, module: InstalledModule) -> Iterator[Fact]:
    for code in sorted(rt.registry.requires(module.code)):
        open_ = snapshot.is_open(code)
        text = mark("it requires %(other)s, which is on") if open_ else mark("it requires %(other)s, which is not on")
        yield Fact(say(text, other=code), DEFINITION, holds=open_)


def _of_vendor(session: Session, snapshot: Snapshot, module: InstalledModule, *, vendor: str) -> Iterator[Fact]:
    found = by_slug(session, vendor)
    here = found.platform_id == snapshot.platform_id
    text = (
        mark("the vendor %(vendor)s belongs to %(platform)s")
        if here
        else mark("the vendor %(vendor)s does not belong to %(platform)s")
    )
    yield Fact(say(text, vendor=vendor, platform=snapshot.slug), say("vendor"), holds=here)
    if found.archived_at is not None:
        yield Fact(say("the vendor %(vendor)s is archived", vendor=vendor), say("vendor"), holds=False)
    if module.definition is not None and module.definition.is_internal:
        yield Fact(say("an internal module never shows to vendors"), DEFINITION, holds=False)


def _of_tier(
    session: Session, snapshot: Snapshot, feature: str, *, vendor: str | None, now: datetime
) -> Iterator[Fact]:
    """A vendor's tier decides, unless something is different for it alone."""
    if vendor is None:
        yield Fact(say("for admins every feature of a module that is on is on; for a vendor its tier decides"), TIER)
        return
    vendor_id = by_slug(session, vendor).id
    tier, different = snapshot.tiers.tier(vendor_id), snapshot.tiers.override(vendor_id, feature, now)
    has = tier is None or feature in tier.features
    if tier is None:
        yield Fact(say("the vendor has no tier, so it has every feature of what is on"), TIER)
    elif different is None or has:
        text = mark("the tier %(tier)s has it") if has else mark("the tier %(tier)s does not have it")
        yield Fact(say(text, tier=tier.name), TIER, holds=has)
    else:
        yield Fact(say("the tier %(tier)s does not have it, which is overridden", tier=tier.name), TIER)
    if different is not None:
        yield _of_override(different)


def _of_override(found: Override) -> Fact:
    text = mark("it was given to this vendor alone") if found.is_on else mark("it was kept from this vendor alone")
    if found.until is not None:
        until = time_json(found.until)
        text = (
            mark("it was given to this vendor alone, until %(until)s")
            if found.is_on
            else mark("it was kept from this vendor alone, until %(until)s")
        )
        return Fact(say(text, until=until), say("override by %(actor)s", actor=found.actor), holds=found.is_on)
    return Fact(say(text), say("override by %(actor)s", actor=found.actor), holds=found.is_on)


def _of_config(session: Session, rt: Runtime, snapshot: Snapshot, module: InstalledModule) -> Iterator[Fact]:
    """Configuration never switches a module off; what is wrong or locked is worth knowing all the same."""
    if module.definition is None:
        return
    config = configs.read(session, rt, snapshot.platform_id, module.code)
    for key, reason in config.problems.items():
        yield Fact(say("it needs config: %(key)s: %(reason)s", key=key, reason=reason), say("configuration"))
    for key, source in config.sources.items():
        if source in (ConfigSource.FILE, ConfigSource.ENV):
            yield Fact(say("its setting %(key)s is locked", key=key), _PLACES[source])
